"""How many independent origins a quote has: copies, a shared relay and one newsroom count once.

Two reports rest on one origin when they share an intermediary, when one names the other's newsroom as where it has it
from, when they come from one newsroom, or when one article copies the other. What nobody says where it comes from adds
no origin to those that are known. Computed from the reports alone, so that it changes with anything under it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotes.models import Attribution
from quotes.text.gazetteer import newsroom
from quotes.text.verdict import best_class

WHOLE = 0.8
"""The share of an article's own words that stand in another from which all it reports rests on the other."""


@dataclass(frozen=True)
class Origin:
    """The last person or newsroom before the outlets split, and what rests on it, the earliest report first."""

    label: str
    """Empty when no report says."""

    reports: tuple[Attribution, ...]

    @property
    def sourcing(self) -> str:
        """The best class among its reports."""
        return best_class([report.sourcing for report in self.reports])

    @property
    def articles(self) -> int:
        return len({report.revision.article_id for report in self.reports})

    @property
    def copies(self) -> int:
        """Articles among them that are copies."""
        return len({report.revision.article_id for report in self.reports if _is_copy(report)})


def origins(reports: Sequence[Attribution]) -> list[Origin]:
    """The independent origins of one quote's reports, that of the most articles first, the unknown last.

    No query when relays with intermediaries, article and outlet were loaded with the reports.
    """
    groups = _connected(reports)
    known = [group for group in groups if any(_says_where(report) for report in group)]
    unknown = [report for group in groups if group not in known for report in group]
    found = [Origin(_label(group), tuple(sorted(group, key=_moment))) for group in known]
    found.sort(key=lambda origin: (-origin.articles, _moment(origin.reports[0])))
    if unknown:
        found.append(Origin("", tuple(sorted(unknown, key=_moment))))
    return found


def count(found: Iterable[Origin]) -> int:
    """Independent origins: what nobody says where it comes from counts only when nothing else is known."""
    labelled = [origin for origin in found if origin.label]
    return len(labelled) or len(list(found)[:1])


def _connected(reports: Sequence[Attribution]) -> list[list[Attribution]]:
    """The reports in groups that share a tie, by way of others too."""
    parent = list(range(len(reports)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    holder: dict[tuple[object, ...], int] = {}
    for at, report in enumerate(reports):
        for tie in _ties(report):
            parent[root(at)] = root(holder.setdefault(tie, at))
    groups: dict[int, list[Attribution]] = defaultdict(list)
    for at, report in enumerate(reports):
        groups[root(at)].append(report)
    return list(groups.values())


def _ties(report: Attribution) -> list[tuple[object, ...]]:
    """What it shares with every report that rests on the same origin."""
    article = report.revision.article
    found: list[tuple[object, ...]] = [("article", article.pk), ("passage", article.pk, report.variant_id)]
    if article.copied_from_id and _is_copy(report):
        found.append(("article", article.copied_from_id))
    elif article.copied_from_id:
        found.append(("passage", article.copied_from_id, report.variant_id))
    relays = list(report.relays.all())
    for relay in relays:
        if relay.is_stated:
            found.append(("party", relay.intermediary_id or relay.label.casefold()))
            found.append(("newsroom", newsroom(relay.label)))
    if report.sourcing == "pickup" and report.venue:
        found.append(("newsroom", newsroom(report.venue)))
    elif not relays and article.outlet:
        found.append(("newsroom", newsroom(article.outlet.name)))
    return found


def _is_copy(report: Attribution) -> bool:
    article = report.revision.article
    return article.copied_from_id is not None and article.copied_share >= WHOLE


def _says_where(report: Attribution) -> bool:
    """False for what the article leaves unsaid (*reportedly*)."""
    relays = list(report.relays.all())
    return not relays or any(relay.is_stated for relay in relays)


def _label(group: Sequence[Attribution]) -> str:
    """The last party that most reports share before their outlets; else the newsroom of the earliest."""
    stated = [[relay.label for relay in report.relays.all() if relay.is_stated] for report in group]
    shared = Counter(label for chain in stated for label in set(chain))
    if shared:
        most = max(shared.values())
        last = {label: place for chain in stated for place, label in enumerate(chain)}
        return max((label for label in shared if shared[label] == most), key=lambda label: (last[label], label))
    venues = [report.venue for report in group if report.sourcing == "pickup" and report.venue]
    if venues:
        return venues[0]
    first = min(group, key=_moment)
    return first.revision.article.outlet.name if first.revision.article.outlet else first.revision.article.title


def _moment(report: Attribution) -> tuple[float, int]:
    article = report.revision.article
    return (article.published or article.added_at).timestamp(), report.pk
