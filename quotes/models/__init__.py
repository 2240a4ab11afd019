"""The tables. Each module holds one aggregate and its QuerySets."""

from quotes.models.article import Article, PassageKey, Revision
from quotes.models.attribution import Attribution, Relay, Span
from quotes.models.key import Key, KeyFrequency, KeyIndex
from quotes.models.match import Match
from quotes.models.outlet import Outlet
from quotes.models.quote import Quote, Variant
from quotes.models.review import Decision, Evidence, Flag, Problem
from quotes.models.search import SearchEntry
from quotes.models.speaker import Alias, Speaker
from quotes.models.watch import Event, Inbox, Watch

__all__ = [
    "Alias",
    "Article",
    "Attribution",
    "Decision",
    "Event",
    "Evidence",
    "Flag",
    "Inbox",
    "Key",
    "KeyFrequency",
    "KeyIndex",
    "Match",
    "Outlet",
    "PassageKey",
    "Problem",
    "Quote",
    "Relay",
    "Revision",
    "SearchEntry",
    "Span",
    "Speaker",
    "Variant",
    "Watch",
]
