"""Files -> Drafts: .txt and .html hold one article, .jsonl one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from quotes.intake import paste
from quotes.intake.draft import LONGEST_TEXT, Draft, Refused, check_text, parse_published, tidy, title_of
from quotes.intake.link import canonical
from quotes.intake.markup import html_draft
from quotes.text.clean import clean

KINDS = (".txt", ".html", ".htm", ".jsonl")
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that was refused, with where and why."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def drafts(
    name: str, lines: Iterable[bytes], *, limit: int = LONGEST_TEXT, **details: Any
) -> Iterator[Draft | Problem]:
    """The articles of a file, streamed; what is refused comes out as a Problem, and the rest goes on.

    `lines` are the file's lines as bytes; `details` (outlet, published …) fill in what the file leaves out.
    """
    kind = PurePath(name).suffix.lower()
    if kind == ".jsonl":
        yield from _json_lines(lines, limit, details)
        return
    data = b"".join(lines)
    try:
        if kind in {".html", ".htm"}:
            yield html_draft(data, limit=limit, **details)
        elif kind == ".txt":
            yield paste.draft(decode(data), limit=limit, **details)
        else:
            raise Refused(f"Files named {kind or 'like this'} cannot be read. Use .txt, .html or .jsonl.")
    except Refused as refusal:
        yield Problem(name, str(refusal))


def decode(data: bytes) -> str:
    """UTF-8 (or UTF-16 with its mark) as text. Raises Refused for other encodings and for binary data."""
    if not data.strip():
        raise Refused("The file is empty.")
    encoding = next((e for mark, e in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data[:8000]:
        raise Refused("This is not a text file.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        share = sum(byte < 9 or 13 < byte < 32 for byte in data[:8000]) / len(data[:8000])
        if share > 0.05:
            raise Refused("This is not a text file.") from None
        raise Refused(
            f"The file is not in UTF-8 (byte {error.start + 1:,} cannot be read). Save it as UTF-8 and try again."
        ) from None


def _json_lines(lines: Iterable[bytes], limit: int, details: dict[str, Any]) -> Iterator[Draft | Problem]:
    empty = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        empty = False
        try:
            yield json_draft(line, limit=limit, **details)
        except Refused as refusal:
            yield Problem(f"line {number:,}", str(refusal))
    if empty:
        yield Problem("line 1", "The file is empty.")


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something: an empty one does not hide what is known otherwise."""
    return {key: value for key, value in row.items() if value is not None and value != ""}


def json_draft(line: bytes, *, limit: int = LONGEST_TEXT, **details: Any) -> Draft:
    """One line `{url, title, outlet, byline, published, language, text}`; only `text` is required.

    The text is kept as it is where it has no furniture, so that offsets into it stay true.
    """
    text = decode(line)
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(f"This is not JSON ({error.msg} at character {error.pos + 1:,}).") from None
    except RecursionError:
        raise Refused("This is not JSON that can be read: it is nested too deeply.") from None
    except ValueError:
        raise Refused("This is not JSON that can be read: it has a number of thousands of digits.") from None
    if not isinstance(row, dict):
        raise Refused("Each line must be a JSON object with the field “text”.")
    row = {key: value for key, value in {**details, **_given(row)}.items() if value is not None}
    if not isinstance(row.get("text"), str):
        raise Refused("The field “text” is missing.")
    for name in ("url", "title", "outlet", "byline", "language"):
        if not isinstance(row.get(name, ""), str):
            raise Refused(f"The field “{name}” must be text.")
    check_text(row["text"], limit)
    cleaned = clean(row["text"])
    check_text(cleaned.text, limit)
    return Draft(
        text=cleaned.text,
        title=title_of(row.get("title", ""), cleaned),
        outlet=tidy(row.get("outlet", ""))[:200],
        byline=tidy(row.get("byline", ""))[:300],
        published=parse_published(row["published"] if "published" in row else row.get("date")),
        canonical_url=canonical(row.get("url", "")),
        language=tidy(row.get("language", ""))[:35] or "en",
        removed=cleaned.removed,
    )
