"""Plain text as pasted or scraped -> the text a person would call the article.

Small named steps in a listed order. Site furniture (navigation, placeholders, calls to action) goes by
its shape: short lines of their own that are no sentence. A line with a quotation or a reporting verb
never goes. Where there is nothing to remove, the text comes back unchanged, so offsets agree.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from quotes.text.cues import verbs
from quotes.text.quotation import quotations

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
QUOTED = re.compile("[\"“”«»„]|''|``")
WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
STOPPED = re.compile(r"[.!?…:][\"”’'»)\]]*$")

PLACEHOLDER = re.compile(
    r"^\W*(?:image|images|photo|photos|picture|video|audio|gallery|infographic|embed|caption|advert(?:isement)?|ad|sponsored"
    r"|loading|tweet|instagram post|file photo|play video|watch)\b(?:\W*(?:source|credit|caption|via)?\W*[\w ./,&-]{0,60})?$",
    re.I,
)
INTERFACE = re.compile(
    r"^\W*(?:send|share|save|print|copy|follow|subscribe|sign (?:up|in|out)|log ?(?:in|out)|register|join|download|install|get the app"
    r"|click|tap|swipe|scroll|skip|menu|home|search|next|prev(?:ious)?|back|more|read (?:more|next|also)|also read|see also|related|recommended"
    r"|trending|most (?:read|popular)|top stories|latest|breaking|live|comments?|\d+ (?:comments?|shares?|views?|min(?:ute)?s? read)|add .{0,30} as|"
    r"newsletter|notifications?|cookies?|accept|privacy|terms|contact|about us|help|advertise|facebook|twitter|whatsapp|telegram|email|e-mail|link|"
    r"open in|(?:view|show|hide|close|see) (?:more|all|less|comments?|replies)|toggle|listen|report (?:an? )?(?:error|typo)|tags?|topics?|all rights reserved|©|copyright)\b",
    re.I,
)
PROMOTION = re.compile(
    r"\b(?:download (?:the|our)|the app|our app|newsletter|subscribe|sign up|follow us|join (?:us|our)|your inbox|push notifications?|"
    r"click here|read more|for more (?:stories|news)|google news|whatsapp channel|app store|google play)\b",
    re.I,
)
BYLINE = re.compile(
    r"^(?:[Bb]y|BY|[Ww]ritten by|[Rr]eported by)\s+(?P<who>[A-Z][\w.’'-]+(?:(?:,? and |, | )(?:[A-Z][\w.’'-]*|de|van|von|al|bin)){1,7})$"
)
DATELINE = re.compile(
    r"^(?:published|updated|posted|last updated|first published)\b.{0,60}$|^\W*\d{1,2}[:.]\d{2}\b.{0,40}$|^\w{3,9} \d{1,2},? \d{4}\b.{0,30}$|^\d{1,2} \w{3,9} \d{4}\b.{0,30}$",
    re.I,
)
HEADLINE_WORDS = range(4, 30)
PROSE_WORDS = 12


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The article's text and what was taken off it."""

    text: str
    title: str = ""
    byline: str = ""
    removed: tuple[str, ...] = field(default=())


def clean(raw: str, *, headline: bool = False) -> Cleaned:
    """The article in `raw`; with `headline`, a headline above the first paragraph becomes the title."""
    text = printable(raw)
    lines = text.split("\n")
    fates = [_is_furniture(line) for line in lines]
    first, last = _prose_bounds(lines)
    title = byline = ""
    if first is not None and last is not None:
        fates = _drop_repeats(lines, fates)
        title, byline = _read_head(lines, fates, first, headline)
        _drop_tail(lines, fates, last)
    removed = tuple(line.strip() for line, gone in zip(lines, fates, strict=True) if gone and line.strip())
    if not removed:
        return Cleaned(text, title, byline)
    return Cleaned(_rejoin(lines, fates), title, byline, removed)


def printable(raw: str) -> str:
    """Without control characters and invisible marks; line ends as `\\n`."""
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", raw))


