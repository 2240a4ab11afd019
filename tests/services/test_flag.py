from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from quotes.models import Decision, Evidence, Flag, Quote
from quotes.models.review import held_now
from quotes.services.flag import (
    add_evidence,
    claim,
    raise_flag,
    release,
    renew,
    reopen,
    settle_flag,
    take_over,
    wait,
)
from quotes.services.record import Conflict, NotAllowed
from tests.factories import make_attribution, make_evidence, make_flag, make_speaker, make_user, read_article


@pytest.fixture
def quote(db: None) -> Quote:
    attribution = make_attribution()
    assert attribution.variant is not None
    return attribution.variant.quote


def test_raising_leaves_flag_and_decision(quote: Quote, editor: User) -> None:
    flag = raise_flag(quote=quote, actor=editor, kind="secondhand", reason="Known through an aide.")
    decision = Decision.objects.get()
    assert (flag.state, flag.raised_by, flag.reason) == ("open", editor, "Known through an aide.")
    assert (decision.actor, decision.verb, decision.quote, decision.reason) == (
        editor,
        "raised flag",
        quote,
        flag.reason,
    )


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_flag_needs_a_reason(quote: Quote, editor: User, reason: str) -> None:
    with pytest.raises(NotAllowed, match="reason"):
        raise_flag(quote=quote, actor=editor, kind="secondhand", reason=reason)
    assert not Flag.objects.exists()
    assert not Decision.objects.exists()


def test_second_flag_of_a_kind_is_refused_and_leaves_nothing(quote: Quote, editor: User, second_editor: User) -> None:
    make_flag(quote, editor)
    with pytest.raises(Conflict, match="open on this quote already"):
        raise_flag(quote=quote, actor=second_editor, kind="secondhand", reason="Me too.")
    assert Flag.objects.count() == 1
    assert not Decision.objects.exists()


def test_a_settled_flag_may_be_raised_anew(quote: Quote, editor: User, second_editor: User) -> None:
    settle_flag(
        version=1,
        flag=make_flag(quote, editor),
        actor=second_editor,
        result="not_upheld",
        reason="Firsthand after all.",
    )
    raise_flag(quote=quote, actor=editor, kind="secondhand", reason="The recording is of the aide.")
    assert Flag.objects.in_force().count() == 1


def test_settling_says_who_when_and_why(quote: Quote, editor: User, second_editor: User) -> None:
    flag = settle_flag(
        version=1, flag=make_flag(quote, editor), actor=second_editor, result="upheld", reason="Checked the wire."
    )
    assert (flag.state, flag.settled_by, flag.settled_reason) == ("upheld", second_editor, "Checked the wire.")
    assert flag.settled_at is not None
    decision = Decision.objects.get()
    assert decision.before["state"] == "open"
    assert decision.after["state"] == "upheld"


def test_two_editors_settling_at_once(quote: Quote, editor: User, second_editor: User) -> None:
    mine = make_flag(quote, editor)
    theirs = Flag.objects.get(pk=mine.pk)
    settle_flag(version=1, flag=mine, actor=editor, result="upheld", reason="Yes.")
    with pytest.raises(Conflict, match="in the meantime"):
        settle_flag(version=1, flag=theirs, actor=second_editor, result="not_upheld", reason="No.")
    assert Flag.objects.get().state == "upheld"
    assert Decision.objects.count() == 1


# --- who is on it ---


def test_a_claim_lasts_fifteen_minutes_and_is_renewed(quote: Quote, editor: User, second_editor: User) -> None:
    flag = claim(flag=make_flag(quote, editor), actor=second_editor, version=1)
    assert flag.holder == second_editor
    assert list(Flag.objects.held_by(second_editor)) == [flag]
    Flag.objects.update(claimed_at=timezone.now() - timedelta(minutes=14))
    assert renew(flag=flag, actor=second_editor)
    assert not renew(flag=flag, actor=editor)
    Flag.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    flag.refresh_from_db()
    assert flag.holder is None
    assert not renew(flag=flag, actor=second_editor)
    assert list(Flag.objects.active().exclude(held_now())) == [flag]
    assert claim(flag=flag, actor=editor, version=2).holder == editor


