"""`manage.py reread`: reads stored articles again, with today's rules. What editors decided stays."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import progress
from quotes.models import Article
from quotes.services import extract


class Command(BaseCommand):
    help = "Reads the newest version of every article again. Attributions an editor decided are left as they are."

    def handle(self, **options: Any) -> None:
        articles = Article.objects.select_related("outlet").order_by("pk")
        changed = 0
        for article in progress(articles.iterator(chunk_size=200), unit="articles", total=articles.count()):
            revision = article.current_revision
            if revision is not None:
                changed += len(extract.read_revision(revision))
        self.stderr.write(f"{changed} attributions are new or changed.")
