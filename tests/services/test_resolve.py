from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quotes.models import Alias, Attribution, Speaker
from quotes.services.resolve import Resolver, named, terms_on
from quotes.text.parties import NOBODY, Party
from tests.factories import make_speaker, read_article

pytestmark = pytest.mark.django_db


def party(name: str | None = "Ann Lee", **kwargs: Any) -> Party:
    return Party(name, **{"description": name or "an aide", "kind": "person", "how": "name", **kwargs})


@pytest.mark.parametrize("printed", ["Ann Lee", "ANN LEE", " Ann \n Lee ", "Annie Lee", "annie lee"])
def test_one_who_goes_by_the_name(printed: str) -> None:
    ann = make_speaker("Ann Lee")
    Alias.objects.create(speaker=ann, text="Annie Lee")
    assert named(printed) == ann
    assert Speaker.objects.count() == 1


def test_a_new_name_makes_a_speaker() -> None:
    ann = named("  Ann   Lee ", kind="group", role="mayor")
    assert ann is not None
    assert (ann.name, ann.kind, ann.role) == ("Ann Lee", "group", "mayor")
    assert named("Ann Lee") == ann


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_no_name_is_nobody(name: str) -> None:
    assert named(name) is None
    assert not Speaker.objects.exists()


def test_an_unknown_kind_is_a_person() -> None:
    speaker = named("Ann Lee", kind="ghost")
    assert speaker is not None
    assert speaker.kind == "person"


@pytest.mark.parametrize("kind", ["title", "epithet"])
def test_titles_and_epithets_are_no_names(kind: str) -> None:
    ann = make_speaker("Ann Lee")
    Alias.objects.create(speaker=ann, text="The Iron Mayor", kind=kind)
    assert named("The Iron Mayor") != ann


def test_namesakes_are_never_chosen_between() -> None:
    make_speaker("Ann Lee", role="mayor")
    make_speaker("Ann Lee", role="swimmer")
    assert named("Ann Lee", role="mayor") is None
    assert Speaker.objects.count() == 2


def test_a_namesake_by_alias_counts() -> None:
    make_speaker("Ann Lee")
    Alias.objects.create(speaker=make_speaker("Ann Stone"), text="Ann Lee")
    assert named("Ann Lee") is None


def test_namesakes_leave_the_attribution_unresolved() -> None:
    make_speaker("Ann Lee", role="mayor")
    make_speaker("Ann Lee", role="swimmer")
    read_article('"We will rebuild the bridge before winter," Ann Lee said. She left early on Tuesday.')
    attribution = Attribution.objects.get()
    assert attribution.speaker is None
    assert attribution.speaker_printed == "Ann Lee"
    assert attribution.variant is not None
    assert attribution.variant.quote.speaker is None


def test_merged_speakers_are_skipped() -> None:
    kept = make_speaker("Ann Lee")
    make_speaker("Ann Lee", merged_into=kept)
    assert named("Ann Lee") == kept


def test_the_name_of_a_merged_speaker_means_the_one_merged_into() -> None:
    kept = make_speaker("Yuri Ushakov")
    make_speaker("Yury Ushakov", merged_into=kept)
    assert named("Yury Ushakov") == kept


def test_a_person_is_not_the_organisation_of_the_same_name() -> None:
    state = Resolver().speaker(party("Georgia", kind="organisation"))
    person = Resolver().speaker(party("Georgia", kind="person"))
    assert person is None or person != state


def test_a_role_is_learned_once() -> None:
    ann = make_speaker("Ann Lee")
    assert named("Ann Lee", role="mayor") == ann
    assert named("Ann Lee", role="former mayor") == ann
    assert Speaker.objects.get().role == "mayor"


def test_long_names_and_roles_are_cut() -> None:
    speaker = named("A" * 2_000, role="r" * 2_000)
    assert speaker is not None
    assert (len(speaker.name), len(speaker.role)) == (300, 300)
    assert named("A" * 2_000) == speaker


@pytest.mark.parametrize("nobody", [NOBODY, party(None), party(None, kind="unnamed", how="as printed")])
def test_a_party_without_name_is_nobody(nobody: Party) -> None:
    assert Resolver().speaker(nobody) is None
    assert not Speaker.objects.exists()


def test_a_resolver_asks_once_for_a_name(django_assert_num_queries: Any) -> None:
    make_speaker("Ann Lee")
    resolver = Resolver()
    with django_assert_num_queries(1):
        assert resolver.speaker(party()) == resolver.speaker(party()) is not None


# --- titles ---


def add_title(text: str, **kwargs: Any) -> Alias:
    return Alias.objects.create(speaker=make_speaker("Zelda Quint"), text=text, kind="title", **kwargs)


def test_titles_as_terms() -> None:
    add_title(
        "French foreign minister", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 1), source="the ministry"
    )
    (term,) = terms_on(date(2025, 5, 21))
    assert (term.country, term.phrases, term.holder) == ("FR", ("foreign minister",), "Zelda Quint")
    assert (term.since, term.until, term.source) == (date(2025, 1, 1), date(2025, 12, 1), "the ministry")
    assert terms_on(date(2025, 12, 1)) == []
    assert terms_on(None) == []


@pytest.mark.parametrize("text", ["Grand Poobah of Everything", "—", "the"])
def test_a_title_that_names_no_office_is_left_out(text: str) -> None:
    add_title(text)
    assert all(term.holder == "Zelda Quint" for term in terms_on(date(2025, 5, 21)))


def test_terms_take_one_query(django_assert_num_queries: Any) -> None:
    for number in range(3):
        add_title(f"French culture minister {number}")
    with django_assert_num_queries(1):
        terms_on(date(2025, 5, 21))


def test_a_title_names_its_holder_whoever_else_has_the_name() -> None:
    alias = add_title("Peruvian culture minister")
    make_speaker("Zelda Quint", role="swimmer")
    read_article("The Peruvian culture minister said on Wednesday that the bridge would be rebuilt before winter.")
    assert Attribution.objects.get().speaker == alias.speaker