def test_somebody_else_on_it_keeps_others_off_until_taken_over(quote: Quote, editor: User, second_editor: User) -> None:
    flag = claim(flag=make_flag(quote, editor), actor=second_editor, version=1)
    for act in (
        lambda: claim(flag=flag, actor=editor, version=2),
        lambda: settle_flag(flag=flag, actor=editor, version=2, result="upheld", reason="Yes."),
        lambda: wait(flag=flag, actor=editor, version=2, due_on=timezone.localdate(), reason="Asked."),
    ):
        with pytest.raises(Conflict, match="has been on this flag since"):
            act()
    with pytest.raises(NotAllowed, match="note"):
        take_over(flag=flag, actor=editor, version=2, reason=" ")
    assert take_over(flag=flag, actor=editor, version=2, reason="You went home.").holder == editor
    with pytest.raises(Conflict, match="not on this flag any more"):
        release(flag=flag, actor=second_editor, version=3)
    assert release(flag=flag, actor=editor, version=3).state == "open"


def test_waiting_has_a_day_and_a_reason(quote: Quote, editor: User) -> None:
    flag = make_flag(quote, editor)
    today = timezone.localdate()
    with pytest.raises(NotAllowed, match="still to come"):
        wait(flag=flag, actor=editor, version=1, due_on=today - timedelta(days=1), reason="Asked the ministry.")
    waiting = wait(flag=flag, actor=editor, version=1, due_on=today, reason="Asked the ministry.")
    assert (waiting.state, waiting.due_on, waiting.is_active) == ("waiting", today, True)


def test_every_act_notices_what_happened_meanwhile(quote: Quote, editor: User, second_editor: User) -> None:
    flag = make_flag(quote, editor)
    claim(flag=flag, actor=editor, version=1)
    release(flag=flag, actor=editor, version=2)
    before = Decision.objects.count()
    with pytest.raises(Conflict, match="in the meantime"):
        claim(flag=flag, actor=second_editor, version=2)
    assert Decision.objects.count() == before


# --- evidence ---


def test_evidence_is_ranked_and_recorded(quote: Quote, editor: User) -> None:
    flag = make_flag(quote, editor)
    add_evidence(flag=flag, actor=editor, kind="article", note="Another paper has it.", url="https://p.example/1")
    add_evidence(
        flag=flag, actor=editor, kind="recording", note="At 3:20.", archive_url="https://web.archive.org/web/1/x"
    )
    assert [item.kind for item in flag.evidence.strongest_first()] == ["recording", "article"]
    assert Decision.objects.filter(verb="added evidence").count() == 2


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "rumour"}, "what kind"),
        ({"note": " "}, "what it shows"),
        ({"url": "javascript:alert(1)"}, "http"),
        ({"archive_url": "file:///etc/passwd"}, "http"),
    ],
)
def test_evidence_that_cannot_be_looked_at_is_refused(
    quote: Quote, editor: User, given: dict[str, str], refusal: str
) -> None:
    with pytest.raises(NotAllowed, match=refusal):
        add_evidence(**{"flag": make_flag(quote, editor), "actor": editor, "kind": "article", "note": "It.", **given})
    assert not Evidence.objects.exists()


# --- serious ones ---


@pytest.fixture
def serious(quote: Quote, reporter: User) -> Flag:
    """Raised by a reporter, with two items of evidence."""
    flag = raise_flag(quote=quote, actor=reporter, kind="fabricated", reason="It is from a satirical site.")
    for kind in ("article", "statement"):
        make_evidence(flag, reporter, kind=kind)
    return flag


def test_a_serious_flag_takes_two_editors_and_disputes_at_once(
    serious: Flag, editor: User, second_editor: User
) -> None:
    first = settle_flag(flag=serious, actor=editor, version=1, result="upheld", reason="The site says so itself.")
    assert (first.state, first.first_by, first.first_result) == ("open", editor, "upheld")
    assert Quote.objects.get().grade != "disputed"
    with pytest.raises(NotAllowed, match="somebody else must be the second"):
        settle_flag(flag=serious, actor=editor, version=2, result="upheld", reason="Twice.")
    settle_flag(flag=serious, actor=second_editor, version=2, result="upheld", reason="Read it too.")
    assert (serious.state, serious.settled_by) == ("upheld", second_editor)
    assert Quote.objects.get().grade == "disputed"


