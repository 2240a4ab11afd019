"""Reported speech that was put in quotation marks: nobody says *he would never resign* of himself.

Reporting turns *I will* into *he would*. Where one outlet reports so and another prints the same *he would* between quotation
marks, the marks stand around a reporter's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from quotes.text.alignment import Alignment
from quotes.text.meaning import Alarm

Form = Literal["direct", "indirect", ""]
"""All in quotation marks, none of it, or partly or not known."""

MARKS = frozenset("\"“”„‟«»'‘’")
DOUBLE = frozenset('"“”„‟«»')
OTHERS = frozenset(("he", "she", "they"))
ONESELF = frozenset("i my me mine myself we our us ours i'm i'll i've i'd we're we'll we've we'd".split())
SHIFTED = frozenset(("would", "could", "might", "had", "was", "were"))
REACH = 2
"""Words between a pronoun and its verb: *he never again would*."""


def form_of(text: str) -> Form:
    """What a wording's own quotation marks say. An apostrophe is none."""
    bare = text.strip().rstrip(".,;")
    if len(bare) > 1 and bare[0] in MARKS and bare[-1] in MARKS:
        return "" if DOUBLE.intersection(bare[1:-1]) else "direct"
    return "" if DOUBLE.intersection(bare) or "''" in bare else "indirect"


def made_direct(aligned: Alignment, one: Form, other: Form) -> Iterator[Alarm]:
    """An alarm for each *he would* that one wording reports and the other prints as the speaker's own words."""
    if {one, other} != {"direct", "indirect"}:
        return
    side = aligned.one if one == "direct" else aligned.other
    if any(word.printed.lower().replace("’", "'") in ONESELF for word in side):
        return
    kept = [(aligned.one[a].printed, aligned.other[b].printed, a) for a, b in aligned.equal]
    alike = [(mine.lower(), at) for mine, theirs, at in kept if mine.lower() == theirs.lower()]
    for (pronoun, at), (verb, there) in pairwise(entry for entry in alike if entry[0] in OTHERS | SHIFTED):
        if pronoun in OTHERS and verb in SHIFTED and there - at <= 1 + REACH:
            yield Alarm("direct", (f"{pronoun} {verb}",))
