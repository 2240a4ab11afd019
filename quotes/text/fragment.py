"""Text fragments: an address that opens a page at a quotation (WICG, *Text Fragments*: `#:~:text=prefix-,start,end,-suffix`)."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

WHOLE = 200
"""Characters up to which the words stand whole in the address; longer ones by their first and last words."""

EDGE = 6
"""Words at each end that stand for a longer quotation."""

CONTEXT = 4
"""Words before and after that tell one place from another."""


def to_words(url: str, exact: str, prefix: str = "", suffix: str = "") -> str:
    """The address of the words on a page; the page's own address when there is no word. Context stays in its paragraph."""
    words = exact.split()
    if not url or not words:
        return url
    before, after = prefix.rpartition("\n")[2].split()[-CONTEXT:], suffix.partition("\n")[0].split()[:CONTEXT]
    if prefix and before and not prefix[0].isspace() and len(before) == len(prefix.split()):
        before = before[1:]  # may be half a word
    if suffix and after and not suffix[-1].isspace() and len(after) == len(suffix.split()):
        after = after[:-1]
    parts = [f"{_escaped(before)}-"] if before else []
    if (len(exact) > WHOLE and len(words) > 2 * EDGE) or "\n" in exact:
        parts += [_escaped(exact.split("\n")[0].split()[:EDGE]), _escaped(exact.split("\n")[-1].split()[-EDGE:])]
    else:
        parts.append(_escaped(words))
    parts += [f"-{_escaped(after)}"] if after else []
    return f"{urldefrag(url).url}#:~:text={','.join(parts)}"


def _escaped(words: list[str]) -> str:
    """Percent-encoded, with the hyphen and comma that part the terms."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
