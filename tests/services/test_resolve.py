from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quotes.models import Alias, Attribution, Speaker
from quotes.services import extract
from quotes.services.resolve import Resolver, named, terms_on
from quotes.text.namesakes import NO_STORY, Story
from quotes.text.parties import NOBODY, Party
from tests.factories import make_outlet, make_speaker, read_article

pytestmark = pytest.mark.django_db


def party(name: str | None = "Ann Lee", **kwargs: Any) -> Party:
    return Party(name, **{"description": name or "an aide", "kind": "person", "how": "name", **kwargs})


def resolved(name: str | None = "Ann Lee", story: Story = NO_STORY, **kwargs: Any) -> Speaker | None:
    return Resolver(story).resolve(party(name, **kwargs)).speaker


@pytest.mark.parametrize("printed", ["Ann Lee", "ANN LEE", " Ann \n Lee ", "Annie Lee", "annie lee"])
def test_one_who_goes_by_the_name(printed: str) -> None:
    ann = make_speaker("Ann Lee")
    Alias.objects.create(speaker=ann, text="Annie Lee")
    assert named(printed) == ann
    assert Speaker.objects.count() == 1


def test_a_new_name_makes_a_speaker() -> None:
    ann = resolved("  Ann   Lee ", kind="group", role="mayor")
    assert ann is not None
    assert (ann.name, ann.kind, ann.role) == ("Ann Lee", "group", "mayor")
    assert resolved("Ann Lee", kind="group") == ann


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_no_name_is_nobody(name: str) -> None:
    assert named(name) is None
    assert not Speaker.objects.exists()


def test_an_unknown_kind_is_a_person() -> None:
    speaker = resolved("Ann Lee", kind="ghost")
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
    assert named("Ann Lee") is None
    assert Resolver().resolve(party()) == (None, (("Ann Lee (mayor)", 0.5), ("Ann Lee (swimmer)", 0.5)))
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
    state, person = resolved("Georgia", kind="organisation"), resolved("Georgia", kind="person")
    assert person is None or person != state


def test_a_role_is_learned_once() -> None:
    ann = make_speaker("Ann Lee")
    assert resolved("Ann Lee", role="mayor") == ann
    assert resolved("Ann Lee", role="former mayor") == ann
    assert Speaker.objects.get().role == "mayor"


def test_long_names_and_roles_are_cut() -> None:
    speaker = resolved("A" * 2_000, role="r" * 2_000)
    assert speaker is not None
    assert (len(speaker.name), len(speaker.role)) == (300, 300)
    assert named("A" * 2_000) == speaker


@pytest.mark.parametrize("nobody", [NOBODY, party(None), party(None, kind="unnamed", how="as printed")])
def test_a_party_without_name_is_nobody(nobody: Party) -> None:
    assert Resolver().resolve(nobody).speaker is None
    assert not Speaker.objects.exists()


def test_a_resolver_asks_once_for_a_name(django_assert_num_queries: Any) -> None:
    make_speaker("Ann Lee")
    resolver = Resolver()
    with django_assert_num_queries(5):
        assert resolver.resolve(party()) == resolver.resolve(party()) != (None, ())


# --- namesakes ---

MAYOR = '"We will rebuild the bridge before winter," {} said. Paul Stone of the harbour board agreed.'


def speaker_of(text: str, words: str, **kwargs: Any) -> Speaker | None:
    article = read_article(text, **kwargs)
    return Attribution.objects.get(revision__article=article, spans__exact__contains=words).speaker


def test_a_country_that_differs_makes_another_person() -> None:
    first = speaker_of(MAYOR.format("Canadian minister Ann Lee"), "bridge")
    second = speaker_of('"I swam as I never swam," Australian minister Ann Lee said on Friday in Perth.', "swam")
    assert first is not None
    assert second is not None
    assert first != second
    assert (first.name, second.name) == ("Ann Lee", "Ann Lee")


def test_another_role_among_strangers_stays_open_and_names_those_it_may_be() -> None:
    first = speaker_of(MAYOR.format("Ann Lee, the mayor,"), "bridge")
    read_article('"I swam as I never swam," the singer Ann Lee said on Friday in Perth.')
    open_one = Attribution.objects.get(spans__exact__contains="swam", spans__role="content")
    assert first is not None
    assert open_one.speaker is None
    assert open_one.candidates == [["Ann Lee (mayor)", 1.0]]


def test_a_political_career_is_one_persons() -> None:
    first = speaker_of(MAYOR.format("Senator Ann Lee"), "bridge")
    assert first is not None
    assert speaker_of('"The roof comes next," Governor Ann Lee said on Friday in Perth.', "roof") == first


def test_another_role_in_the_same_company_is_the_same_person() -> None:
    read_article(MAYOR.format("Ann Lee, the mayor,") + ' "It will hold," Paul Stone said.')
    first = Speaker.objects.get(name="Ann Lee")
    text = '"I swam as I never swam," the singer Ann Lee said on Friday. Paul Stone watched from the pier.'
    assert speaker_of(text, "swam") == first


def test_an_outlet_tells_two_of_a_name_apart() -> None:
    paper, other = make_outlet(country="GB").name, make_outlet(country="AU").name
    mayor = speaker_of(MAYOR.format("British minister Ann Lee"), "bridge", outlet=paper)
    speaker_of('"I swam as I never swam," Australian minister Ann Lee said.', "swam", outlet=other)
    text = '"The roof comes next," the British minister Ann Lee said on Friday.'
    assert speaker_of(text, "roof", outlet=paper) == mayor


def test_a_surname_alone_is_tied_by_role_and_not_by_the_word() -> None:
    full = speaker_of(MAYOR.format("Mayor Dora Abara"), "bridge")
    assert speaker_of('"The roof comes next," said Mayor Abara on Friday in the town hall.', "roof") == full
    assert speaker_of('"I sold them all," Mr Abara said. He left on Friday for Perth.', "sold") is None


def test_every_country_has_a_health_ministry() -> None:
    indian, kenyan = make_outlet(country="IN").name, make_outlet(country="KE").name
    text = '"The outbreak is over," the Health Ministry said on {}. The wards were empty by noon.'
    first = speaker_of(text.format("Monday"), "outbreak", outlet=indian)
    assert speaker_of(text.format("Tuesday"), "outbreak", outlet=indian) == first is not None
    assert speaker_of(text.format("Friday"), "outbreak", outlet=kenyan) not in (None, first)


def test_reading_again_ties_as_before() -> None:
    article = read_article(MAYOR.format("Ann Lee, the mayor,"))
    ann = Speaker.objects.get(name="Ann Lee")
    Attribution.objects.update(extractor="older")
    extract.read_revision(article.revisions.get())
    assert set(Attribution.objects.exclude(speaker=None).values_list("speaker__name", flat=True)) == {ann.name}
    assert Speaker.objects.filter(name="Ann Lee").count() == 1


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
