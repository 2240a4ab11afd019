from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Article, Attribution, Decision, Quote, Relay, Span
from quotes.services import extract
from tests.factories import make_article, make_attribution, make_speaker
from tests.html import page, text_of, texts


@pytest.fixture
def anytime(founding_article: Article) -> Attribution:
    return Attribution.objects.get(variant__wording__startswith="Vladimir, you can pick up")


def post(client: Client, attribution: Attribution, **data: str) -> str:
    """Sends the page's form as it stands, with some fields filled otherwise."""
    url = f"/review/attributions/{attribution.pk}/"
    form = page(client, url).get_element_by_id("reading")
    response = client.post(url, {**dict(form.form_values()), **data}, follow=True)
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
    assert (anytime.speaker.name, anytime.status, anytime.hedged) == ("Yuri Ushakov", "corrected", True)
    assert anytime.variant is not None
    assert anytime.variant.quote.speaker == anytime.speaker


def test_mend_the_chain_in_plain_questions(anytime: Attribution, editor_client: Client) -> None:
    """Ushakov told two officials, and Interfax had it from them."""
    post(
        editor_client, anytime, correct="1",
        who_1="Interfax", how_1="named", who_2="two officials", how_2="described", who_3="Yuri Ushakov", how_3="named",
    )  # fmt: skip
    assert [relay.label for relay in anytime.relays.all()] == ["Yuri Ushakov", "two officials", "Interfax"]
    anytime.refresh_from_db()
    assert (anytime.sourcing, anytime.status) == ("thirdhand", "corrected")
    post(editor_client, anytime, correct="1", who_1="", who_2="", who_3="")
    anytime.refresh_from_db()
    assert (anytime.relays.count(), anytime.sourcing) == (0, "firsthand")
    assert Decision.objects.filter(attribution=anytime).count() == 2


def test_somebody_the_article_does_not_name_is_a_step(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", who_1="", how_1="unsaid")
    anytime.refresh_from_db()
    assert (anytime.sourcing, anytime.relays.get().is_stated) == ("not_stated", False)


def test_the_form_sent_as_it_stands_changes_nothing_but_the_status(anytime: Attribution, editor_client: Client) -> None:
    def rows() -> list[object]:
        return [list(model.objects.order_by("pk").values()) for model in (Relay, Span, Quote)]

    before = rows()
    post(editor_client, anytime, correct="1")
    assert rows() == before
    decision = Decision.objects.get()
    assert {key for key, value in decision.after.items() if decision.before[key] != value} == {"status"}


def test_other_bounds_typed_with_other_marks(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", content="you can  PICK up the phone […] happy to talk")
    anytime.refresh_from_db()
    assert [span.exact for span in anytime.spans.filter(role="content")] == [
        "you can pick up the phone",
        "happy to talk",
    ]
    assert anytime.variant_words == "you can pick up the phone … happy to talk"


def test_words_that_do_not_stand_there_are_named_and_kept(anytime: Attribution, editor_client: Client) -> None:
    words = post(editor_client, anytime, correct="1", content="He never said this.", reason="Heard it.")
    assert "These words do not stand in the article: “He never said this.”" in words
    assert "Heard it." in words
    assert not Decision.objects.exists()


def test_words_of_a_step_are_marked(anytime: Attribution, editor_client: Client) -> None:
    post(editor_client, anytime, correct="1", who_2="Interfax", how_2="named", cue_2="reportedly")
    cue = anytime.relays.get(position=1).spans.get(role="relay_cue")
    assert (cue.exact, anytime.relays.get(position=1).cue) == ("reportedly", "reportedly")


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
    [{}, {"nonsense": "1"}, {"correct": "1"}, {"correct": "1", "content": "\x00"}, {"accept": "1", "version": "x"}],
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


# --- words that an article prints more than once, and cuts that it prints itself ---

REPEATED = (
    "The bridge, he said, is old. “We will mend the bridge,” Lee told us of the bridge, “and the bridge […] will stand,” "
    "he said. According to an aide, he said it twice, according to an aide."
)


@pytest.fixture
def repeated(db: None) -> Attribution:
    """Content, cue and the words of a relay: each stands elsewhere too, and mostly nearer."""
    article = make_article(REPEATED)
    row = make_attribution(
        "We will mend the bridge,", article=article, speaker=make_speaker(), via=(make_speaker("Bob"),)
    )
    cut = REPEATED.index("and the bridge […] will stand,")
    for role, start, words, relay in (
        ("content", cut, "and the bridge […] will stand,", None),
        ("cue", REPEATED.rindex("he said it"), "he said", None),
        ("relay_cue", REPEATED.rindex("according to"), "according to", row.relays.get()),
    ):
        Span.objects.create(attribution=row, relay=relay, role=role, start=start, end=start + len(words), exact=words)
    return row


def test_words_nobody_touched_stay_where_they_are(repeated: Attribution, editor_client: Client) -> None:
    def standing() -> list[object]:
        return list(repeated.spans.order_by("pk").values("role", "start", "end", "exact"))

    before = standing()
    assert "Saved." in post(editor_client, repeated, correct="1", hedged="on", reason="He may not have said it.")
    assert standing() == before
    repeated.refresh_from_db()
    assert repeated.hedged


def test_other_words_are_looked_for_near_the_old_ones(repeated: Attribution, editor_client: Client) -> None:
    post(editor_client, repeated, correct="1", content="the bridge")
    assert [span.start for span in repeated.spans.filter(role="content")] == [REPEATED.index("the bridge")]


def test_a_cut_that_the_article_prints_may_be_typed_again(repeated: Attribution, editor_client: Client) -> None:
    post(editor_client, repeated, correct="1", content="We will mend the bridge […] and the bridge [...] will stand")
    assert [span.exact for span in repeated.spans.filter(role="content")] == [
        "We will mend the bridge",
        "and the bridge […] will stand",
    ]


def test_the_same_words_twice_need_two_places(repeated: Attribution, editor_client: Client) -> None:
    words = post(editor_client, repeated, correct="1", content="Lee told us […] Lee told us")
    assert "These words do not stand in the article: “Lee told us”" in words
    assert not Decision.objects.exists()


def test_what_was_marked_comes_before_what_is_near(repeated: Attribution, editor_client: Client) -> None:
    at = REPEATED.rindex("the bridge")
    post(editor_client, repeated, correct="1", content="the bridge", content_at=str(at))
    assert [span.start for span in repeated.spans.filter(role="content")] == [at]


def test_a_long_text_that_is_not_there_is_told_in_part(repeated: Attribution, editor_client: Client) -> None:
    words = post(editor_client, repeated, correct="1", cue="y" * 500)
    assert "y" * 200 + "”" in words
    assert "y" * 500 in words  # in its field
