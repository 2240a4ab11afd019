from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from quotes.models import Alias, Speaker
from tests.factories import make_attribution, make_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Speaker:
    ann = make_speaker("Ann Lee")
    Alias.objects.create(speaker=ann, text="Annie Lee")
    Alias.objects.create(speaker=ann, text="Harwick mayor", kind="title")
    Alias.objects.create(speaker=ann, text="the Iron Mayor", kind="epithet")
    return ann


def test_current_leaves_merged_ones_out(ann: Speaker) -> None:
    make_speaker("A. Lee", merged_into=ann)
    assert list(Speaker.objects.current()) == [ann]


@pytest.mark.parametrize("name", ["Ann Lee", "ANN LEE", "Annie Lee", "annie lee"])
def test_going_by_a_name(ann: Speaker, name: str) -> None:
    assert list(Speaker.objects.going_by(name)) == [ann]


@pytest.mark.parametrize(
    "name", ["Ann", "Lee", "Ann Lee Stone", "Harwick mayor", "the Iron Mayor", "A%", "Ann_Lee", "%", ""]
)
def test_going_by_nothing_but_a_whole_name(ann: Speaker, name: str) -> None:
    assert not Speaker.objects.going_by(name).exists()


def test_going_by_counts_each_once_merged_ones_included(ann: Speaker) -> None:
    Alias.objects.create(speaker=ann, text="ann lee")
    merged = make_speaker("Ann Lee", merged_into=ann)
    namesake = make_speaker("Ann Lee")
    assert set(Speaker.objects.going_by("Ann Lee")) == {ann, merged, namesake}
    assert set(Speaker.objects.current().going_by("Ann Lee")) == {ann, namesake}


@pytest.mark.parametrize(
    ("name", "surname", "is_theirs"),
    [
        ("Ann Lee", "Lee", True),
        ("Ann Lee", "LEE", True),
        ("Lee", "Lee", True),
        ("Ursula von der Leyen", "Leyen", True),
        ("Ursula von der Leyen", "der Leyen", False),
        ("Ann Lee-Moor", "Moor", False),
        ("Ann Leeson", "Lee", False),
        ("Ann Le%", "Lee", False),
        ("李 明", "明", True),
        ("Ann É", "É", True),
        ("Ann  Lee", "Lee", True),
    ],
)
def test_of_a_surname(name: str, surname: str, is_theirs: bool) -> None:
    make_speaker(name)
    assert Speaker.objects.of_surname(surname).exists() is is_theirs


def test_only_people_have_surnames() -> None:
    make_speaker("Bank of Lee", kind="organisation")
    assert not Speaker.objects.of_surname("Lee").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rightly reads small tables whole")
def test_names_are_found_by_indexes() -> None:
    named, surname = Speaker.objects.going_by("Ann Lee").explain(), Speaker.objects.of_surname("Lee").explain()
    for index, plan in (("speaker_called", named), ("alias_called", named), ("speaker_of_surname", surname)):
        assert f"USING INDEX {index} " in plan
        assert "SCAN" not in plan


@pytest.mark.parametrize("words", ["Ann", "nn l", "annie", "Harwick", "iron"])
def test_matching_part_of_any_name(ann: Speaker, words: str) -> None:
    make_speaker("Bob Stone")
    make_speaker("Annie Harwick Iron", merged_into=ann)
    assert list(Speaker.objects.matching(words)) == [ann]


@pytest.mark.parametrize("words", ["_nn", "A%e", "Lee Ann", "';--"])
def test_not_matching(ann: Speaker, words: str) -> None:
    assert not Speaker.objects.matching(words).exists()


@pytest.mark.parametrize(("name", "printed"), [("Élise Öberg", "élise öberg"), ("Иван Жуков", "ИВАН ЖУКОВ")])
def test_letter_case_of_any_alphabet(name: str, printed: str) -> None:
    make_speaker(name)
    assert Speaker.objects.going_by(printed).exists()
    assert Speaker.objects.matching(printed).exists()


def test_counts_say_what_lists_show(ann: Speaker) -> None:
    bob = make_speaker("Bob Stone")
    make_attribution("We will rebuild it.", speaker=ann, via=(bob,))
    make_attribution("It will be green.", speaker=ann)
    make_attribution("It never was.", speaker=ann, via=(bob,), status="rejected")
    counts = {s.name: (s.said_count, s.relayed_count) for s in Speaker.objects.with_counts()}  # type: ignore[attr-defined]
    assert counts == {"Ann Lee": (2, 0), "Bob Stone": (0, 1)}


def test_counts_of_a_search_are_not_multiplied_by_aliases(ann: Speaker) -> None:
    make_attribution("We will rebuild it.", speaker=ann)
    assert [s.said_count for s in Speaker.objects.matching("e").with_counts()] == [1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("since", "until", "day", "held"),
    [
        (None, None, date(2025, 5, 21), True),
        (date(2025, 5, 21), None, date(2025, 5, 21), True),
        (date(2025, 5, 22), None, date(2025, 5, 21), False),
        (None, date(2025, 5, 22), date(2025, 5, 21), True),
        (None, date(2025, 5, 21), date(2025, 5, 21), False),
        (date(2025, 1, 1), date(2025, 12, 31), date(2025, 5, 21), True),
        (date(2025, 1, 1), date(2025, 12, 31), date(2026, 5, 21), False),
        (date(2025, 1, 1), None, None, True),
        (date(2025, 1, 1), date(2025, 12, 31), None, False),
    ],
)
def test_titles_held_on_a_day(since: date | None, until: date | None, day: date | None, held: bool) -> None:
    alias = Alias.objects.create(
        speaker=make_speaker(), text="Harwick mayor", kind="title", valid_from=since, valid_until=until
    )
    assert list(Alias.objects.titles_on(day)) == ([alias] if held else [])


@pytest.mark.parametrize("kind", ["name", "epithet"])
def test_only_titles_are_titles(kind: str) -> None:
    Alias.objects.create(speaker=make_speaker(), text="Harwick mayor", kind=kind)
    assert not Alias.objects.titles_on(date(2025, 5, 21)).exists()
