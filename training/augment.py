"""Variations of the training articles, so that the tagger holds up outside American newspapers of 2016.

Each variation is a list of edits of the text; the labelled spans move with them. Every one keeps who said what.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from quotes.text.quotation import quotations
from training.corpus import Labelled
from training.names import PEOPLE, TITLES

Edit = tuple[int, int, str]
"""(start, end, new words); edits of one text do not overlap."""

STYLES = [
    ("“", "”"),
    ('"', '"'),
    ("‘", "’"),
    ("'", "'"),
    ("''", "''"),
    ("``", "''"),
    ("«", "»"),
    ("« ", " »"),
    ("„", "“"),
    ("„", "”"),
]
PERSON = re.compile(r"\b(?:(?P<first>[A-Z][a-z]+(?: [A-Z]\.)?) )?(?P<last>(?:Mc|Mac|O’|O')?[A-Z][a-z]{2,})\b")
LEAD = re.compile(r"^\S+(?: \S+){3,11}", re.M)
LINKED = re.compile(r"\b[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)*")


def varied(article: Labelled, chance: random.Random) -> Labelled:
    """The article with some of the variations, drawn by `chance`."""
    for variation, share in VARIATIONS:
        if chance.random() < share:
            article = edited(article, variation(article, chance))
    return article


def edited(article: Labelled, edits: list[Edit]) -> Labelled:
    """The article after `edits`; spans that lose all their words go, and relations without content go with them."""
    edits = sorted(edits)
    words, position = [], 0
    for start, end, new in edits:
        words += [article.text[position:start], new]
        position = end
    text = "".join([*words, article.text[position:]])
    relations = []
    for relation in article.relations:
        moved = {role: list(_moved(spans, edits)) for role, spans in relation.items()}
        if moved["content"]:
            relations.append(moved)
    return Labelled(text, relations)


def _moved(spans: list[tuple[int, int]], edits: list[Edit]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        new = _shifted(start, edits, at_end=False), _shifted(end, edits, at_end=True)
        if new[1] > new[0]:
            yield new


def _shifted(at: int, edits: list[Edit], *, at_end: bool) -> int:
    """Where an offset lies after the edits. Inside an edit it goes to the edge that keeps the new words in the span."""
    shift = 0
    for start, end, new in edits:
        if end <= at and not (end == start == at and at_end):
            shift += len(new) - (end - start)
        elif start < at:
            same_length = len(new) == end - start
            return at + shift if same_length else start + shift + (len(new) if at_end else 0)
        else:
            break
    return at + shift


def restyled(article: Labelled, chance: random.Random) -> list[Edit]:
    """Other quotation marks throughout."""
    opening, closing = chance.choice(STYLES)
    edits = []
    for quotation in quotations(article.text):
        outer, inner = quotation.outer, quotation.inner
        edits.append((outer.start, inner.start, opening))
        if outer.end > inner.end:
            edits.append((inner.end, outer.end, closing))
    return edits


def dashed(article: Labelled, chance: random.Random) -> list[Edit]:
    """Quotations that begin a paragraph become dialogue with a dash, as Russian and French papers print it."""
    edits = []
    for quotation in quotations(article.text):
        outer, inner = quotation.outer, quotation.inner
        begins = outer.start == 0 or article.text[outer.start - 1] == "\n"
        rest = article.text[outer.end : outer.end + 40]
        if begins and quotation.closed and re.match(r",? (?:he|she|[A-Z]\w+) (?:said|says|added)\b", rest):
            edits += [(outer.start, inner.start, "— "), (inner.end, outer.end, " —")]
    return edits


def joined(article: Labelled, chance: random.Random) -> list[Edit]:
    """One paragraph, as scrapers often leave a page."""
    return [(*match.span(), " ") for match in re.finditer(r"\s*\n\s*", article.text)]


def shouted(article: Labelled, chance: random.Random) -> list[Edit]:
    """The first words of a paragraph in capitals, with or without a place and an agency before them."""
    leads = list(LEAD.finditer(article.text))[:4]
    if not leads:
        return []
    lead = chance.choice(leads)
    place = chance.choice(["", "", "LONDON — ", "NEW DELHI: ", "KYIV (Agency) - ", "Moscow, 3 March. "])
    return [(lead.start(), lead.start(), place), (*lead.span(), lead.group().upper())]


def unlinked(article: Labelled, chance: random.Random) -> list[Edit]:
    """Some names are gone, as when a scraper drops the text of links; cues and whole sources stay."""
    kept = [span for relation in article.relations for role in ("source", "cue") for span in relation[role]]
    edits = []
    for match in LINKED.finditer(article.text):
        start, end = match.span()
        if chance.random() < 0.06 and not any(start < e and s < end for s, e in kept):
            edits.append((start, end, ""))
    return edits


def abroad(article: Labelled, chance: random.Random) -> list[Edit]:
    """People get names of other countries, the same for all their mentions, and American titles become foreign ones."""
    found = [(match["first"], match["last"]) for match in PERSON.finditer(article.text)]
    alone = {last for first, last in found if not first}
    surnames = {last for first, last in found if first and last in alone and last not in PLAIN}
    country = chance.choice(list(PEOPLE))
    new = {name: chance.choice(PEOPLE[country]).rsplit(" ", 1) for name in sorted(surnames)}
    edits: list[Edit] = []
    for match in PERSON.finditer(article.text):
        if match["last"] in new:
            first, last = new[match["last"]]
            edits.append((*match.span(), f"{first} {last}" if match["first"] else last))
    taken = [(start, end) for start, end, _ in edits]
    for title, others in TITLES.items():
        for match in re.finditer(rf"\b{re.escape(title)}(?!\w)", article.text):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                edits.append((*match.span(), chance.choice(others)))
                taken.append(match.span())
    return edits


PLAIN = frozenset(
    "America American Americans House Senate States State City York Times Post News Party Court Committee Convention "
    "University Department Street Press Journal County Republican Republicans Democrat Democrats Democratic National "
    "Center Institute Bureau Act Day Night Week Tuesday Wednesday Thursday Friday Saturday Sunday Monday January "
    "February March April June July August September October November December".split()
)

VARIATIONS: list[tuple[Callable[[Labelled, random.Random], list[Edit]], float]] = [
    (abroad, 0.3),
    (unlinked, 0.08),
    (shouted, 0.1),
    (dashed, 0.05),
    (restyled, 0.3),
    (joined, 0.08),
]
