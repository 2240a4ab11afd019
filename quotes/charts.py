"""Drawings as numbers, for templates/charts to set as SVG: how a quote came to its articles, and how it spread.

Each says what a list or table on the same page says too. Lengths are in CSS pixels of a drawing as wide as its column.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from quotes.models import Attribution
from quotes.services.origins import Origin
from quotes.text.verdict import best_class, counted

WIDTH = 704
NARROW = 340
LETTER = 7.0
"""The width that a letter of a label takes on average, generously."""

LINE = 17
MOST_LEAVES = 8
"""Articles drawn by name; the others are counted."""


@dataclass(slots=True)
class Party:
    """Somebody on the way from the speaker to an article, and whom they told."""

    label: str
    note: str = ""
    cue: str = ""
    """The words by which the article says that this party has it from the one before."""

    href: str = ""
    reports: list[Attribution] = field(default_factory=list)
    told: dict[str, Party] = field(default_factory=dict)

    @property
    def sourcing(self) -> str:
        return best_class([report.sourcing for report in self.reports]) if self.reports else "not_stated"

    @property
    def leaves(self) -> int:
        return sum(party.leaves for party in self.told.values()) or 1


@dataclass(frozen=True, slots=True)
class Node:
    """A dot with its lines of text, each set at its own height."""

    x: float
    y: float
    text_x: float
    lines: tuple[tuple[float, str], ...]
    notes: tuple[tuple[float, str], ...]
    sourcing: str
    href: str


@dataclass(frozen=True, slots=True)
class Joint:
    """The line between two dots, in the pattern of its class, and the cue beside it."""

    path: str
    sourcing: str
    cue: str
    x: float
    y: float
    href: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    nodes: tuple[Node, ...]
    joints: tuple[Joint, ...]


def chains(reports: Sequence[Attribution]) -> tuple[Drawing, Drawing] | None:
    """The ways from the speaker to the articles, common parts drawn once: left to right, and top down for a phone.

    None without reports. No query after with_evidence.
    """
    if not reports:
        return None
    root = _tree(reports)
    return _across(root), _down(root)


def _tree(reports: Sequence[Attribution]) -> Party:
    first = reports[0]
    speaker = first.speaker.name if first.speaker else first.speaker_printed or "Speaker not named"
    root = Party(speaker, first.speaker_role or (first.speaker.role if first.speaker else ""))
    for number, report in enumerate(reports):
        root.reports.append(report)
        party = root
        for relay in report.relays.all():
            label = relay.label if relay.is_stated else "somebody not named"
            party = party.told.setdefault(label, Party(label, relay.role, relay.cue, report.get_absolute_url()))
            party.reports.append(report)
        if number < MOST_LEAVES or len(reports) == MOST_LEAVES + 1:
            leaf = party.told.setdefault(f"article {report.revision.article_id}", _article(report, party is root))
        else:
            leaf = party.told.setdefault("more", Party(""))
            leaf.label = f"{len(leaf.reports) + 1} more, listed below"
        leaf.reports.append(report)
    return root


def _article(report: Attribution, is_firsthand: bool) -> Party:
    """Where the way ends; the cue of a firsthand report stands before it, those of relays before the relays."""
    article = report.revision.article
    label = article.outlet.name if article.outlet else article.title
    out = date_format(article.published, "j M Y") if article.published else ""
    cue = " ".join(span.exact for span in report.spans.all() if span.role == "cue") if is_firsthand else ""
    return Party(label, out, cue, report.get_absolute_url())


# --- left to right ---------------------------------------------------------------------------------

ROW = 92
TOP = 62
"""Names stand above their dot, cues below the line that leads to it."""


def _across(root: Party) -> Drawing:
    column = WIDTH / _depth(root)
    nodes: list[Node] = []
    joints: list[Joint] = []
    heights: list[float] = []

    def place(party: Party, depth: int, top: float) -> tuple[float, float]:
        """Draws the party and everybody it told; gives where its dot is."""
        x, y = 8 + depth * column, top + TOP
        letters = int((column - 20) / LETTER)
        name, note = _wrapped(party.label, letters), _wrapped(party.note, letters)
        first = y - 12 - LINE * (len(name) + len(note) - 1)
        lines = tuple((first + LINE * at, line) for at, line in enumerate(name))
        notes = tuple((first + LINE * (at + len(name)), line) for at, line in enumerate(note))
        nodes.append(Node(x, y, x - 6, lines, notes, party.sourcing, party.href))
        heights.append(y + 24)
        below, turn = top, x + 22
        for told in party.told.values():
            x2, y2 = place(told, depth + 1, below)
            path = _path([(x + 6 if y2 == y else turn, y2), (x2 - 6, y2)], told.sourcing)
            cue = _wrapped(told.cue, int((column - 30) / (LETTER - 0.5)), most=1)
            label = f"“{cue[0]}”" if cue else ""
            joints.append(Joint(path, told.sourcing, label, (turn + x2) / 2, y2 + 17, told.href))
            below += ROW * told.leaves
            last = y2
        if len(party.told) > 1:
            joints.append(Joint(_path([(turn, y), (turn, last)], ""), party.sourcing, "", 0, 0, ""))
        return x, y

    place(root, 0, 0)
    return Drawing(WIDTH, round(max(heights)) + 4, tuple(nodes), tuple(joints))


def _depth(party: Party) -> int:
    return 1 + max((_depth(told) for told in party.told.values()), default=0)


def _path(points: Sequence[tuple[float, float]], sourcing: str) -> str:
    """A line through the points, wavy along its level parts for the third hand."""
    (x, y), *rest = points
    drawn = [f"M{x:g} {y:g}"]
    for to_x, to_y in rest:
        if (to_x, to_y) == (x, y):
            continue
        if sourcing == "thirdhand" and to_y == y and to_x - x > 16:
            waves = int((to_x - x) // 8)
            drawn.append("q4 -6 8 0" + " t8 0" * (waves - 1) + f" L{to_x:g} {to_y:g}")
        else:
            drawn.append(f"L{to_x:g} {to_y:g}")
        x, y = to_x, to_y
    return " ".join(drawn)


def _wrapped(text: str, letters: int, most: int = 2) -> list[str]:
    return textwrap.wrap(text, max(letters, 8), max_lines=most, placeholder=" …")


# --- top down --------------------------------------------------------------------------------------

INDENT = 22


def _down(root: Party) -> Drawing:
    nodes: list[Node] = []
    joints: list[Joint] = []
    y = 14.0

    def place(party: Party, depth: int, above: float | None) -> float:
        """Draws the party and everybody it told; gives how far down its dot is."""
        nonlocal y
        x = 9 + depth * INDENT
        letters = int((NARROW - x - 16) / LETTER)
        if party.cue:
            y += LINE
        if above is not None:
            cue = _wrapped(party.cue, letters, most=1)
            path = _path([(above, y), (x - 6, y)], party.sourcing)
            label = f"“{cue[0]}”" if cue else ""
            joints.append(Joint(path, party.sourcing, label, x + 14, y - LINE + 4, party.href))
        name, note = _wrapped(party.label, letters), _wrapped(party.note, letters)
        lines = tuple((y + 5 + LINE * at, line) for at, line in enumerate(name))
        notes = tuple((y + 5 + LINE * (at + len(name)), line) for at, line in enumerate(note))
        nodes.append(Node(x, y, x + 14, lines, notes, party.sourcing, party.href))
        top = last = y
        y += LINE * (len(name) + len(note)) + 12
        for told in party.told.values():
            last = place(told, depth + 1, x)
        if party.told:
            joints.append(Joint(_path([(x, top + 6), (x, last)], ""), party.sourcing, "", 0, 0, ""))
        return top

    place(root, 0, None)
    return Drawing(NARROW, round(y), tuple(nodes), tuple(joints))


# --- how it spread ---------------------------------------------------------------------------------

MOST_ROWS = 8
LABELS = 180
BAND = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One report: when, and whether it is a copy."""

    x: float
    sourcing: str
    is_copy: bool
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    y: float
    label: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Origins as rows, their reports as dots along the time from the first report to the last."""

    width: int
    height: int
    left: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    summary: str


def timeline(origins: Sequence[Origin]) -> Timeline | None:
    """None unless two reports came out at different times. No query after with_evidence."""
    moments = [moment for origin in origins for moment in _moments(origin)]
    if len(set(moments)) < 2:
        return None
    first, last = min(moments), max(moments)
    span = (last - first).total_seconds()
    shown = origins[:MOST_ROWS]

    def at(moment: datetime) -> float:
        return round(LABELS + 12 + (WIDTH - LABELS - 28) * (moment - first).total_seconds() / span, 1)

    rows = tuple(
        Row(
            BAND * number + 18, _wrapped(origin.label or "Not said where from", 24, most=1)[0], tuple(_dots(origin, at))
        )
        for number, origin in enumerate(shown)
    )
    pattern = "j M Y" if last - first > timedelta(days=2) else "j M, H:i"
    ends = [(first, "start"), (last, "end")]
    ticks = tuple(Tick(at(moment), date_format(timezone.localtime(moment), pattern), anchor) for moment, anchor in ends)
    summary = f"{len(moments)} reports in {_duration(last - first)}, {counted(len(origins), 'origin')}"
    return Timeline(WIDTH, BAND * len(shown) + 30, LABELS, rows, ticks, summary)


def _dots(origin: Origin, at: Callable[[datetime], float]) -> Iterator[Dot]:
    for report in origin.reports:
        article = report.revision.article
        if article.published:
            where = article.outlet.name if article.outlet else article.title
            label = f"{where}, {date_format(timezone.localtime(article.published), 'j M Y, H:i')}"
            yield Dot(at(article.published), report.sourcing, article.copied_from_id is not None, label)


def _moments(origin: Origin) -> Iterable[datetime]:
    return [r.revision.article.published for r in origin.reports if r.revision.article.published]


def _duration(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    if hours < 1.5:
        return counted(max(1, round(60 * hours)), "minute")
    return f"{round(hours)} hours" if hours < 48 else f"{round(hours / 24)} days"
