from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Article, Attribution, Decision, Quote
from quotes.services import extract
from tests.factories import make_speaker
from tests.html import page, text_of, texts


@pytest.fixture
def anytime(founding_article: Article) -> Attribution:
    return Attribution.objects.get(variant__wording__startswith="Vladimir, you can pick up")


def post(client: Client, attribution: Attribution, **data: str) -> str:
    current = Attribution.objects.get(pk=attribution.pk)
    response = client.post(
        f"/review/attributions/{attribution.pk}/", {"version": current.version, "reason": "", **data}, follow=True
    )
    assert response.status_code == 200
    return response.content.decode()


def test_accept(anytime: Attribution, editor_client: Client) -> None:
    assert "Saved." in post(editor_client, anytime, accept="1")
    anytime.refresh_from_db()
    assert anytime.status == "accepted"


def test_reject_needs_a_reason(anytime: Attribution, editor_client: Client) -> None:
    assert "needs a reason" in post(editor_client, anytime, reject="1")
    assert "Saved." in post(editor_client, anytime, reject="1", reason="The aide was joking.")
    assert not Quote.objects.shown().filter(words__startswith="Vladimir").exists()


def test_correct_the_speaker(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", speaker="Yuri Ushakov", reason="His own words.")
    anytime.refresh_from_db()
    assert anytime.speaker is not None
    assert (anytime.speaker.name, anytime.status, anytime.hedged) == ("Yuri Ushakov", "corrected", False)
    assert anytime.variant is not None
    assert anytime.variant.quote.speaker == anytime.speaker


def test_mend_the_chain(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, add_relay="1", description="two officials")
    post(editor_client, anytime, add_relay="1", name="Interfax")
    chain = [relay.label for relay in anytime.relays.all()]
    assert chain == ["Yuri Ushakov", "two officials", "Interfax"]
    last = anytime.relays.get(position=3)
    post(editor_client, anytime, up=str(last.pk))
    assert [relay.label for relay in anytime.relays.all()] == ["Yuri Ushakov", "Interfax", "two officials"]
    for relay in list(anytime.relays.all()):
        post(editor_client, anytime, remove=str(relay.pk))
    anytime.refresh_from_db()
    assert (anytime.relays.count(), anytime.sourcing) == (0, "firsthand")
    assert Decision.objects.filter(attribution=anytime).count() == 6


def test_history_says_who_what_and_why(anytime: Attribution, editor: User, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", speaker="Yuri Ushakov", reason="His own words.")
    history = texts(page(editor_client, f"/review/attributions/{anytime.pk}/"), ".history li")[0]
    assert "edith corrected" in history
    assert "“His own words.”" in history
    assert "Speaker: Donald Trump Yuri Ushakov" in history


def test_the_second_editor_is_told_and_nothing_is_lost(
    anytime: Attribution, editor_client: Client, second_editor: User
) -> None:
    stale = str(anytime.version)
    post(editor_client, anytime, accept="1")
    other = Client()
    other.force_login(second_editor)
    words = post(other, anytime, version=stale, correct="1", speaker="Vladimir Putin", reason="I heard it.")
    assert "Somebody else changed this attribution" in words
    assert "Vladimir Putin" in words
    assert "I heard it." in words
    fresh = html.fromstring(words).cssselect("#correct_version")[0].get("value")
    assert fresh == str(Attribution.objects.get(pk=anytime.pk).version)
    anytime.refresh_from_db()
    assert anytime.status == "accepted"


def test_reading_again_leaves_it_alone(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", speaker="Yuri Ushakov", reason="His own words.")
    before = list(Attribution.objects.order_by("pk").values())
    extract.read_revision(anytime.revision)
    assert list(Attribution.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "data",
    [{}, {"nonsense": "1"}, {"remove": "999999"}, {"remove": "x"}, {"remove": "²"}, {"remove": "9" * 40}, {"up": "-1"}],
)
def test_nonsense_changes_nothing(anytime: Attribution, editor_client: Client, data: dict[str, str]) -> None:
    response = editor_client.post(
        f"/review/attributions/{anytime.pk}/", {"version": anytime.version, "reason": "", **data}
    )
    assert response.status_code in (200, 404)
    assert not Decision.objects.exists()


def test_the_words_stand_in_their_context(anytime: Attribution, editor_client: Client) -> None:
    words = text_of(page(editor_client, f"/review/attributions/{anytime.pk}/").cssselect(".context")[0])
    assert 'He reportedly said: "Vladimir, you can' in words


def test_an_unchanged_speaker_needs_no_second_look(anytime: Attribution, editor_client: Client) -> None:
    make_speaker("Donald Trump")  # a namesake
    assert "Saved." in post(editor_client, anytime, correct="1", speaker="Donald Trump", hedged="")
    anytime.refresh_from_db()
    assert anytime.speaker is not None
    assert anytime.speaker.attributions.count() > 1
