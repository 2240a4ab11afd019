"""Bytes of a web page -> text, though the site says nothing about their encoding, or lies.

A byte order mark is believed first. What reads as UTF-8 is UTF-8: other encodings do not do so by chance. Then the
site's header counts, then the page's own word, if the bytes can be read so; Windows-1252 reads the rest.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
HEAD = 4096
LAST_RESORT = "cp1252"
LATIN_1 = {"iso8859-1", "ascii"}
"""Sites that name these send Windows-1252, and browsers read it so."""

READABLE = frozenset(
    """
        utf-8 utf-16 utf-16-le utf-16-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp866
        iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13
        iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic tis-620
        gb2312 gbk gb18030 big5 big5hkscs shift_jis cp932 euc_jp iso2022_jp euc_kr cp949
    """.split()
)
"""What the web is written in. Python knows stranger codecs, some of which unpack or compute."""


def decoded(body: bytes, declared: str = "") -> str:
    """The text; `declared` is the charset of the site's header. Never fails: what cannot be read becomes U+FFFD."""
    for encoding in _candidates(body, declared):
        try:
            return body.decode(encoding).removeprefix("\ufeff")
        except UnicodeError:
            continue
    return body.decode(LAST_RESORT, "replace")


def _candidates(body: bytes, declared: str) -> Iterator[str]:
    yield from (encoding for mark, encoding in MARKS if body.startswith(mark))
    own = DECLARED.search(body[:HEAD])
    names = [declared, own[1].decode("ascii", "replace") if own else ""]
    seven_bits = [name for name in map(_known, names) if name.startswith("iso2022")]
    yield from seven_bits  # it is written in ASCII's bytes, so it would pass for UTF-8
    yield "utf-8"
    yield from filter(None, map(_known, names))


def _known(name: str) -> str:
    """Python's name for an encoding of the web; empty for any other."""
    try:
        name = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
    name = LAST_RESORT if name in LATIN_1 else name
    return name if name in READABLE else ""