def test_a_second_editor_who_finds_otherwise_opens_it_again(serious: Flag, editor: User, second_editor: User) -> None:
    settle_flag(flag=serious, actor=editor, version=1, result="upheld", reason="It is satire.")
    settle_flag(flag=serious, actor=second_editor, version=2, result="not_upheld", reason="The site is real.")
    assert (serious.state, serious.first_by, serious.settled_by) == ("open", None, None)
    verbs = list(Decision.objects.order_by("pk").values_list("verb", "reason"))
    assert verbs[-2:] == [
        ("found first: upheld", "It is satire."),
        ("found otherwise than the first editor", "The site is real."),
    ]


def test_a_serious_flag_needs_two_items_of_evidence(serious: Flag, editor: User) -> None:
    serious.evidence.all()[0].delete()
    with pytest.raises(NotAllowed, match="2 items of evidence"):
        settle_flag(flag=serious, actor=editor, version=1, result="upheld", reason="It is satire.")
    settle_flag(flag=serious, actor=editor, version=1, result="not_upheld", reason="Nothing shows it.")


def test_whoever_raised_a_serious_flag_does_not_decide_on_it(quote: Quote, editor: User) -> None:
    flag = raise_flag(quote=quote, actor=editor, kind="wrong_speaker", reason="It was the other one.")
    for kind in ("article", "statement"):
        make_evidence(flag, editor, kind=kind)
    with pytest.raises(NotAllowed, match="two other editors"):
        settle_flag(flag=flag, actor=editor, version=1, result="upheld", reason="As I said.")


def test_a_duplicate_names_what_it_repeats(quote: Quote, editor: User, second_editor: User) -> None:
    one, other = make_flag(quote, editor), make_flag(quote, editor, kind="denied")
    elsewhere = make_attribution("Something else altogether.").variant
    assert elsewhere is not None
    for wrong in (None, make_flag(elsewhere.quote, editor)):
        with pytest.raises(NotAllowed, match="Name the flag"):
            settle_flag(flag=one, actor=editor, version=1, result="duplicate", reason="Same.", duplicate_of=wrong)
    settle_flag(flag=one, actor=second_editor, version=1, result="duplicate", reason="Same.", duplicate_of=other)
    assert one.duplicate_of == other


# --- once more ---


def upheld(quote: Quote, editor: User, **kwargs: object) -> Flag:
    return make_flag(quote, editor, **{"state": "upheld", "settled_by": editor, "settled_reason": "So.", **kwargs})


def test_reopening_by_hand(quote: Quote, editor: User) -> None:
    flag = upheld(quote, editor)
    assert reopen(flag=flag, actor=editor, version=1, reason="The recording is out.").state == "reopened"
    with pytest.raises(Conflict, match="open already"):
        reopen(flag=flag, actor=editor, version=2, reason="Again.")
    other = upheld(quote, editor)
    with pytest.raises(Conflict, match="Another flag"):
        reopen(flag=other, actor=editor, version=1, reason="Me too.")


def test_a_firsthand_report_reopens_what_was_decided(editor: User) -> None:
    ann = make_speaker()
    words = "We will rebuild the bridge before winter."
    told = make_attribution(words, speaker=ann, via=(make_speaker("Paul Roe"),)).variant
    assert told is not None
    flag = upheld(told.quote, editor)
    make_attribution(words, speaker=ann, quote=told.quote)
    flag.refresh_from_db()
    decision = Decision.objects.latest("pk")
    assert flag.state == "reopened"
    assert (decision.actor, decision.who, decision.reason) == (None, "Hearsay", "A firsthand report was linked.")


def test_a_denial_reopens_the_others_once(quote: Quote, editor: User) -> None:
    flag, settled = upheld(quote, editor), make_flag(quote, editor, kind="cut_short")
    raise_flag(quote=quote, actor=editor, kind="denied", reason="Her office says no.")
    flag.refresh_from_db()
    settled.refresh_from_db()
    assert (flag.state, settled.state) == ("reopened", "open")
    assert Flag.objects.active().count() == 3


def test_a_changed_text_reopens_what_was_decided(db: None, editor: User) -> None:
    url = "https://paper.example/bridge"
    read_article('Ann Lee said: "We will rebuild the bridge before winter comes to us." She left.', url=url)
    quote = Quote.objects.get()
    flag = upheld(quote, editor)
    read_article('Ann Lee said: "We may rebuild the old bridge one day, if there is money." She left.', url=url)
    flag.refresh_from_db()
    assert flag.state == "reopened"
    assert "changed" in Decision.objects.latest("pk").reason


