"""What Hearsay knows before it reads: countries, news outlets, first names. All of it data in data/*.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from quotes.text.cues import DATA


@dataclass(frozen=True, slots=True)
class Country:
    """A state or union: how newspapers print it, its adjectives, and its seats of government."""

    code: str
    name: str
    also: tuple[str, ...]
    adjectives: tuple[str, ...]
    seats: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsOutlet:
    """`country` is the ISO code of where it is based, empty when it has no one country or none is known."""

    name: str
    kind: str
    country: str = ""


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def countries() -> dict[str, Country]:
    """By ISO 3166 code (EU, UN and NATO besides)."""
    return {
        row["code"]: Country(
            row["code"],
            row["name"],
            split(row["also"]),
            split(row["adjectives"]),
            split(row["seats"]),
            split(row["people"]),
        )
        for row in rows("countries.csv")
    }


def _index(*fields: str) -> dict[str, str]:
    """Printed form -> country code, for the fields named. Earlier rows win."""
    found: dict[str, str] = {}
    for country in countries().values():
        for name in fields:
            value = getattr(country, name)
            for printed in (value,) if isinstance(value, str) else value:
                found.setdefault(printed, country.code)
    return found


@cache
def country_names() -> dict[str, str]:
    """*Russia*, *US* -> code."""
    return _index("name", "also")


@cache
def country_adjectives() -> dict[str, str]:
    """*Russian*, *US* -> code."""
    return _index("adjectives")


@cache
def seats() -> dict[str, str]:
    """*Kremlin*, *Downing Street* -> code."""
    return _index("seats")


@cache
def country_words() -> dict[str, str]:
    """Any printed word for a country that may modify a role: adjective, name or seat -> code."""
    return seats() | country_names() | country_adjectives()


@cache
def outlets() -> dict[str, NewsOutlet]:
    """Printed form, lower case and without article -> outlet."""
    found: dict[str, NewsOutlet] = {}
    for row in rows("outlets.csv"):
        outlet = NewsOutlet(row["name"], row["kind"], row["country"])
        for printed in (row["name"], *split(row["also"])):
            found.setdefault(without_article(printed).lower(), outlet)
    return found


@cache
def first_names() -> dict[str, str]:
    """Given name -> m, f or b (both)."""
    return {row["name"]: row["gender"] for row in rows("first_names.csv")}


@cache
def family_names() -> frozenset[str]:
    """Family names that stand before the given name."""
    lines = (DATA / "family_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def without_article(name: str) -> str:
    head, _, rest = name.partition(" ")
    return rest if head in {"the", "The"} and rest else name


OUTLET_ENDINGS = frozenset(
    """
        News Times Post Journal Tribune Herald Gazette Telegraph Chronicle Guardian Agency Newspoint Radio TV
        Television Wire Press Mirror Courier Echo Observer Ledger Mail Express Star Globe Standard Examiner Inquirer
        Monitor Argus Bulletin Dispatch Register Sentinel
    """.split()
)
"""How the names of outlets end that are in no list."""


def newsroom(name: str) -> str:
    """One form for all the names of a newsroom (*AP*, *the Associated Press*), to compare them by."""
    listed = outlet_named(name)
    return (listed.name if listed else without_article(name)).casefold()


def outlet_named(name: str) -> NewsOutlet | None:
    """The outlet a printed name stands for, by the list or by how such names end."""
    name = without_article(name).removesuffix("'s").removesuffix("’s")
    known = outlets().get(name.lower())
    if known is not None:
        return known
    words = name.split()
    if len(words) >= 2 and words[-1] in OUTLET_ENDINGS and all(word[0].isupper() for word in words):
        return NewsOutlet(name, "")
    return None
