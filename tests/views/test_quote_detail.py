from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quotes.models import Article, Problem, Quote, Variant
from quotes.services import flag as flags
from quotes.services import problem, summary
from quotes.text.normalize import fingerprint
from tests.factories import (
    make_article,
    make_attribution,
    make_flag,
    make_outlet,
    make_quote,
    make_speaker,
    read_article,
)
from tests.html import page, text_of, texts


@pytest.fixture
def anytime(founding_article: Article) -> Quote:
    return Quote.objects.get(words__startswith="Vladimir, you can pick up")


def test_in_ten_seconds(anytime: Quote, client: Client) -> None:
    tree = page(client, anytime.get_absolute_url())
    (words,) = texts(tree, ".words blockquote")
    assert words.startswith("“Vladimir, you can pick up the phone")
    (caption,) = texts(tree, ".words figcaption")
    assert caption.startswith("Said to be by Donald Trump")
    verdict = texts(tree, ".verdict")[0]
    assert "Secondhand Known only through Yuri Ushakov. 1 article in 1 outlet. No firsthand source found" in verdict


def test_the_chain_in_order_with_the_words_that_say_so(anytime: Quote, client: Client) -> None:
    tree = page(client, anytime.get_absolute_url())
    steps = texts(tree, ".chain li")
    assert [step.split(" said")[0].split(",")[0].split(" printed")[0] for step in steps] == [
        "Donald Trump",
        "Yuri Ushakov",
        "Newspoint",
    ]
    assert "inferred from the passage" in steps[1]
    assert "reportedly said" in text_of(tree.cssselect(".context .m-cue")[0])


def test_fragment_is_offered_not_joined(anytime: Quote, client: Client) -> None:
    (similar,) = [s for s in page(client, anytime.get_absolute_url()).cssselect("section") if "Similar" in text_of(s)]
    assert 'to answer Putin\'s calls "anytime"' in text_of(similar)
    assert "proposed" in text_of(similar)


def test_an_open_flag_shows_above_and_beside(anytime: Quote, editor: User, client: Client) -> None:
    make_flag(anytime, editor, reason="Only the aide has it.")
    tree = page(client, anytime.get_absolute_url())
    assert "Secondhand: open" in texts(tree, ".verdict")[0]
    assert "Only the aide has it." in text_of(tree.cssselect("#flags")[0])
    row = next(r for r in page(client, "/quotes/").cssselect("tbody tr") if "Vladimir, you can" in text_of(r))
    assert "Secondhand" in texts(row, ".tag.flag")


def test_wordings_are_compared_with_the_best(db: None, client: Client) -> None:
    speaker = make_speaker()
    first = make_attribution("We will rebuild the bridge before winter.", speaker=speaker)
    assert first.variant is not None
    quote = first.variant.quote
    from quotes.models import Variant
    from quotes.text.normalize import fingerprint

    Variant.objects.create(
        quote=quote, wording="We will rebuild the bridge.", fingerprint=fingerprint("We will rebuild the bridge.")
    )
    make_attribution("We will rebuild the bridge.", speaker=speaker, quote=quote)
    tree = page(client, quote.get_absolute_url())
    assert texts(tree, "del") == ["before winter."] or texts(tree, "del") == ["bridge before winter."]


def test_a_merged_quote_redirects(db: None, client: Client) -> None:
    kept, gone = make_quote("Kept words."), make_quote("Gone words.")
    Quote.objects.filter(pk=gone.pk).update(merged_into=kept)
    response = client.get(gone.get_absolute_url())
    assert (response.status_code, response["Location"]) == (302, kept.get_absolute_url())


def test_a_quote_nobody_reports_any_more_says_so(db: None, client: Client) -> None:
    tree = page(client, make_quote().get_absolute_url())
    assert "No article reports this any more." in text_of(tree)


@pytest.mark.django_db
def test_each_similar_quote_is_listed_once(client: Client) -> None:
    for number in range(3):
        read_article('Ann Lee said: "We will rebuild the old stone bridge before winter."', outlet=f"Paper {number}")
    read_article('Ann Lee said: "We will not rebuild the old stone bridge before winter."', outlet="Other paper")
    rebuilt = Quote.objects.get(article_count=3)
    page = client.get(rebuilt.get_absolute_url()).content.decode()
    assert page.count("Only one of the two says") == 1


def test_reported_speech_stands_without_quotation_marks(founding_article: Article, client: Client) -> None:
    quote = Quote.objects.get(words__contains="Putin's calls")
    tree = page(client, quote.get_absolute_url())
    assert texts(tree, ".words blockquote") == ['to answer Putin\'s calls "anytime"']
    assert "not word for word" in texts(tree, ".words figcaption")[0]


