"""What a journalist types into the search box, read into terms; what cannot be read is repaired, and said so in words.

    ceasefire "on our terms" -draft speaker:Trump via:"Yuri Ushakov" class:secondhand after:2025-05-01

Words are all looked for; `"…"` is looked for as printed; `-` leaves out; operators narrow. Nothing typed is an error.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rapidfuzz import process

from quotes.text.verdict import CLASS_NAMES, GRADES

OPERATORS = {
    "speaker": "said by",
    "via": "through",
    "to": "said to",
    "outlet": "reported by",
    "class": "sourcing class",
    "grade": "grade",
    "flag": "flag",
    "before": "first seen until",
    "after": "first seen from",
}
"""Operator -> what it asks, in words."""

ALSO = {"by": "speaker", "from": "outlet", "through": "via", "sourcing": "class", "since": "after", "until": "before"}
"""What people write for an operator."""

MOST_TERMS = 24
LONGEST = 2000
MARKS = str.maketrans("“”„‟«»＂：", '""""""":')
TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):(?!//))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|(?=\s|$))')
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
NEAR_OPERATOR = 80
"""How alike (0 to 100) a name before a colon must be to an operator to be taken for it."""

ALIKE = 75
"""How alike (0 to 100) a value must be to a known one to be taken for it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a search: an operator with its value, or (without a name) a word or an exact phrase."""

    name: str
    value: str
    is_exact: bool = False
    is_excluded: bool = False

    def __str__(self) -> str:
        """As it may be typed; a quotation mark inside a name as two apostrophes."""
        typed = self.value.replace('"', "''")
        value = f'"{typed}"' if self.is_exact or " " in typed else typed
        return f"{'-' if self.is_excluded else ''}{f'{self.name}:' if self.name else ''}{value}"


@dataclass(frozen=True, slots=True)
class Query:
    """The terms of a search in the order typed, and what had to be repaired, as sentences."""

    terms: tuple[Term, ...] = ()
    repairs: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The whole search as it may be typed: its canonical form."""
        return " ".join(map(str, self.terms))

    def without(self, term: Term) -> Query:
        return Query(tuple(other for other in self.terms if other != term))

    def plus(self, term: Term) -> Query:
        return self if term in self.terms else Query((*self.terms, term))

    def of(self, name: str) -> list[Term]:
        """The terms of one operator; for the empty name, words and phrases."""
        return [term for term in self.terms if term.name == name]

    @property
    def is_plain(self) -> bool:
        """Words alone, as somebody pastes them."""
        return bool(self.terms) and not any(term.name or term.is_excluded for term in self.terms)


def parse(typed: str, flags: Mapping[str, str] | None = None) -> Query:
    """Reads a search. `flags` are the kinds of flag with their names. Never fails; bounded by LONGEST and MOST_TERMS."""
    text = typed.replace("\x00", " ").translate(MARKS)
    repairs: list[str] = []
    if len(text) > LONGEST:
        text = text[:LONGEST]
        repairs.append(f"Only the first {LONGEST:,} characters were looked at.")
    if text.count('"') % 2:
        text += '"'
        repairs.append("A quotation mark was left open; it was closed at the end.")
    terms = list(dict.fromkeys(_terms(text, flags or {}, repairs)))
    if len(terms) > MOST_TERMS:
        repairs.append(f"Only the first {MOST_TERMS} words were looked for.")
    return Query(tuple(terms[:MOST_TERMS]), tuple(dict.fromkeys(repairs)))


def _terms(text: str, flags: Mapping[str, str], repairs: list[str]) -> Iterator[Term]:
    pieces = list(TOKEN.finditer(re.sub(r"\b([A-Za-z]+):\s+(?=[^\s:]+(?:\s|$))", _joined(repairs), text)))
    excluded = False
    for piece in pieces:
        if not piece.group():
            continue
        printed = piece["phrase"] if piece["phrase"] is not None else piece["word"] or ""
        name = (piece["name"] or "").lower()
        name = ALSO.get(name, name)
        if not name and (piece.group() == "-" or printed in {"AND", "OR", "NOT", "&", "|"}):
            excluded = _logic(printed, repairs)
            continue
        minus, excluded = bool(piece["minus"]) or excluded, False
        exact = piece["phrase"] is not None
        if name and name not in OPERATORS:
            name = _operator(name, repairs)
        if name and name not in OPERATORS:
            repairs.append(f"“{piece['name']}:” is not an operator; its words were looked for instead.")
            name, printed, exact = "", f"{piece['name']} {printed}", False
        if not name:
            yield from _words(printed, exact, minus)
        elif not printed.strip():
            repairs.append(f"“{name}:” has nothing after it and was left out.")
        else:
            value = _value(name, " ".join(printed.split()), flags, repairs)
            if value:
                yield Term(name, value, exact and name in EXACT, minus)


