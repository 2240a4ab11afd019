"""A wording as words that can be compared: contractions opened, figures as values, spellings levelled.

*We won’t pay $5m* and *we will not pay 5 million dollars* become the same words. Each keeps what was printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from quotes.text.figures import figure
from quotes.text.lexicon import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    MONTHS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE,
)
from quotes.text.normalize import stem
from quotes.text.shades import shades
from quotes.text.spelling import level

PIECE = re.compile(
    r"(?<![\w.])[-−](?=\d)\d[\d,]*(?:\.\d+)?"  # below zero
    r"|\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)\b"
    r"|\d+(?:[,.]\d+)*(?:k|mn|m|bn|b|tn)\b(?!\w)"
    r"|\d+(?:[,.]\d+)*"
    r"|(?:[A-Za-z]\.){2,}"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[$£€₹₦¥%]|[.!?;:,\[\]()–—]|-"
)
CONTRACTED = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
    "let's": "let us",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "dont": "do not",
    "didnt": "did not",
    "doesnt": "does not",
    "isnt": "is not",
    "wasnt": "was not",
    "cant": "can not",
    "wont": "will not",
}
ENDINGS = (("n't", " not"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"))
IS_AFTER = frozenset("it he she that there here what who where how this everybody everyone nobody".split())
ABBREVIATED = {
    "us": "united states",
    "usa": "united states",
    "uk": "united kingdom",
    "un": "united nations",
    "eu": "european union",
    "mister": "mr",
    "dr": "doctor",
    "sen": "senator",
    "gov": "governor",
    "gen": "general",
    "rep": "representative",
    "prof": "professor",
    "lt": "lieutenant",
    "col": "colonel",
    "capt": "captain",
    "sgt": "sergeant",
    "rev": "reverend",
    "st": "saint",
    "jan": "january",
    "feb": "february",
    "aug": "august",
    "sept": "september",
    "sep": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
    "km": "kilometre",
    "kmh": "kilometre hour",
    "govt": "government",
    "ok": "okay",
    "tv": "television",
    "rs": "₹",
    "pct": "percent",
}
CASED = frozenset(("us", "un", "eu", "st"))
"""Abbreviations only when printed in capitals, or with points."""
FUNCTION = frozenset(
    stem(word)
    for word in AUXILIARIES | BE | CONJUNCTIONS | DETERMINERS | PERSONAL | POSSESSIVES | PREPOSITIONS | RELATIVE
) | frozenset("to of not me him her us them mine your it as than what that is do will how if anyth anybodi ani".split())
"""Stems that carry grammar rather than content."""
FILLERS = frozenset(
    "um uh er erm ah oh well okay yeah yes actually basically honestly frankly literally really".split()
)
MARKS = frozenset(".!?;:,[]()–—-")
ENDS = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Word:
    """One word to compare. `clause` counts the commas, colons and ends of sentences before it, `sentence` the ends."""

    printed: str
    stem: str
    clause: int
    sentence: int
    is_name: bool = False
    is_aside: bool = False
    """In square brackets or in parentheses: a newsroom's own word."""

    @property
    def is_figure(self) -> bool:
        return self.stem.startswith("#")


@lru_cache(maxsize=4096)
def words(wording: str) -> tuple[Word, ...]:
    """The words of a wording, phrases of data/shades.txt as one, function words included. Linear in its length."""
    return tuple(_phrases(list(_figures(list(_futures(list(_opened(wording))))))))


def _opened(wording: str) -> Iterator[Word]:
    """Word by word, with contractions and abbreviations opened."""
    plain = _plain(wording)
    pieces = [match.group() for match in PIECE.finditer(plain)]
    clause = sentence = depth = 0
    opens = True
    for at, piece in enumerate(pieces):
        if piece in MARKS:
            depth = max(0, depth + (piece in "[(") - (piece in "])"))
            is_end = piece in ENDS and not _is_abbreviation_point(pieces, at)
            clause += piece not in "[]()-"
            sentence += is_end
            opens = opens or is_end
            continue
        capital = piece[0].isupper() and piece != "I" and not piece.startswith("I'")
        for part in _parts(piece):
            yield Word(piece, part, clause, sentence, capital and not opens, depth > 0)
        opens = False