def test_grade_safe_wording_signals_and_where_we_looked(anytime: Quote, client: Client) -> None:
    tree = page(client, anytime.get_absolute_url())
    (verdict,) = texts(tree, ".verdict")
    assert "Grade D: known only through one named relay, Yuri Ushakov." in verdict
    assert texts(tree, "#safe-wording")[0].startswith(
        "By what reads as Yuri Ushakov’s account, Donald Trump is reported"
    )
    assert texts(tree, ".signals strong") == ["Secondhand.", "Hedged."]
    assert "None found." in texts(tree, "#firsthand")[0]
    assert "Looked in 1 article of 1 outlet" in texts(tree, "#firsthand")[0]


def test_a_firsthand_report_is_linked(db: None, client: Client) -> None:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    tree = page(client, report.variant.quote.get_absolute_url())
    assert tree.cssselect("#firsthand a")[0].get("href") == report.get_absolute_url()


def test_the_spread_goes_by_origin(db: None, client: Client) -> None:
    speaker, aide = make_speaker("Ann Lee"), make_speaker("Paul Roe")
    quote = make_quote("We will rebuild the bridge before winter.", speaker)
    for via in ((aide,), (aide,), ()):
        make_attribution(quote.words, speaker=speaker, quote=quote, via=via)
    tree = page(client, quote.get_absolute_url())
    assert texts(tree, ".spread th[scope=rowgroup]")[0] == "Paul Roe"
    assert [cell.get("rowspan") for cell in tree.cssselect(".spread th[rowspan]")] == ["2", "1"]


def test_a_quote_that_everybody_prints_stays_light(
    db: None, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 reports in 300 outlets, in twelve wordings, through an aide: 60 kB and 12 queries."""
    ann, aide = make_speaker(), make_speaker("Paul Roe", role="aide to the mayor")
    wordings = [f"We will rebuild the old stone bridge before winter number {n} comes to this town." for n in range(12)]
    quote = make_quote(wordings[0], ann)
    for wording in wordings[1:]:
        Variant.objects.create(quote=quote, wording=wording, fingerprint=fingerprint(wording))
    monkeypatch.setattr(summary, "refresh", lambda quotes: None)  # counted once, when all are there
    for n in range(300):
        words = wordings[n % 12]
        article = make_article(
            f"Somebody said this: {words} The rest follows.",
            outlet=make_outlet(name=f"A Newspaper Number {n}"),
            canonical_url=f"https://paper{n}.example/politics/2025/05/21/the-mayor-promises-a-bridge",
        )
        make_attribution(words, speaker=ann, via=(aide,), article=article, quote=quote)
    monkeypatch.undo()
    summary.refresh({quote.pk})
    with CaptureQueriesContext(connection) as captured:
        response = editor_client.get(quote.get_absolute_url())
    assert len(captured) <= 13
    assert len(response.content) <= 60_000
    tree = page(editor_client, quote.get_absolute_url())
    assert "40 of 300 reports." in text_of(tree)
    assert len(page(editor_client, f"{quote.get_absolute_url()}?all=yes").cssselect("table.spread tbody tr")) == 300


def test_the_public_reads_results_and_editors_the_whole_record(
    anytime: Quote, client: Client, editor: User, second_editor: User, reporter: User, editor_client: Client
) -> None:
    """No names, no notes of editors among themselves, no diff; results with their reasons."""
    flag = flags.raise_flag(quote=anytime, actor=reporter, kind="cut_short", reason="The second half is missing.")
    flags.claim(flag=flag, actor=editor, version=1)
    flags.take_over(flag=flag, actor=second_editor, version=2, reason="You are off today.")
    flags.wait(flag=flag, actor=second_editor, version=3, due_on=timezone.localdate(), reason="I asked the ministry.")
    flags.settle_flag(flag=flag, actor=second_editor, version=4, result="upheld", reason="The tape has more.")
    problem.report(quote=anytime, words="Wrong.")
    problem.dismiss(problem=Problem.objects.get(), actor=editor, reason="It is not.")
    public, full = (" ".join(texts(page(c, anytime.get_absolute_url()), "main")) for c in (client, editor_client))
    for hidden in ("rita", "edith", "edgar", "You are off today", "I asked the ministry", "claimed", "It is not."):
        assert hidden not in public, hidden
        assert hidden in full, hidden
    assert "An editor settled flag: Cut short" in public
    assert "The tape has more." in public
    assert "edgar settled flag: Cut short" in full
    assert "State: waiting for a reply upheld" in full
