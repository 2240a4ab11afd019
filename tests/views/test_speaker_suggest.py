"""Names offered while one is being typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from quotes.models import Alias, Speaker
from quotes.services.resolve import meant
from tests.factories import make_quote, make_speaker
from tests.html import text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/speakers/suggest/"


def offered(client: Client, **given: Any) -> list[tuple[str, str]]:
    """(what is filled in, how one knows them) of each option."""
    response = client.get(ADDRESS, given)
    assert response.status_code == 200
    body = response.content.decode()
    assert "<html" not in body
    options = html.fromstring(f"<datalist>{body}</datalist>").cssselect("option")
    return [(option.get("value"), text_of(option)) for option in options]


def test_names_that_hold_the_words_are_offered_with_role_and_titles(client: Client) -> None:
    ann = make_speaker("Ann Lee", role="mayor")
    Alias.objects.create(speaker=ann, text="governor", kind="title", valid_from=date(2024, 1, 1))
    Alias.objects.create(speaker=ann, text="mayor", kind="title")
    make_speaker("Bob Stone")
    assert offered(client, speaker="ann") == [("Ann Lee", "mayor; governor, 1 Jan 2024 to now")]


def test_those_of_most_quotes_come_first_and_eight_are_enough(client: Client) -> None:
    speakers = [make_speaker(f"Lee {n}") for n in range(12)]
    for speaker in (speakers[11], speakers[11], speakers[7]):
        make_quote(f"Words of {speaker}.", speaker)
    found = [name for name, _ in offered(client, name="Lee")]
    assert len(found) == 8
    assert found[:3] == ["Lee 11", "Lee 7", "Lee 0"]


def test_one_of_several_is_offered_by_number_and_so_understood(client: Client) -> None:
    twins = [make_speaker("Ann Lee", role=role) for role in ("mayor", "painter")]
    found = offered(client, into="ann lee")
    assert set(found) == {(f"Ann Lee #{twin.pk}", twin.role) for twin in twins}
    assert {meant(value)[0] for value, _ in found} == set(twins)


def test_a_merged_namesake_takes_no_number(client: Client) -> None:
    ann = make_speaker("Ann Lee")
    make_speaker("Ann Lee", merged_into=ann)
    assert offered(client, other="Ann Lee") == [("Ann Lee", "")]


def test_an_epithet_finds_its_speaker(client: Client) -> None:
    don = make_speaker("Donald Trump")
    Alias.objects.create(speaker=don, text="the Donald", kind="epithet")
    assert offered(client, name="the don") == [("Donald Trump", "")]


@pytest.mark.parametrize("field", ["speaker", "who_1", "into", "name", "other", "anything"])
def test_whatever_the_field_is_called(field: str, client: Client) -> None:
    make_speaker("Ann Lee")
    assert offered(client, **{field: "Ann"}) == [("Ann Lee", "")]


@pytest.mark.parametrize("words", ["", "  ", "\x00", "nobody", "Ann%", "A_n", "' OR 1=1", "x" * 5000, "😀", "\\"])
def test_words_that_find_nobody_offer_nobody(words: str, client: Client) -> None:
    make_speaker("Ann Lee")
    assert offered(client, name=words) == []


@pytest.mark.parametrize("words", ["ÉLODIE", "élodie", "Élodie"])
def test_letters_beyond_ascii_are_found_in_any_case(words: str, client: Client) -> None:
    make_speaker("Élodie Marchand")
    assert offered(client, name=words) == [("Élodie Marchand", "")]


def test_nothing_asked_offers_nobody(client: Client) -> None:
    make_speaker("Ann Lee")
    assert offered(client) == []


def test_it_costs_three_queries_however_many_there_are(client: Client) -> None:
    for number in range(30):
        speaker = make_speaker(f"Ann Lee {number % 20}")
        Alias.objects.create(speaker=speaker, text=f"title {number}", kind="title")
    with CaptureQueriesContext(connection) as captured:
        offered(client, name="Ann")
    assert len(captured) <= 3


def test_hostile_names_are_escaped(client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    make_speaker(bad, role=bad), make_speaker(bad)
    body = client.get(ADDRESS, {"name": "script"}).content.decode()
    assert "<script" not in body
    assert body.count("&lt;script&gt;") == 3
    assert {value.rsplit(" #", 1)[0] for value, _ in offered(client, name="script")} == {bad}


def test_it_only_answers(client: Client, settings: Any) -> None:
    assert client.post(ADDRESS, {"name": "Ann"}).status_code == 405
    settings.HEARSAY_ANONYMOUS_READING = False
    make_speaker("Ann Lee")
    assert client.get(ADDRESS, {"name": "Ann"}).status_code == 302
    assert Speaker.objects.count() == 1
