from __future__ import annotations

from datetime import date

import pytest

from quotes.text.gazetteer import countries
from quotes.text.offices import Offices, Term, shipped_terms

G20 = "AR AU BR CA CN FR DE IN ID IT JP MX RU SA ZA KR TR GB US EU".split()


@pytest.mark.parametrize(
    ("day", "country", "phrase", "holder"),
    [
        (date(2025, 5, 21), "US", "president", "Donald Trump"),
        (date(2009, 1, 19), "US", "president", "George W. Bush"),
        (date(2009, 1, 20), "US", "president", "Barack Obama"),  # the day of the oath is the new one's
        (date(2025, 5, 21), "RU", "president", "Vladimir Putin"),
        (date(2010, 5, 21), "RU", "president", "Dmitry Medvedev"),
        (date(2022, 9, 10), "GB", "prime minister", "Liz Truss"),
        (date(2015, 3, 1), "DE", "chancellor", "Angela Merkel"),
        (date(2018, 6, 1), "FR", "president", "Emmanuel Macron"),
        (date(2015, 6, 1), "RU", "foreign minister", "Sergei Lavrov"),
    ],
)
def test_who_held_it(day: date, country: str, phrase: str, holder: str) -> None:
    found = [term.holder for term in Offices(day).holders(country, phrase)]
    assert [name.replace("Sergey", "Sergei") for name in found] == [holder]


def test_every_row_is_dated_and_says_where_it_is_from() -> None:
    for term in shipped_terms():
        assert term.since is not None, term
        assert term.until is None or term.since < term.until, term
        assert term.source, term
        assert term.country in countries(), term
        assert term.gender in {"m", "f"}, term
        assert all(phrase == phrase.strip() for phrase in term.phrases), term


@pytest.mark.parametrize("country", G20)
def test_g20_heads_are_known_on_every_day_since_2001(country: str) -> None:
    heads = {"president", "prime minister", "chancellor", "king", "commission president"}
    for year in range(2001, 2026):
        day = date(year, 7, 1)
        assert any(Offices(day).holders(country, phrase) for phrase in heads), (country, day)


def test_one_office_has_one_holder_at_a_time() -> None:
    for term in shipped_terms():
        for other in shipped_terms():
            same = term.country == other.country and term.phrases[0] == other.phrases[0] and term.holder != other.holder
            if same and "spokes" not in term.phrases[0] and term.since and other.since and term.since < other.since:
                assert term.until is not None, (term, other)
                assert term.until <= other.since, (term, other)


def test_an_editors_title_stands_beside_the_table() -> None:
    extra = Term("US", ("president",), "Ann Lee", since=date(2025, 1, 1), until=date(2025, 2, 1))
    assert "Ann Lee" in [term.holder for term in Offices(date(2025, 1, 5), [extra]).holders("US", "president")]
    assert "Ann Lee" not in [term.holder for term in Offices(date(2025, 3, 5), [extra]).holders("US", "president")]
