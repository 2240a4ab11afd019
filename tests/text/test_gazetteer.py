from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from quotes.text.cues import DATA, lines
from quotes.text.gazetteer import (
    countries,
    country_words,
    first_names,
    outlet_named,
    outlets,
    rows,
    seats,
    split,
    without_article,
)
from quotes.text.lexicon import person_nouns, plurals

TABLES = ["countries.csv", "first_names.csv", "offices.csv", "outlets.csv"]


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.mark.parametrize("name", TABLES)
def test_table_is_well_formed(name: str) -> None:
    table = list(rows(name))
    assert table
    assert all(None not in row and None not in row.values() for row in table)  # as many cells as columns
    assert all(cell == cell.strip() and "\ufffd" not in cell for row in table for cell in row.values())
    assert repeated(["|".join(row.values()) for row in table]) == []
    assert all("" not in cell.split("|") for row in table for cell in row.values() if "|" in cell)


@pytest.mark.parametrize("name", [*TABLES, "cues.txt", "phrases.txt", "person_nouns.txt"])
def test_file_is_plain_utf_8(name: str) -> None:
    data = (DATA / name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.decode().endswith("\n")


@pytest.mark.parametrize(
    ("name", "key"),
    [("countries.csv", "code"), ("countries.csv", "name"), ("first_names.csv", "name"), ("outlets.csv", "name")],
)
def test_keys_stand_once(name: str, key: str) -> None:
    assert repeated([row[key] for row in rows(name)]) == []


@pytest.mark.parametrize(
    ("name", "column", "allowed"),
    [
        ("first_names.csv", "gender", {"m", "f", "b"}),
        ("offices.csv", "gender", {"m", "f"}),
        ("outlets.csv", "kind", {"agency", "broadcaster", "magazine", "newspaper", "site"}),
    ],
)
def test_allowed_values(name: str, column: str, allowed: set[str]) -> None:
    assert {row[column] for row in rows(name)} <= allowed


def test_codes() -> None:
    assert all(code.isupper() and (len(code) == 2 or code == "NATO") for code in countries())


@pytest.mark.parametrize(
    ("column", "shared"),
    [("also", set()), ("people", set()), ("adjectives", {"Congolese"}), ("seats", {"Brussels"})],
)
def test_words_for_two_countries(column: str, shared: set[str]) -> None:
    """Each of these is read as the first country of the list: no new one by accident."""
    words = [word for country in countries().values() for word in getattr(country, column)]
    assert set(repeated(words)) == shared


def test_offices_have_known_countries_dates_in_order_and_a_source() -> None:
    for row in rows("offices.csv"):
        assert row["country"] in countries()
        assert row["source"]
        assert split(row["office"])
        assert all(phrase == phrase.lower() for phrase in split(row["office"]))
        since = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
        until = date.fromisoformat(row["valid_until"]) if row["valid_until"] else date.max
        assert since < until


def test_no_printed_form_belongs_to_two_outlets() -> None:
    owners: dict[str, str] = {}
    for row in rows("outlets.csv"):
        for printed in (row["name"], *split(row["also"])):
            assert owners.setdefault(without_article(printed).lower(), row["name"]) == row["name"]


def test_nouns_for_people() -> None:
    listed = [line.split() for line in lines("person_nouns.txt")]
    assert repeated([row[0] for row in listed]) == []
    assert all(len(row) == 1 or row[1] in {"m", "f"} for row in listed)
    assert set(person_nouns().values()) <= {"m", "f", ""}


def test_police_are_people() -> None:
    assert "police" in person_nouns()


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("aide", "aides"), ("spokesman", "spokesmen"), ("ally", "allies"), ("boss", "bosses"), ("coach", "coaches")],
)
def test_plurals(noun: str, plural: str) -> None:
    assert plurals(noun) == {plural}


@pytest.mark.parametrize(
    ("word", "code"),
    [("Kremlin", "RU"), ("Downing Street", "GB"), ("White House", "US"), ("Russian", "RU"), ("US", "US")],
)
def test_country_words(word: str, code: str) -> None:
    assert country_words()[word] == code


def test_seats_are_no_countries() -> None:
    assert not seats().keys() & {country.name for country in countries().values()} - {"Singapore", "Vatican City"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Reuters", "Reuters"),
        ("the Associated Press", "Associated Press"),
        ("AP", "Associated Press"),
        ("The Guardian’s", "Guardian"),
        ("Harwick Echo", "Harwick Echo"),  # by its ending
        ("Newspoint", None),  # one word is not enough
        ("harwick Echo", None),
        ("Ann Lee", None),
        ("", None),
        ("the", None),
    ],
)
def test_outlet_named(name: str, expected: str | None) -> None:
    found = outlet_named(name)
    assert (without_article(found.name) if found else None) == expected


def test_outlets_are_known_without_article_and_in_lower_case() -> None:
    assert all(name == name.lower() and not name.startswith("the ") for name in outlets())


@pytest.mark.parametrize(("name", "gender"), [("Vladimir", "m"), ("Angela", "f")])
def test_first_names(name: str, gender: str) -> None:
    assert first_names()[name] == gender
