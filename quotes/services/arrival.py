"""What comes in is stored and read: the one way in for pasted text, files, links and feeds."""

from __future__ import annotations

from django.contrib.auth.models import User

from quotes.models import Article
from quotes.services import extract, ingest
from quotes.services.ingest import Draft, Stored


def take_in(draft: Draft, *, added_by: User | None = None, demo: bool = False) -> Stored:
    """Stores a draft, and reads it unless that was done before. Repeated, it does what was left undone."""
    stored = ingest.store(draft, added_by=added_by, demo=demo)
    if stored.outcome != "known" or stored.article.stage != Article.Stage.READ:
        extract.read_revision(stored.revision)
    return stored
