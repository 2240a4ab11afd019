"""The tables. Each module holds one aggregate and its QuerySets."""

from quotes.models.article import Article, PassageKey, Revision
from quotes.models.attribution import Attribution, Relay, Span
from quotes.models.decision import Decision
from quotes.models.feed import Feed, Link
from quotes.models.key import Key, KeyFrequency, KeyIndex
from quotes.models.match import Match
from quotes.models.outlet import Outlet
from quotes.models.quote import Quote, Variant
from quotes.models.review import Evidence, Flag, Problem
from quotes.models.search import SearchEntry
from quotes.models.speaker import Alias, Speaker
from quotes.models.takedown import Takedown
from quotes.models.watch import Event, Inbox, Watch
from quotes.models.work import Job, Lane, Refusal, Upload

__all__ = [
    "Alias",
    "Article",
    "Attribution",
    "Decision",
    "Event",
    "Evidence",
    "Feed",
    "Flag",
    "Inbox",
    "Job",
    "Key",
    "KeyFrequency",
    "KeyIndex",
    "Lane",
    "Link",
    "Match",
    "Outlet",
    "PassageKey",
    "Problem",
    "Quote",
    "Refusal",
    "Relay",
    "Revision",
    "SearchEntry",
    "Span",
    "Speaker",
    "Takedown",
    "Upload",
    "Variant",
    "Watch",
]
