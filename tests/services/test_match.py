from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from quotes.models import Article, Attribution, Match, Quote, Speaker, Variant
from quotes.services import extract
from quotes.services.extract import read_revision
from quotes.services.match import place
from quotes.services.propose import propose
from tests.factories import PUBLISHED, make_article, make_attribution, make_speaker, read_article

pytestmark = pytest.mark.django_db

LONG = "The old stone bridge across the river Harrow will reopen before the autumn rains arrive in town."
MIDDLE = "We will rebuild the stone bridge before winter comes."
SHORT = "No comment today."
DAY = PUBLISHED.date()


def says(words: str, *, days: int = 0, speaker: str = "Ann Lee") -> Attribution:
    """An article of another outlet, so many days later, in which somebody says the words."""
    number = Article.objects.count()
    article = read_article(
        f'Reporters waited outside hall {number} on Tuesday. {speaker} said: "{words}"',
        outlet=f"Outlet {number}",
        published=PUBLISHED + timedelta(days=days),
    )
    return Attribution.objects.select_related("variant__quote").get(revision__article=article)


def quote(attribution: Attribution) -> Quote:
    assert attribution.variant is not None
    return attribution.variant.quote


@pytest.mark.parametrize(
    ("words", "days", "linked"),
    [
        (LONG, 0, True),
        (LONG, 7, True),
        (LONG, 700, True),
        (MIDDLE, 0, True),
        (MIDDLE, 7, True),
        (MIDDLE, 30, True),
        (MIDDLE, -7, True),
        (MIDDLE, 90, False),
        (SHORT, 2, True),
        (SHORT, 3, False),
        (SHORT, -2, True),
        (SHORT, -3, False),
    ],
)
def test_equal_words_of_one_speaker_are_linked_within_a_window(words: str, days: int, linked: bool) -> None:
    first, second = says(words), says(words, days=days)
    assert (quote(first) == quote(second)) is linked
    if linked:
        assert quote(second).article_count == quote(second).outlet_count == 2
        assert first.variant == second.variant
        assert not Match.objects.exists()


def test_marks_and_letter_case_do_not_count() -> None:
    first, second = (
        says("We will rebuild the bridge, before winter."),
        says("We will rebuild the Bridge – before winter!"),
    )
    assert first.variant == second.variant


def test_the_window_moves_on_with_the_reports() -> None:
    first = says(MIDDLE)
    assert quote(says(MIDDLE, days=6)) == quote(says(MIDDLE, days=12)) == quote(first)


def test_equal_words_of_two_speakers_are_two_quotes() -> None:
    assert quote(says(LONG)) != quote(says(LONG, speaker="Bob Stone"))
    assert not Match.objects.exists()


@pytest.mark.parametrize("words", [LONG, MIDDLE])
def test_unresolved_speakers_are_never_linked(words: str) -> None:
    make_speaker("Ann Lee")
    make_speaker("Ann Lee")
    first, second = says(words), says(words)
    assert first.speaker is second.speaker is None
    assert quote(first) != quote(second)
    assert not Match.objects.exists()


def test_a_merged_quote_takes_no_further_words() -> None:
    first = quote(says(LONG))
    Quote.objects.filter(pk=first.pk).update(merged_into=Quote.objects.create(words="Kept."))
    assert quote(says(LONG)) != first


def test_signs_are_not_all_the_same_words() -> None:
    ann = make_speaker()
    first, second = make_attribution("👍", speaker=ann), make_attribution("Well.", speaker=ann)
    place(second, "🔥", DAY)
    assert quote(first) != quote(second)


# --- proposals ---


@pytest.mark.parametrize(
    ("one", "other", "alarm"),
    [
        (
            "Neither of the two presidents wanted to end the call on Monday night, and that is rare.",
            "Both of the two presidents wanted to end the call on Monday night, and that is rare.",
            "neither",
        ),
        (
            "We will not rebuild the old stone bridge before the winter comes.",
            "We will rebuild the old stone bridge before the winter comes.",
            "not",
        ),
        (
            "We shot down 159 of the drones that flew over our territory.",
            "We shot down 195 of the drones that flew over our territory.",
            "159",
        ),
    ],
)
def test_a_changed_meaning_is_proposed_with_an_alarm_and_never_linked(one: str, other: str, alarm: str) -> None:
    first, second = says(one), says(other)
    assert quote(first) != quote(second)
    match = Match.objects.get()
    assert (match.one, match.other, match.outcome) == (first.variant, second.variant, "proposed")
    assert alarm in " ".join(match.alarms).lower()
    assert "Both are put down to the same speaker." in match.reasons
    assert "Reported on the same day." in match.reasons


OLD = "We will rebuild the old stone bridge before the winter comes."


@pytest.mark.parametrize(
    "other",
    [
        "We are going to rebuild the old stone bridge before winter.",
        "they would rebuild the old stone bridge before the winter",
        "before winter comes we'll rebuild the old stone bridge",
    ],
)
def test_a_rewording_in_another_article_is_linked_with_its_reasons(other: str) -> None:
    first, second = says(OLD), says(other, days=1)
    assert quote(first) == quote(second)
    assert first.variant != second.variant
    match = Match.objects.get()
    assert (match.outcome, match.one, match.other, match.alarms) == ("linked", first.variant, second.variant, [])
    assert match.score >= 0.9
    assert "Reported 1 day apart." in match.reasons
    assert quote(second).report_count == 2


