from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Alias, Article, Match, Speaker
from quotes.services import people
from tests.factories import make_attribution, make_flag, make_speaker
from tests.html import page, text_of, texts


def test_four_tabs_with_counts(founding_article: Article, client: Client) -> None:
    aide = Speaker.objects.get(name="Yuri Ushakov")
    tabs = texts(page(client, aide.get_absolute_url()), ".tabs a")
    assert [tab.rsplit(" ", 1)[0] for tab in tabs] == [
        "Said",
        "Said firsthand",
        "Said through others",
        "Relayed by them",
    ]
    said, firsthand, others, relayed = (int(tab.rsplit(" ", 1)[1]) for tab in tabs)
    assert said == firsthand + others
    assert (others, relayed) == (0, 3)


def test_relayed_by_them_lists_what_others_said(founding_article: Article, client: Client) -> None:
    aide = Speaker.objects.get(name="Yuri Ushakov")
    rows = texts(page(client, f"{aide.get_absolute_url()}?tab=relayed"), "tbody tr")
    assert len(rows) == 3
    assert all("Donald Trump" in row for row in rows)


def test_namesakes_are_pointed_out(db: None, client: Client) -> None:
    one, other = make_speaker("Ann Lee", role="mayor"), make_speaker("Ann Lee", role="painter")
    words = text_of(page(client, one.get_absolute_url()))
    assert "Two people share this name. The other is Ann Lee, painter." in words
    assert other.get_absolute_url() in [a.get("href") for a in page(client, one.get_absolute_url()).cssselect("a")]


def test_a_merged_speaker_redirects(db: None, client: Client) -> None:
    kept = make_speaker()
    gone = make_speaker("A. Lee", merged_into=kept)
    assert client.get(gone.get_absolute_url())["Location"] == kept.get_absolute_url()


def test_a_name_shared_with_somebody_merged_is_not_shared(db: None, client: Client) -> None:
    kept = make_speaker()
    make_speaker(kept.name, merged_into=kept)
    assert "share this name" not in text_of(page(client, kept.get_absolute_url()))


def test_roles_have_their_days_and_source(db: None, client: Client) -> None:
    speaker = make_speaker()
    Alias.objects.create(
        speaker=speaker, text="Mayor", kind="title", valid_from=date(2020, 1, 2), source="City register"
    )
    assert "Mayor, 2 Jan 2020 to now (City register)" in text_of(page(client, speaker.get_absolute_url()))


@pytest.fixture
def aide(db: None, editor: User) -> Speaker:
    """Relayed five quotes: one also known firsthand, two contradicted, two untested."""
    aide, ann, bob = make_speaker("Paul Roe"), make_speaker("Ann Lee"), make_speaker("Bob Stone")
    for words in ("We will sign the treaty.", "The road will open.", "The dam will hold."):
        make_attribution(words, speaker=ann, via=(aide,))
    matched = make_attribution("We will rebuild the bridge before winter.", speaker=ann, via=(aide,))
    assert matched.variant is not None
    make_attribution("We will rebuild the bridge before winter.", speaker=ann, quote=matched.variant.quote, via=())
    flagged = make_attribution("Trains will run on time.", speaker=bob, via=(aide,))
    assert flagged.variant is not None
    make_flag(
        flagged.variant.quote,
        editor,
        kind="accounts_differ",
        state="upheld",
        settled_by=editor,
        settled_reason="The minister said no such thing.",
    )
    relayed = make_attribution("The school will not close.", speaker=ann, via=(aide,)).variant
    heard = make_attribution("The school will close.", speaker=ann).variant
    Match.objects.create(one=relayed, other=heard, score=0.9, alarms=["Only one of the two says “not”."])
    return aide


def test_what_became_of_what_was_relayed(aide: Speaker, client: Client) -> None:
    tree = page(client, aide.get_absolute_url())
    (said,) = [text for text in texts(tree, "section p") if text.startswith("Relays")]
    assert said == (
        "Relays 6 quotes, mostly of Ann Lee (5) and Bob Stone (1). A firsthand source found later matched 1, "
        "differed in 2; 3 untested."
    )
    for link in tree.cssselect("section p a"):
        count = int("".join(filter(str.isdigit, link.text)))
        assert len(page(client, f"/speakers/{aide.pk}/{link.get('href')}").cssselect("tbody tr")) == count, link.text


def test_a_tab_is_searched_and_counted(aide: Speaker, client: Client) -> None:
    tree = page(client, f"{aide.get_absolute_url()}?tab=relayed&q=school")
    assert texts(tree, "td.said") == ["“The school will not close.”"]
    assert texts(tree, ".facets li a")[0] == "Secondhand 1"
    assert tree.cssselect(".chips a")[0].get("href") == f"/speakers/{aide.pk}/?tab=relayed&q="


def test_a_tab_as_data_is_exactly_that_tab(aide: Speaker, client: Client) -> None:
    response = client.get(f"{aide.get_absolute_url()}?tab=relayed&result=untested&format=json")
    told = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert told["title"] == "Paul Roe: relayed by them"
    assert {row["words"] for row in told["quotes"]} == {
        "We will sign the treaty.",
        "The road will open.",
        "The dam will hold.",
    }


def test_whom_editors_keep_apart_is_said(editor: User, client: Client) -> None:
    one, same, other = make_speaker("John Smith"), make_speaker("John Smith", role="coach"), make_speaker("Jon Smyth")
    for apart in (same, other):
        people.keep_apart(one=one, other=apart, actor=editor, reason="A farmer.")
    notices = texts(page(client, one.get_absolute_url()), ".notice")
    assert notices == [
        "Two people share this name. The other is John Smith, coach (somebody else, editors say).",
        "Not to be confused with Jon Smyth: editors say that they are two people.",
    ]
