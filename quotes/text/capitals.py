"""Stretches of capitalised words, with the titles before them split off: *Mr* | *Yuri Ushakov*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.text.cues import verbs
from quotes.text.gazetteer import country_adjectives, first_names, seats
from quotes.text.lexicon import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    MONTHS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    SUBORDINATORS,
    WEEKDAYS,
    person_nouns,
)
from quotes.text.quotation import PARAGRAPH
from quotes.text.spans import Span

WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Rev|St|Jr|Sr)\.|[^\W\d_]\.(?=\s|[^\W\d_]\.)|[^\W_]+(?:[’'-][^\W_]+)*"
)
PARTICLES = frozenset(
    """
        de da do dos du del della der den di van von bin ibn al el la le ter ten zu
    """.split()
)
COURTESY = {
    "mr": "m",
    "mister": "m",
    "sir": "m",
    "lord": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "lady": "f",
    "madam": "f",
    "dr": "",
    "prof": "",
    "sen": "",
    "rep": "",
    "gov": "",
    "gen": "",
    "lt": "",
    "col": "",
    "sgt": "",
    "capt": "",
    "rev": "",
    "vice": "",
    "deputy": "",
    "prime": "",
    "foreign": "",
    "defence": "",
    "defense": "",
    "finance": "",
    "interior": "",
    "justice": "",
    "attorney": "",
    "crown": "",
    "first": "",
    "press": "",
    "ex-president": "",
    "former": "",
    "then-president": "",
}
OFFICE_OF = re.compile(
    r"\b(?:[Ss]ecretary|[Mm]inister|[Cc]ommissioner|[Mm]ayor|[Dd]irector|[Hh]ead|[Cc]hief|[Pp]resident|[Aa]rchbishop|[Bb]ishop|[Gg]overnor|[Ss]peaker) of $"
)
ABBREVIATED = {
    "sen": "senator",
    "rep": "representative",
    "gov": "governor",
    "gen": "general",
    "lt": "lieutenant",
    "col": "colonel",
    "capt": "captain",
    "sgt": "sergeant",
    "rev": "reverend",
    "prof": "professor",
}
"""Titles before a name, and the nouns they stand for."""

HEADLINE_WORDS = (PREPOSITIONS | CONJUNCTIONS | SUBORDINATORS | AUXILIARIES | PERSONAL | POSSESSIVES) - {"general"}
NOT_OPENING = (
    DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | SUBORDINATORS
    | PERSONAL
    | ADVERBS
    | AUXILIARIES
    | POSSESSIVES
    | WEEKDAYS
    | MONTHS
    | frozenset(
        """
            according asked yesterday today meanwhile however still speaking like mr yes well oh dear thank thanks
            please hello good let’s let's there here new republican democratic democrat conservative labour liberal
            dear not
        """.split()
    )
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of capitalised words, titles split off: *Mr* | *Yuri Ushakov*."""

    titles: tuple[str, ...]
    words: tuple[str, ...]
    span: Span
    """Of `words` alone."""

    @property
    def name(self) -> str:
        return " ".join(self.words)


def capitalised_runs(text: str) -> Iterator[Run]:
    for paragraph in PARAGRAPH.finditer(text):
        group: list[re.Match[str]] = []
        for match in WORD.finditer(text, *paragraph.span()):
            if group and not _joins(text, group[-1], match):
                yield from _runs_of(text, group)
                group = []
            if match.group()[0].isupper() or (group and match.group() in PARTICLES):
                group.append(match)
        yield from _runs_of(text, group)


def _joins(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    if _is_headline_word(left.group()) or _is_headline_word(right.group()):
        return False
    if left.group().endswith(("'s", "’s")) or text[left.end() : right.start()] not in {" ", "\xa0", ""}:
        return False
    return right.group()[0].isupper() or right.group() in PARTICLES


def _is_headline_word(word: str) -> bool:
    """*Roe Calls Lee a Liar*, *Is Roe In Trouble*: capitals that headlines give to verbs and small words."""
    lower = word.lower()
    if word in {"May", "Will", "Mark", "Bill", "Grant", "Read", "Reports"} or lower in PARTICLES or word.endswith("."):
        return False
    known = verbs().get(lower)
    return lower in HEADLINE_WORDS or (known is not None and known.forms == {"s"})


def _runs_of(text: str, group: list[re.Match[str]]) -> Iterator[Run]:
    while group and group[-1].group() in PARTICLES:
        group = group[:-1]
    titles: list[str] = []
    at = 0
    while at < len(group):
        word = group[at].group()
        two = " ".join(m.group() for m in group[at : at + 2])
        if two in country_adjectives() or two in seats():
            titles.append(two)
            at += 2
        elif _is_title(word) or (
            word.lower() in NOT_OPENING and (at == 0 or word.lower() in {"republican", "democratic"})
        ):
            titles.append(word)
            at += 1
        else:
            break
    after = _after_office(text, group, at)
    titles += [match.group() for match in group[at:after]]
    at = after
    if at == len(group) == 1 and group[0].group() == "May":  # a month or a prime minister: the text decides
        yield Run((), ("May",), Span(*group[0].span()))
    if at < len(group):
        start, end = group[at].start(), group[-1].end()
        if group[-1].group().endswith(("'s", "’s")):
            end -= 2
        span = Span(start, end)
        words = tuple(span.of(text).replace("\xa0", " ").split())
        yield Run(tuple(titles), words, span)


def _after_office(text: str, group: list[re.Match[str]], at: int) -> int:
    """Where the name begins after the office and whose it is: *Senate Majority Leader* | *Mitch McConnell*."""
    if at >= len(group):
        return at
    if OFFICE_OF.search(text, max(0, group[at].start() - 24), group[at].start()) and len(group) > at + 1:
        known = (n for n in range(at + 1, len(group)) if group[n].group() in first_names())
        return next(known, max(at + (group[at].group() == "State"), len(group) - 2))
    named = group[at].group() in first_names()
    for last in range(len(group) - 2, at - 1, -1):
        word, rest = group[last].group(), group[last + 1 :]
        if named and not (len(rest) > 1 and rest[0].group() in first_names()):
            continue
        if _is_title(word) and (rest[0].group() in first_names() or (len(rest) > 1 and word.lower() in person_nouns())):
            return last + 1
    return at


def _is_title(word: str) -> bool:
    plain = word.rstrip(".").lower()
    return plain in COURTESY or plain in person_nouns() or word in country_adjectives() or word in seats()