def _operator(typed: str, repairs: list[str]) -> str:
    """The operator a misspelled one is nearest to, said so; what is near none is left as it is."""
    near = process.extractOne(typed, (*OPERATORS, *ALSO), score_cutoff=NEAR_OPERATOR)
    if near is None:
        return typed
    meant = ALSO.get(near[0], near[0])
    repairs.append(f"“{typed}:” was read as “{meant}:”.")
    return meant


def _joined(repairs: list[str]) -> Callable[[re.Match[str]], str]:
    """*speaker: Trump* is *speaker:Trump*; anything else before a colon is left as it is."""

    def join(found: re.Match[str]) -> str:
        name = found[1].lower()
        if ALSO.get(name, name) not in OPERATORS:
            return found.group()
        repairs.append(f"The space after “{found[1]}:” was taken out.")
        return f"{found[1]}:"

    return join


def _logic(printed: str, repairs: list[str]) -> bool:
    """True when what follows is to be left out."""
    if printed in {"OR", "|"}:
        repairs.append("“OR” is not understood: all the words were looked for. Search for each of them by itself.")
    elif not printed:
        repairs.append("A “-” with nothing behind it was left out.")
    return printed == "NOT"


def _words(printed: str, exact: bool, minus: bool) -> Iterator[Term]:
    found = folded(printed)
    if exact and len(found) > 1:
        yield Term("", " ".join(printed.split()), True, minus)
    elif exact and found:
        yield Term("", found[0], True, minus)
    else:
        yield from (Term("", word, False, minus) for word in found)


def folded(text: str) -> list[str]:
    """The words of a text as they are searched: lower case, accents kept, apostrophes gone."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return [word.replace("'", "") for word in WORD.findall(plain)]


# --- values ----------------------------------------------------------------------------------------

EXACT = frozenset(("speaker", "via", "outlet", "to"))
"""Operators whose value in quotation marks is the whole name."""


def _value(name: str, printed: str, flags: Mapping[str, str], repairs: list[str]) -> str:
    if name in EXACT:
        return printed.replace("''", '"')[:200]
    if name in {"before", "after"}:
        return _day(name, printed, repairs)
    known: dict[str, Mapping[str, str]] = {
        "class": CLASS_NAMES,
        "grade": dict.fromkeys(GRADES, ""),
        "flag": {"any": "any", **flags},
    }
    return _option(name, printed, known[name], repairs)


def _option(name: str, printed: str, options: Mapping[str, str], repairs: list[str]) -> str:
    """A known value by its name, spelled in any way; the nearest one, said so; or none."""
    known = {_plain(label): value for value, label in options.items() if label} | {
        _plain(value): value for value in options
    }
    asked = _plain(printed)
    if asked in known:
        return known[asked]
    near = process.extractOne(asked, known.keys(), score_cutoff=ALIKE)
    if near:
        repairs.append(f"“{name}:{printed}” was read as “{name}:{known[near[0]]}”.")
        return known[near[0]]
    repairs.append(f"“{name}:{printed}” was left out. It can be: {', '.join(options)}.")
    return ""


def _plain(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()


def _day(name: str, printed: str, repairs: list[str]) -> str:
    """A day as YYYY-MM-DD; a month or a year is its first day, or its last for *before*."""
    found = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", printed)
    try:
        if found is None:
            return date.fromisoformat(printed).isoformat()
        year, month, day = (int(part) if part else 0 for part in found.groups())
        last = name == "before"
        month = month or (12 if last else 1)
        day = day or (calendar.monthrange(year, month)[1] if last else 1)
        return date(year, month, day).isoformat()
    except ValueError:
        repairs.append(f"“{name}:{printed}” is not a day and was left out. Write it as 2025-05-21, 2025-05 or 2025.")
        return ""