def test_another_version_with_the_same_words_reopens_nothing(db: None, editor: User) -> None:
    url, words = "https://paper.example/bridge", 'Ann Lee said: "We will rebuild the bridge before winter comes to us."'
    read_article(f"{words} She left.", url=url)
    flag = upheld(Quote.objects.get(), editor)
    read_article(f"{words} She left early, by the back door, as the rain began.", url=url)
    flag.refresh_from_db()
    assert flag.state == "upheld"


def test_what_is_reopened_by_rule_disputes_no_more(serious: Flag, editor: User, second_editor: User) -> None:
    settle_flag(flag=serious, actor=editor, version=1, result="upheld", reason="It is satire.")
    settle_flag(flag=serious, actor=second_editor, version=2, result="upheld", reason="Read it too.")
    assert Quote.objects.get().grade == "disputed"
    raise_flag(quote=Quote.objects.get(), actor=editor, kind="denied", reason="Her office says no.")
    serious.refresh_from_db()
    assert serious.state == "reopened"
    assert Quote.objects.get().grade == "C"


def test_a_rule_that_comes_second_stops_no_other_work(
    quote: Quote, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reopens the flag between its being read and the rule's act: the denial is raised all the same."""
    upheld(quote, editor)

    def too_late(*args: object, **kwargs: object) -> None:
        raise Conflict("Somebody else has worked on this flag in the meantime.")

    monkeypatch.setattr("quotes.services.reopening.act", too_late)
    assert raise_flag(quote=quote, actor=editor, kind="denied", reason="Her office says no.").is_active


@pytest.mark.parametrize("result", ["superseded", "duplicate"])
def test_whoever_raised_a_serious_flag_ends_it_in_no_way(serious: Flag, reporter: User, result: str) -> None:
    other = make_flag(serious.quote, reporter, kind="cut_short")
    with pytest.raises(NotAllowed, match="two other editors"):
        settle_flag(flag=serious, actor=reporter, version=1, result=result, reason="So.", duplicate_of=other)


def test_duplicates_do_not_go_in_a_circle(quote: Quote, editor: User, second_editor: User) -> None:
    one, other = make_flag(quote, editor), make_flag(quote, editor, kind="cut_short")
    settle_flag(flag=one, actor=second_editor, version=1, result="duplicate", reason="Same.", duplicate_of=other)
    with pytest.raises(NotAllowed, match="duplicate itself"):
        settle_flag(flag=other, actor=second_editor, version=1, result="duplicate", reason="Same.", duplicate_of=one)


def test_waiting_ends_with_the_next_act(quote: Quote, editor: User) -> None:
    flag = wait(flag=make_flag(quote, editor), actor=editor, version=1, due_on=timezone.localdate(), reason="Asked.")
    assert Decision.objects.get().after["until"] == timezone.localdate().isoformat()
    assert claim(flag=flag, actor=editor, version=2).due_on is None


def test_the_record_says_what_the_second_editor_found(serious: Flag, editor: User, second_editor: User) -> None:
    settle_flag(flag=serious, actor=editor, version=1, result="upheld", reason="It is satire.")
    settle_flag(flag=serious, actor=second_editor, version=2, result="explained", reason="It was a column.")
    assert Decision.objects.latest("pk").after["found"] == "Explained"


def test_a_reopened_flag_stays_reopened_when_it_is_given_back(quote: Quote, editor: User, second_editor: User) -> None:
    flag = settle_flag(flag=make_flag(quote, editor), actor=editor, version=1, result="not_upheld", reason="No.")
    reopen(flag=flag, actor=second_editor, version=2, reason="The recording is out.")
    claim(flag=flag, actor=editor, version=3)
    assert release(flag=flag, actor=editor, version=4).state == "reopened"


def test_a_serious_flag_that_was_settled_is_not_weighed_again_unopened(
    quote: Quote, editor: User, second_editor: User, reporter: User
) -> None:
    """What opens a settled flag is reopening it, and nothing else."""
    flag = make_flag(quote, reporter, kind="wrong_speaker")
    for actor in (editor, second_editor):
        flag.refresh_from_db()
        settle_flag(flag=flag, actor=actor, version=flag.version, result="not_upheld", reason="It was she.")
    flag.refresh_from_db()
    with pytest.raises(Conflict):
        settle_flag(
            flag=flag, actor=make_user("eve", "editors"), version=flag.version, result="explained", reason="No."
        )
    flag.refresh_from_db()
    assert flag.state == "not_upheld"
