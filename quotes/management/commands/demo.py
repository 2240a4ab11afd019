"""`manage.py demo`: the founding article and the demo articles, read through the real pipeline."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import BaseCommand

from quotes.management.progress import progress, reading
from quotes.models import Article
from quotes.services import extract, ingest

FOLDER = Path(settings.BASE_DIR) / "demo"
FOUNDING = FOLDER / "newspoint-kursk.txt"
FOUNDING_PUBLISHED = datetime(2025, 5, 21, tzinfo=UTC)
EDITOR = "editor"


class Command(BaseCommand):
    help = "Adds the founding article, the demo articles and a demo editor. Repeated, it changes nothing."

    def handle(self, **options: Any) -> None:
        self._founding_article()
        with reading(str(FOLDER / "articles.jsonl")) as lines:
            for line in progress(lines, unit="articles"):
                self._read(ingest.store(ingest.json_draft(line), demo=True))
        self._editor()

    def _founding_article(self) -> None:
        text = FOUNDING.read_text(encoding="utf-8")
        self._read(ingest.store(ingest.draft_paste(text, outlet="Newspoint", published=FOUNDING_PUBLISHED)))

    def _read(self, stored: ingest.Stored) -> None:
        if stored.article.stage != Article.Stage.READ:
            extract.read_revision(stored.revision)

    def _editor(self) -> None:
        """A demo editor with a password nobody else has; it is shown this once."""
        if User.objects.filter(username=EDITOR).exists():
            return
        password = secrets.token_urlsafe(12)
        user = User.objects.create_user(EDITOR, password=password)
        user.groups.add(Group.objects.get(name="editors"))
        self.stdout.write(f"\nDemo editor: sign in as {EDITOR!r} with the password {password}  (shown only now)\n")