def _plain(wording: str) -> str:
    plain = unicodedata.normalize("NFKC", wording).replace("’", "'").replace("‘", "'").replace("…", " . ")
    plain = re.sub(r"\s'|'(?=[\s,.;:!?]|$)", " ", plain)
    plain = re.sub(r"\bkm/h\b|\bkph\b", "kilometres per hour", plain)
    plain = re.sub(r"\bper\s?cent\b", "percent", plain)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return re.sub(r"(\d)(percent|million|billion|thousand|years?|days?)", r"\1 \2", plain)


def _is_abbreviation_point(pieces: Sequence[str], at: int) -> bool:
    """*Sen.* Lee: a point that ends no sentence."""
    return pieces[at] == "." and at > 0 and pieces[at - 1].lower() in ABBREVIATED and pieces[at - 1][0].isupper()


def _parts(piece: str) -> list[str]:
    """The plain words a printed one stands for, lower case: *won't* is *will*, *not*."""
    lower = piece.lower()
    bare = lower.replace(".", "")
    if bare in ABBREVIATED and (bare not in CASED or piece.isupper() or (piece.istitle() and bare == "st")):
        return [level(part) for part in ABBREVIATED[bare].split()]
    if "." in lower and not lower[0].isdigit():
        return [bare]
    if lower in CONTRACTED:
        return [level(part) for part in CONTRACTED[lower].split()]
    for ending, opened in ENDINGS:
        if lower.endswith(ending):
            return [level(lower.removesuffix(ending)), *opened.split()]
    if lower.endswith("'s"):
        stemmed = lower.removesuffix("'s")
        return [stemmed, "is"] if stemmed in IS_AFTER else [stemmed]
    return [level(lower)]


def _futures(found: list[Word]) -> Iterator[Word]:
    """*is not going to pay* -> *will not pay*; but *is going to Paris*."""
    plain = [word.stem for word in found]
    at = 0
    while at < len(found):
        size = 3 if plain[at + 1 : at + 2] == ["not"] else 2
        verb = found[at + size + 1 : at + size + 2]
        going = plain[at] in BE and plain[at + size - 1 : at + size + 1] == ["going", "to"]
        if going and verb and verb[0].printed.islower() and verb[0].stem not in DETERMINERS | POSSESSIVES:
            yield replace(found[at], stem="will")
            yield from found[at + 1 : at + size - 1]
            at += size + 1
        else:
            yield found[at]
            at += 1


def _figures(found: list[Word]) -> Iterator[Word]:
    """Numerals and spelled numbers as values; fillers left out; everything else as stems."""
    plain = [word.stem for word in found]
    at = 0
    while at < len(found):
        value = figure(plain, at)
        taken = value[1] if value else 1
        first = found[at]
        if value is not None:
            printed = " ".join(word.printed for word in found[at : at + taken])
            yield Word(printed, _day(value[0], plain, at), first.clause, first.sentence, False, first.is_aside)
        elif plain[at] not in FILLERS:
            stemmed = stem(plain[at])
            yield Word(first.printed, stemmed, first.clause, first.sentence, first.is_name, first.is_aside)
        at += taken


def _day(value: str, plain: Sequence[str], at: int) -> str:
    """*the 1st of March* is *March 1*."""
    near = {*plain[max(0, at - 1) : at], *plain[at + 1 : at + 3]}
    if near & MONTHS:
        return {"first": "#1", "second": "#2"}.get(value, value.removesuffix("th"))
    return "one" if value == "#1" else value


def _phrases(found: list[Word]) -> Iterator[Word]:
    """*at least*, *as long as*: one word each; and one word for all that mean the same."""
    known = shades()
    stems = [word.stem for word in found]
    at = 0
    while at < len(found):
        phrases = known.phrases.get(stems[at], ())
        whole = next((p for p in phrases if tuple(stems[at : at + len(p)]) == p), (stems[at],))
        name = "_".join(whole)
        first = found[at]
        printed = " ".join(dict.fromkeys(word.printed for word in found[at : at + len(whole)]))
        yield Word(printed, known.same.get(name, name), first.clause, first.sentence, first.is_name, first.is_aside)
        at += len(whole)
