"""A quote cited so that the relay is not lost: a plain line, BibTeX, RIS and CSL-JSON.

None of the formats has a place for an intermediary, so it stands in the note; the work cited is the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""What TeX would not print as it stands."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One article's report of a quote. Empty strings and None where something is not known."""

    key: str
    words: str
    speaker: str
    relays: Sequence[str]
    """Everyone through whom it came, the one nearest to the speaker first, with roles: *Yuri Ushakov (aide)*."""

    title: str
    outlet: str
    byline: str
    published: date | None
    url: str
    seen: date
    permalink: str

    @property
    def note(self) -> str:
        """*Donald Trump, as relayed by Yuri Ushakov (Russian presidential aide)*."""
        who = self.speaker or "Speaker not named"
        return f"{who}, as relayed by {' and by '.join(self.relays)}" if self.relays else who


def plain(cited: Citation) -> str:
    """*Speaker, as relayed by Relayer (role), in Outlet, date, URL, seen date, permalink.*"""
    parts = [
        cited.note,
        f"in {cited.outlet}" if cited.outlet else f"in “{cited.title}”",
        _day(cited.published) if cited.published else "not dated",
        cited.url,
        f"seen {_day(cited.seen)}",
        cited.permalink,
    ]
    return _line(", ".join(filter(None, parts)))


def bibtex(cited: Citation) -> str:
    """An @article entry in UTF-8, as BibLaTeX reads it."""
    fields = {
        "title": cited.title,
        "author": f"{{{_tex(cited.byline)}}}" if cited.byline else "",
        "journaltitle": cited.outlet,
        "date": cited.published.isoformat() if cited.published else "",
        "urldate": cited.seen.isoformat(),
        "note": f"{cited.note}: {cited.words}",
        "addendum": f"Hearsay: {cited.permalink}",
    }
    lines = [f"  {name} = {{{value if name == 'author' else _tex(value)}}}" for name, value in fields.items() if value]
    if cited.url:
        address = re.sub(r"[{}\s]", "", cited.url)
        lines.append(f"  url = {{{address}}}")
    return "@article{" + ",\n".join([re.sub(r"\W", "", cited.key), *lines]) + "\n}\n"


def ris(cited: Citation) -> str:
    """A newspaper article in RIS; lines end with CR LF."""
    published = cited.published.strftime("%Y/%m/%d/") if cited.published else ""
    fields = [
        ("TY", "NEWS"),
        ("TI", cited.title),
        ("AU", cited.byline),
        ("T2", cited.outlet),
        ("DA", published),
        ("PY", published[:4]),
        ("UR", cited.url),
        ("Y2", cited.seen.strftime("%Y/%m/%d/")),
        ("N1", cited.note),
        ("AB", cited.words),
        ("L2", cited.permalink),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")


def csl(cited: Citation) -> list[dict[str, Any]]:
    """CSL-JSON: one item of type *article-newspaper*."""
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "article-newspaper",
        "title": cited.title,
        "container-title": cited.outlet,
        "author": [{"literal": cited.byline}] if cited.byline else [],
        "URL": cited.url or cited.permalink,
        "accessed": _parts(cited.seen),
        "abstract": cited.words,
        "note": f"{cited.note}. Hearsay: {cited.permalink}",
    }
    if cited.published:
        item["issued"] = _parts(cited.published)
    return [{name: value for name, value in item.items() if value}]


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _line(value: str) -> str:
    return " ".join(UNSAFE.sub(" ", value).split())


def _tex(value: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in _line(value))
