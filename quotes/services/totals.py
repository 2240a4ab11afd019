"""How much the site holds and what waits, for those who watch over it."""

from __future__ import annotations

from quotes.models import Article, Attribution, Quote, Speaker
from quotes.services import queue
from quotes.text import tagger

Totals = dict[str, tuple[str, int | dict[str, int]]]
"""Name -> what it is, and how many: of each kind, where there are kinds."""


def count() -> Totals:
    """Six queries; they count whole tables, so ask once a minute at most."""
    articles = {"all": Article.objects.count(), "waiting": Article.objects.filter(stage=Article.Stage.NEW).count()}
    return {
        "articles": ("Articles; those that wait to be read.", articles),
        "attributions": ("Attributions.", Attribution.objects.count()),
        "quotes": ("Quotes that an article reports.", Quote.objects.shown().count()),
        "speakers": ("Speakers.", Speaker.objects.current().count()),
        "waiting": ("What waits for editors.", queue.waiting()),
        "reading_by_model": (
            "1 while articles are read with the model, 0 by rules alone.",
            int(not tagger.state().problem),
        ),
    }
