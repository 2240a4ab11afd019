"""One spelling for British and American words, and for names written in several ways."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from quotes.text.cues import lines

ENDINGS = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|ite|able|ably|er|ers|hood|hoods|ful|ly)?$"), r"or\1"),
    (re.compile(r"(?<=[bt])re(s|d)?$"), r"er\1"),
    (re.compile(r"ogue(s)?$"), r"og\1"),
    (re.compile(r"([aeiou][a-z]*[aei])ll(ed|ing|er|ers|or|ors)$"), r"\1l\2"),
    (re.compile(r"mme(s)?$"), r"m\1"),
    (re.compile(r"(?<=[a-z])ence(s)?$"), r"ense\1"),
    (re.compile(r"ae(?=[a-z]{3})"), "e"),
)
SAME = dict(
    pair.split(":")
    for pair in """
        kiev:kyiv odessa:odesa kharkov:kharkiv peking:beijing muhammad:mohammed mohamed:mohammed mohammad:mohammed
        zelenskyy:zelensky zelenskiy:zelensky sergei:sergey yury:yuri dmitri:dmitry aleksandr:alexander
        hussain:hussein qaddafi:gaddafi hizbullah:hezbollah gray:grey cheque:check tyre:tire kerb:curb plough:plow
        jewellery:jewelry sceptical:skeptical
    """.split()
)


@cache
def irregular() -> dict[str, str]:
    """Irregular forms of verbs and nouns -> the plain form."""
    return {form: plain for line in lines("irregular.txt") for plain, *forms in [line.split()] for form in forms}


@lru_cache(maxsize=65536)
def level(word: str) -> str:
    """The form that stands for all: *colour* is *color*, *organise* *organize*, *Kiev* *kyiv*, *lent* *lend*. Lower case."""
    if word in SAME:
        return SAME[word]
    word = irregular().get(word, word)
    for ending, american in ENDINGS:
        word = ending.sub(american, word)
    return word
