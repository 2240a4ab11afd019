from __future__ import annotations

import time
from datetime import date
from itertools import islice, product

import pytest

from quotes.text.names import people
from quotes.text.offices import Offices
from quotes.text.person import surnames_of


def named(text: str) -> dict[str, list[str]]:
    """Who is in the text, and the words by which they are named."""
    return {p.name: [m.span.of(text) for m in p.mentions] for p in people(text, Offices(date(2025, 5, 21)))}


@pytest.mark.parametrize(
    ("text", "name", "mentions"),
    [
        ("Bill de Blasio spoke. De Blasio left.", "Bill de Blasio", ["Bill de Blasio", "De Blasio"]),
        ("De Blasio left. Mayor Bill de Blasio spoke.", "Bill de Blasio", ["De Blasio", "Bill de Blasio"]),
        ("Anne de la Tour spoke. Mrs De la Tour left.", "Anne de la Tour", ["Anne de la Tour", "De la Tour"]),
        (
            "Anne von der Heide spoke. Von der Heide left.",
            "Anne von der Heide",
            ["Anne von der Heide", "Von der Heide"],
        ),
        ("Marine Le Gall, a senator, spoke. Le Gall left.", "Marine Le Gall", ["Marine Le Gall", "Le Gall"]),
        ("Van Jones, a commentator, spoke. Jones left.", "Van Jones", ["Van Jones", "Jones"]),
        ("Ban Ki-moon spoke. Mr. Ban left.", "Ban Ki-moon", ["Ban Ki-moon", "Ban"]),
        ("The aide Zhang Yiwen spoke. Mr Zhang left.", "Zhang Yiwen", ["Zhang Yiwen", "Zhang"]),
        ("Ann Lee spoke. Her husband, Paul, left.", "Paul", ["Paul"]),
    ],
)
def test_one_person_by_several_names(text: str, name: str, mentions: list[str]) -> None:
    assert named(text)[name] == mentions


def test_strangers_of_one_surname_are_told_apart_by_title() -> None:
    found = named("Mr. Oduya sat down. Ms. Oduya rose. Mr. Oduya left; Ms. Oduya stayed.")
    assert found == {"Mr. Oduya": ["Oduya", "Oduya"], "Ms. Oduya": ["Oduya", "Oduya"]}


def test_a_title_tells_which_of_two_is_meant() -> None:
    found = named("Sen. Mike Lee met Rep. Barbara Lee. Sen. Lee smiled. Rep. Lee left, and Sen. Lee stayed.")
    assert found == {"Mike Lee": ["Mike Lee", "Lee", "Lee"], "Barbara Lee": ["Barbara Lee", "Lee"]}


@pytest.mark.parametrize(
    ("name", "surnames"),
    [
        ("Moon Jae-in", {"Moon", "Jae-in"}),
        ("Kim Campbell", {"Kim", "Campbell"}),  # may be either; both mean her
        ("Lee Harvey", {"Harvey"}),
        ("Jean-Luc Roe", {"Roe"}),
        ("Roe Smith-Jones", {"Smith-Jones"}),
        ("Martin Roe Jr.", {"Roe"}),
    ],
)
def test_surnames(name: str, surnames: set[str]) -> None:
    assert surnames_of(name) == surnames


def test_time_grows_with_the_number_of_people_not_its_square() -> None:
    def seconds(count: int) -> float:
        endings = islice(product("bdfgklmnprst", repeat=4), count)
        text = "\n\n".join(f"The clerk Ann Xa{''.join(ending)} spoke." for ending in endings)
        begun = time.perf_counter()
        people(text, Offices(None))
        return time.perf_counter() - begun

    seconds(50)
    assert seconds(1600) < 12 * seconds(400)