def is_evidence(line: str) -> bool:
    """A line that quotes or reports somebody: never removed."""
    return (
        bool(QUOTED.search(line) or quotations(line))
        or "according to" in line.lower()
        or any(_reports(word.lower()) for word in WORD.findall(line))
    )


def _reports(word: str) -> bool:
    """*said*, *says*; not *reports* or *comments*, which menus say too."""
    form = verbs().get(word)
    if form is None or "base" in form.forms:
        return False
    return "past" in form.forms or ("s" in form.forms and form.verb.takes("q") and not form.verb.takes("v", "s"))


def _is_furniture(line: str) -> bool:
    stripped = line.strip()
    words = WORD.findall(stripped)
    if not stripped or is_evidence(stripped):
        return False
    if not words:
        return len(stripped) > 3
    promoted = len(words) <= 14 and bool(PROMOTION.search(stripped))
    if STOPPED.search(stripped):  # a sentence, unless it sells something
        return promoted and stripped.endswith("!")
    if promoted or (PLACEHOLDER.match(stripped) and len(words) <= 8):
        return True
    if DATELINE.match(stripped) and len(words) <= 12:
        return True
    return len(words) <= 6 and bool(INTERFACE.match(stripped))


def _is_prose(line: str) -> bool:
    return len(WORD.findall(line)) >= PROSE_WORDS and bool(STOPPED.search(line.strip()))


def _prose_bounds(lines: list[str]) -> tuple[int | None, int | None]:
    prose = [number for number, line in enumerate(lines) if _is_prose(line)]
    return (prose[0], prose[-1]) if prose else (None, None)


def _drop_repeats(lines: list[str], fates: list[bool]) -> list[bool]:
    """Short lines printed three times or more are labels."""
    counts = Counter(line.strip() for line in lines if 0 < len(WORD.findall(line)) <= 6)
    return [
        gone or (counts[line.strip()] >= 3 and not is_evidence(line) and not STOPPED.search(line.strip()))
        for line, gone in zip(lines, fates, strict=True)
    ]


def _read_head(lines: list[str], fates: list[bool], first: int, headline: bool) -> tuple[str, str]:
    """Title and byline above the first paragraph of prose; marks what else is furniture there."""
    head = [n for n in range(first) if lines[n].strip() and not fates[n]]
    crowded = any(fates[:first])
    byline = ""
    for number in head:
        if match := BYLINE.match(lines[number].strip()):
            byline, fates[number] = match["who"].strip(" ,|"), True
    candidates = [
        n for n in head if not fates[n] and len(WORD.findall(lines[n])) in HEADLINE_WORDS and not quotations(lines[n])
    ] or [n for n in head if not fates[n] and _is_quoting_headline(lines[n])]
    title = ""
    if candidates and (headline or crowded):
        chosen = max(candidates, key=lambda n: len(WORD.findall(lines[n])))
        title, fates[chosen] = lines[chosen].strip(), True
    if crowded or byline or title:
        for number in head:
            short = len(WORD.findall(lines[number])) <= 3 and not STOPPED.search(lines[number].strip())
            fates[number] = fates[number] or (short and not is_evidence(lines[number]))
    return title, byline


def _is_quoting_headline(line: str) -> bool:
    """*‘Anytime’: what Trump is said to have told Putin*: quotes, yet is no sentence."""
    return len(WORD.findall(line)) in HEADLINE_WORDS and not STOPPED.search(line.strip())


def _drop_tail(lines: list[str], fates: list[bool], last: int) -> None:
    """Below the last paragraph of prose, labels go when furniture stands among them."""
    tail = [n for n in range(last + 1, len(lines)) if lines[n].strip()]
    if not any(fates[n] for n in tail):
        return
    for number in tail:
        line = lines[number].strip()
        label = len(WORD.findall(line)) <= 8 and not STOPPED.search(line)
        fates[number] = fates[number] or (label and not is_evidence(line))


def _rejoin(lines: list[str], fates: list[bool]) -> str:
    kept = "\n".join(line for line, gone in zip(lines, fates, strict=True) if not gone)
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")
