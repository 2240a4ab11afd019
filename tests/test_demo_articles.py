"""What the demo is for: each article tells the same remarks as another kind of outlet would."""

from __future__ import annotations

import pytest

from quotes.models import Article, Attribution, Match, Quote


def said_in(outlet: str, words: str) -> Attribution:
    found = Attribution.objects.filter(revision__article__outlet__name=outlet, variant__wording__contains=words)
    return found.get()


def chain(attribution: Attribution) -> list[str]:
    return [relay.label for relay in attribution.relays.all()]


def test_only_the_founding_article_is_of_a_real_outlet(demo: None) -> None:
    assert list(Article.objects.filter(outlet__is_demo=False).values_list("outlet__name", flat=True)) == ["Newspoint"]
    assert Article.objects.filter(outlet__is_demo=True).count() >= 8
    assert all("example" in (article.canonical_url or "") for article in Article.objects.filter(outlet__is_demo=True))


def test_the_founding_article_holds_these_and_no_others(demo: None) -> None:
    found = Attribution.objects.filter(revision__article__outlet__name="Newspoint").in_text_order()
    assert [(a.speaker.name if a.speaker else None, chain(a), a.sourcing) for a in found] == [
        ("Kremlin", [], "firsthand"),
        ("Russia", [], "firsthand"),
        ("Russia’s defence ministry", [], "firsthand"),
        ("Ukraine’s national guard", [], "firsthand"),
        ("Donald Trump", ["Yuri Ushakov"], "secondhand"),
        ("Yuri Ushakov", [], "firsthand"),
        ("Donald Trump", ["Yuri Ushakov"], "secondhand"),
        ("Donald Trump", ["Yuri Ushakov"], "secondhand"),
        ("Yuri Ushakov", [], "firsthand"),
        ("Yuri Ushakov", [], "firsthand"),
    ]


def test_a_copy_and_the_full_version_are_one_quote(demo: None) -> None:
    quote = Quote.objects.get(words__startswith="Vladimir, you can pick up", words__endswith="talk to you.")
    outlets = {a.revision.article.outlet.name for v in quote.variants.all() for a in v.attributions.all()}  # type: ignore[union-attr]
    assert outlets == {"Newspoint", "Harbour Herald", "Evening Courier", "City Brief"}


def test_the_shortened_and_the_translated_version_keep_their_chain(demo: None) -> None:
    assert chain(said_in("City Brief", "happy to answer")) == ["Yuri Ushakov"]
    assert chain(said_in("Lake County Mirror", "lift the receiver")) == ["Yuri Ushakov"]


def test_the_credited_agency_is_the_second_hand(demo: None) -> None:
    credited = said_in("Coastal Post", "anytime")
    assert (chain(credited), credited.sourcing) == (["Yuri Ushakov", "Northern Wire"], "thirdhand")
    assert said_in("Coastal Post", "Neither of them").sourcing == "pickup"


@pytest.mark.parametrize(
    ("words", "alarm"),
    [
        ("Russia shot down 195 drones", "The figures differ: “195”, “159”."),
        ("not to take Putin's calls", "Only one of the two says “not”."),
    ],
)
def test_a_changed_number_or_not_is_proposed_with_an_alarm_and_never_linked(demo: None, words: str, alarm: str) -> None:
    odd = said_in("Daily Ledger", words)
    assert odd.variant is not None
    matches = Match.objects.touching(odd.variant.quote)
    assert any(alarm in match.alarms for match in matches)
    assert odd.variant.quote.article_count == 1


def test_firsthand_quotes_of_two_outlets_meet(demo: None) -> None:
    quote = Quote.objects.get(words__startswith="This town learned to swim")
    assert (quote.sourcing, quote.article_count, quote.outlet_count) == ("firsthand", 2, 2)
    assert quote.speaker is not None
    assert quote.speaker.name == "Margaret Dunne"


def test_the_copy_rests_on_what_it_copies_and_everything_else_on_one_man(demo: None) -> None:
    copy = Article.objects.get(outlet__name="Evening Courier")
    assert copy.copied_from is not None
    assert (copy.copied_from.outlet.name, copy.copied_percent) == ("Harbour Herald", 100)  # type: ignore[union-attr]
    quote = Quote.objects.get(words__startswith="Vladimir, you can pick up", words__endswith="talk to you.")
    assert (quote.article_count, quote.origin_count) == (4, 1)


def test_two_newsrooms_that_heard_it_are_two_origins(demo: None) -> None:
    quote = Quote.objects.get(words__startswith="This town learned to swim")
    assert (quote.article_count, quote.origin_count) == (2, 2)


def test_the_back_translation_is_offered_and_never_linked(demo: None) -> None:
    back = said_in("Lake County Mirror", "lift the receiver").variant
    assert back is not None
    assert back.quote.article_count == 1
    likeliest = Match.objects.touching(back.quote).asked().likeliest_first().with_wordings()[0]
    assert likeliest.is_suggestion
    other = likeliest.one if likeliest.other == back else likeliest.other
    assert other.wording.startswith("Vladimir, you can pick up the phone")


def test_what_lost_its_neither_stands_alone(demo: None) -> None:
    odd = said_in("Daily Ledger", "both presidents wanted").variant
    assert odd is not None
    assert odd.quote.article_count == 1
