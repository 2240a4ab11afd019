"""The wording that counts: what two outlets would have to print for us to call it the same words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]

from quotes.text.spans import Span

JOINT = " … "
OUTER_MARKS = "\"“”„‟«»'‘’‚`＂「」『』 \t\n\xa0"
QUOTING = frozenset("\"“”„‟«»'‘’‚`＂「『")
LEADING_THAT = re.compile(r"^that\s+(?=\S)", re.I)
TOKEN = re.compile(r"(?<![\w.])[-−](?=\d)|[^\W_]+(?:['.][^\W_]+)*|[$£€¥%]")
COUNTRY_US = re.compile(r"\bUS\b")
POSSESSIVE = re.compile(r"'s?$")
UNSTEMMED = frozenset("likely early lately largely mostly partly barely hardly nearly mainly fully".split())
"""Words whose stem is another word."""
STOPWORDS = frozenset(
    """
        a an and are as at be been but by for from had has have he her his i in is it its me my of on or our she so
        that the their them they this to was we were who will with you your
    """.split()
)


def printed_wording(text: str, content: Sequence[Span]) -> str:
    """The words of an attribution as a reader would cite them: white space folded, outer marks off."""
    parts = [_bare(" ".join(span.of(text).split())) for span in content]
    wording = JOINT.join(part for part in parts if part)
    quoted = bool(content) and text[content[0].start : content[0].start + 1] in QUOTING
    return wording if quoted else LEADING_THAT.sub("", wording)


def _bare(words: str) -> str:
    """Without quotation marks around the whole of it; marks inside stay."""
    if len(words) > 1 and words[0] in OUTER_MARKS and words[-1] in OUTER_MARKS + ".,;" and not _marks_inside(words):
        return words.strip(OUTER_MARKS + ",;")
    return words.strip(" ,;")


def _marks_inside(words: str) -> bool:
    return any(mark in words[1:-1].strip('"“”«»,.') for mark in '"“”«»')


def tokens(wording: str) -> list[str]:
    """Lower-case words and numbers, apostrophes straightened, punctuation gone; *US* and *us* stay apart."""
    plain = unicodedata.normalize("NFKC", wording).replace("’", "'").replace("‘", "'")
    if not plain.isupper():
        plain = COUNTRY_US.sub("u.s", plain)
    return TOKEN.findall(plain.casefold())


def normalize(wording: str) -> str:
    return " ".join(tokens(wording))


def fingerprint(wording: str) -> str:
    """32 hexadecimal digits; equal for wordings that differ in case, marks and spacing alone."""
    words = normalize(wording) or f"no words: {wording.strip()}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case word by Porter's second algorithm (Snowball English); *Isis’s* is *isi*, like *Isis*."""
    if word in UNSTEMMED:
        return word
    return _stemmer().stemWord(POSSESSIVE.sub("", word).replace("'", ""))  # type: ignore[no-any-return]


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


def content_words(wording: str) -> list[str]:
    return [token for token in tokens(wording) if token not in STOPWORDS]