def test_a_doubtful_rewording_is_proposed() -> None:
    first = says(OLD)
    second = says("The bridge of stone, the old one, gets a mayor's promise of winter.", days=0)
    assert quote(first) != quote(second)
    match = Match.objects.get()
    assert match.outcome == "proposed"
    assert match.score >= 0.5


def test_what_another_speaker_said_is_never_linked() -> None:
    assert quote(says(OLD)) != quote(says(OLD, speaker="Bob Stone"))
    assert quote(says(OLD)) != quote(says("before winter comes we'll rebuild the old stone bridge", speaker="Eve Hart"))


def test_no_chain_of_likeness_makes_a_quote() -> None:
    """A and B overlap, B and C overlap, A and C do not: C must be like the whole of the quote, not like B alone."""
    one = says("We will rebuild the old stone bridge before the winter comes to Harwick.")
    both = says(
        "We will rebuild the old stone bridge before the winter comes to Harwick, and the ferry captains keep their reef."
    )
    last = says("And the ferry captains keep their reef and every lantern on the western harbour wall.")
    assert quote(one) == quote(both)
    assert quote(last) != quote(one)


def test_the_same_thing_twice_in_one_article_is_for_a_person_to_tell() -> None:
    read_article(
        "Reporters waited. Ann Lee said they would rebuild the old stone bridge before the winter.\n\n"
        f'Ann Lee said: "{OLD}"'
    )
    assert Quote.objects.shown().count() == 2
    assert Match.objects.get().outcome == "proposed"


@pytest.mark.parametrize(
    ("other", "days", "speaker"),
    [
        ("The pool will stay open for one more summer.", 0, "Ann Lee"),
        ("We will repair the stone steps at the harbour.", 300, "Ann Lee"),
        ("We are going to rebuild the old stone bridge before winter.", 0, "Bob Stone"),
    ],
)
def test_what_is_not_proposed(other: str, days: int, speaker: str) -> None:
    says("We will rebuild the old stone bridge before the winter comes.")
    says(other, days=days, speaker=speaker)
    assert not Match.objects.exists()


def test_anytime_is_tied_to_the_longer_quote(founding_article: Article) -> None:
    match = Match.objects.get(reasons__icontains="anytime")
    pair = {match.one.wording, match.other.wording}
    assert any("Vladimir" in wording for wording in pair)
    assert any("Putin's calls" in wording for wording in pair)
    assert match.outcome == "proposed"
    assert match.alarms == []


def test_a_fragment_of_another_article_is_not_tied() -> None:
    says("You can pick up the phone anytime, and I will be happy to answer it.")
    says("Anytime.")
    assert not Match.objects.exists()


def test_reading_again_proposes_nothing_anew(founding_article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(Match.objects.order_by("pk").values())
    assert before
    revision = founding_article.current_revision
    assert revision is not None
    read_revision(revision)
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    read_revision(revision)
    read_revision(revision)
    assert list(Match.objects.order_by("pk").values()) == before


def test_one_proposal_for_a_pair_whoever_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    attributions = [says(f"We will {end}rebuild the old stone bridge before the winter comes.") for end in ("", "not ")]
    assert Match.objects.count() == 1
    for attribution in attributions:
        propose([attribution], DAY)
    propose(attributions, DAY)
    assert Match.objects.count() == 1


@pytest.mark.parametrize("outcome", Match.Outcome.values)
def test_what_an_editor_said_of_a_pair_stays(outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    says(OLD)
    second = says("We are not going to rebuild the old stone bridge before winter.")
    Match.objects.update(outcome=outcome)
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    read_revision(second.revision)
    assert [match.outcome for match in Match.objects.all()] == [outcome]


def test_nobody_is_compared_with_nobody() -> None:
    make_attribution("We will rebuild the old stone bridge before the winter comes.")
    propose([make_attribution("We will rebuild the old stone bridge before the winter came.")], DAY)
    assert not Match.objects.exists()


# --- place ---


@pytest.mark.parametrize("wording", ["", "  ", "\n"])
def test_no_words_no_quote(wording: str) -> None:
    attribution = make_attribution()
    Attribution.objects.update(variant=None)
    attribution.refresh_from_db()
    place(attribution, wording, DAY)
    assert attribution.variant is None


def test_what_is_in_its_place_stays(django_assert_num_queries: Any) -> None:
    attribution = says(LONG)
    with django_assert_num_queries(0):
        place(attribution, LONG.upper(), DAY)


def test_a_new_quote_says_when_and_whose() -> None:
    attribution = says(LONG)
    assert quote(attribution).speaker == Speaker.objects.get()
    assert quote(attribution).first_seen == quote(attribution).last_seen == PUBLISHED
    assert Variant.objects.get().wording == LONG.rstrip('"')


def test_without_a_day_a_few_words_are_not_linked() -> None:
    ann = make_speaker()
    for words, linked in ((LONG, True), (SHORT, False)):
        first = make_attribution(words, speaker=ann)
        second = make_attribution("Other words.", speaker=ann, article=make_article(f"She said: Other words. {words}"))
        place(second, words, None)
        assert (second.variant == first.variant) is linked
