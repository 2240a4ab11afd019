"""Reads one PDF from standard input and writes what is in it to standard output, as JSON. Run by pdf.py, alone.

A process of its own, because a hostile PDF can loop, or take all memory, in places no Python code can look into. It
takes its bounds as arguments and sets them before it looks at a byte.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import Any

ENCRYPTED = "encrypted"
DAMAGED = "damaged"


def read(data: bytes, most_pages: int, most_characters: int) -> dict[str, Any]:
    """`{pages, count, title, author, created}`, or `{fault}`: *encrypted* or *damaged*."""
    from pypdf import PdfReader  # not before the bounds are set

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fault": ENCRYPTED}
    pages: list[str] = []
    for number in range(min(len(reader.pages), most_pages)):
        pages.append(reader.pages[number].extract_text()[:most_characters])
        if sum(map(len, pages)) > most_characters:
            break
    about = reader.metadata
    created = about.creation_date if about else None
    return {
        "pages": pages,
        "count": len(reader.pages),
        "title": str(about.title or "")[:500] if about else "",
        "author": str(about.author or "")[:300] if about else "",
        "created": created.isoformat() if created and created.tzinfo else "",
    }


def bound(seconds: int, memory: int) -> None:
    """The system ends this process when it takes more; where it knows no such bounds, pdf.py's clock still runs."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main() -> None:
    most_pages, most_characters, seconds, memory = map(int, sys.argv[1:5])
    bound(seconds, memory)
    logging.disable()
    try:
        found = read(sys.stdin.buffer.read(), most_pages, most_characters)
    except Exception:  # pypdf raises what the data make it trip over
        found = {"fault": DAMAGED}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
