from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from quotes.models import Article, Attribution, Decision, Flag, Match, Quote, Speaker, Variant
from quotes.services import extract, merge
from quotes.services.extract import read_revision
from quotes.services.merge import judge, split, take_out
from quotes.services.record import Conflict, NotAllowed
from quotes.services.undo import undo
from tests.factories import PUBLISHED, correct_reading, make_attribution, make_flag, make_speaker, read_article
from tests.services.test_match import LONG, OLD, says

pytestmark = pytest.mark.django_db

NOT_OLD = "We will not rebuild the old stone bridge before the winter comes."
REWORDED = "We are going to rebuild the old stone bridge before winter."
PARAPHRASE = "By the first frost our ancient crossing of masonry will stand again."


def again(attribution: Attribution) -> Attribution:
    return Attribution.objects.select_related("variant__quote").get(pk=attribution.pk)


def quote(attribution: Attribution) -> Quote:
    variant = again(attribution).variant
    assert variant is not None
    return variant.quote


def variant(attribution: Attribution) -> Variant:
    found = again(attribution).variant
    assert found is not None
    return found


def asked() -> Match:
    return Match.objects.asked().get()


def answer(editor: User, given: merge.Answer, pair: Match | None = None) -> Decision:
    pair = pair or asked()
    return judge(pair=pair, actor=editor, answer=given, seen=pair.outcome)


def reread(*attributions: Attribution) -> None:
    """Reads the articles again with a newer reader, as after an upgrade."""
    for attribution in attributions:
        read_revision(attribution.revision)


def state() -> dict[str, list[Any]]:
    """Everything an act may move."""
    return {
        "quotes": list(Quote.objects.order_by("pk").values()),
        "variants": list(Variant.objects.order_by("pk").values_list("pk", "quote")),
        "attributions": list(Attribution.objects.order_by("pk").values_list("pk", "variant", "is_placed", "status")),
        "matches": list(Match.objects.order_by("pk").values_list("pk", "outcome")),
        "flags": list(Flag.objects.order_by("pk").values()),
    }


# --- same, different, can't tell ---


def test_same_makes_one_quote_and_the_older_address_stays(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD, days=1)
    gone = quote(second)
    decision = answer(editor, "same")
    kept = quote(second)
    assert kept == quote(first) != gone
    assert kept.article_count == 2
    assert Quote.objects.get(pk=gone.pk).merged_into == kept
    assert decision in Decision.objects.about_quote(kept)
    assert decision.after["wordings"] == [OLD, NOT_OLD]
    assert not Match.objects.asked().exists()


@pytest.mark.parametrize("given", ["different", "unsure"])
def test_apart_stays_apart_for_ever(editor: User, given: merge.Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = says(OLD), says(NOT_OLD)
    decision = answer(editor, given)
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    reread(first, second)
    assert quote(first) != quote(second)
    assert Match.objects.get(pk=decision.match_id).outcome == given
    assert not Match.objects.asked().exists()


def test_what_a_person_placed_no_new_reading_moves(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = says(OLD), says(NOT_OLD)
    answer(editor, "same")
    before = state()
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    reread(first, second)
    assert state() == before


def test_a_placed_report_is_not_dropped_when_a_newer_reader_misses_it(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = says(OLD), says(NOT_OLD)
    answer(editor, "same")
    monkeypatch.setattr(extract, "read", lambda *args, **kwargs: [])
    reread(first, second)
    assert quote(first) == quote(second)
    assert quote(first).article_count == 2


def test_the_next_version_of_an_article_inherits_the_place(editor: User) -> None:
    first = says(OLD)
    opening = "Reporters waited outside the town hall on Tuesday."
    read_article(f'{opening} Ann Lee said: "{NOT_OLD}"', outlet="Later")
    answer(editor, "same")
    article = Article.objects.latest("pk")
    revision = article.revisions.create(
        number=2, digest="0" * 64, text=f'{opening} Rain fell. Ann Lee said: "{NOT_OLD}"'
    )
    read_revision(revision)
    newer = revision.attributions.get()
    assert quote(newer) == quote(first)
    assert newer.is_placed


def test_one_answer_settles_whatever_was_asked_of_the_two_quotes(editor: User) -> None:
    one, other = (variant(says(words)).quote for words in (OLD, NOT_OLD))
    more = [Variant.objects.create(quote=quote, wording=f"{quote.pk}.", fingerprint="0" * 32) for quote in (one, other)]
    second = Match.objects.create(one=more[0], other=more[1], score=0.6)
    decision = answer(editor, "different", Match.objects.exclude(pk=second.pk).get())
    second.refresh_from_db()
    assert second.outcome == "different"
    undo(decision=decision, actor=editor)
    second.refresh_from_db()
    assert second.outcome == "proposed"


def test_two_quotes_are_asked_about_once() -> None:
    says(OLD)
    says(NOT_OLD)
    says("We are not going to rebuild the old stone bridge before winter.", days=1)
    assert Match.objects.asked().count() == 1


def test_an_answer_to_a_changed_question_is_refused(editor: User, second_editor: User) -> None:
    says(OLD)
    says(NOT_OLD)
    pair = asked()
    judge(pair=pair, actor=editor, answer="different", seen="proposed")
    with pytest.raises(Conflict, match="meantime"):
        judge(pair=pair, actor=second_editor, answer="same", seen="proposed")
    assert Match.objects.get().outcome == "different"
    assert Decision.objects.count() == 1


def test_an_answer_can_be_replaced_by_who_saw_it(editor: User, second_editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    pair = asked()
    judge(pair=pair, actor=editor, answer="different", seen="proposed")
    judge(pair=pair, actor=second_editor, answer="same", seen="different")
    assert quote(first) == quote(second)


def test_an_unknown_answer_is_refused(editor: User) -> None:
    says(OLD)
    says(NOT_OLD)
    with pytest.raises(NotAllowed, match="Choose"):
        judge(pair=asked(), actor=editor, answer="perhaps", seen="proposed")  # type: ignore[arg-type]


def test_different_within_one_quote_takes_the_less_reported_wording_out(editor: User) -> None:
    first, second = says(OLD), says(OLD, days=1)
    third = says(REWORDED, days=1)
    pair = Match.objects.get(outcome="linked")
    answer(editor, "different", pair)
    assert quote(first) == quote(second) != quote(third)
    assert quote(first).report_count == 2
    assert quote(third).report_count == 1


def test_a_third_wording_joins_by_the_wordings_a_machine_can_judge(editor: User) -> None:
    """A paraphrase that an editor put into the quote does not keep its plain rewordings out."""
    first = says(OLD)
    other = says(PARAPHRASE)
    merge.merge(quote=quote(first), into=quote(other), actor=editor, reason="The same sentence of her speech.")
    assert quote(says(REWORDED, days=1)) == quote(first)


# --- merge ---


def test_merge_takes_everything_along(editor: User, second_editor: User) -> None:
    first, second = says(OLD), says(PARAPHRASE)
    old, gone = quote(first), quote(second)
    flag = make_flag(gone, second_editor)
    assert merge.merge(quote=gone, into=old, actor=editor, reason="One speech.") == old
    flag.refresh_from_db()
    assert flag.quote == old
    assert {row.wording for row in old.variants.all()} == {OLD, PARAPHRASE}
    assert Decision.objects.about_quote(old).filter(verb="merged two quotes").exists()


def test_equal_wordings_of_two_quotes_become_one_variant(editor: User) -> None:
    first, second = says("No comment today."), says("No comment today.", days=30)
    merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One statement, reprinted.")
    assert variant(first) == variant(second)
    assert quote(first).article_count == 2


def test_merging_twice_leads_to_the_last(editor: User) -> None:
    quotes = [quote(says(words)) for words in (OLD, PARAPHRASE, LONG)]
    merge.merge(quote=quotes[1], into=quotes[2], actor=editor, reason="One.")
    merge.merge(quote=quotes[1], into=quotes[0], actor=editor, reason="One.")
    assert {q.merged_into_id for q in Quote.objects.exclude(pk=quotes[0].pk)} == {quotes[0].pk}


def test_what_was_merged_meanwhile_is_not_merged_again(editor: User) -> None:
    quotes = [quote(says(words)) for words in (OLD, PARAPHRASE, LONG)]
    merge.merge(quote=quotes[0], into=quotes[1], actor=editor, reason="One.")
    with pytest.raises(Conflict, match="merged"):
        merge.merge(quote=quotes[2], into=quotes[1], actor=editor, reason="One.")


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "needs a reason"), (" ", "needs a reason")],
)
def test_merge_needs_a_reason(editor: User, reason: str, said: str) -> None:
    first, second = says(OLD), says(PARAPHRASE)
    with pytest.raises(NotAllowed, match=said):
        merge.merge(quote=quote(first), into=quote(second), actor=editor, reason=reason)


def test_a_quote_is_not_merged_with_itself(editor: User) -> None:
    first = says(OLD)
    with pytest.raises(NotAllowed, match="itself"):
        merge.merge(quote=quote(first), into=quote(first), actor=editor, reason="One.")


def test_two_speakers_are_never_merged(editor: User) -> None:
    first, second = says(OLD), says(OLD, speaker="Bob Stone")
    before = state()
    with pytest.raises(NotAllowed, match="different speakers"):
        merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One.")
    assert state() == before


def test_merge_does_not_override_an_answer_of_different(editor: User, second_editor: User) -> None:
    first, second, third = says(OLD), says(NOT_OLD), says(PARAPHRASE)
    answer(editor, "different", Match.objects.exclude(alarms=[]).get(is_suggestion=False))
    with pytest.raises(NotAllowed, match="Undo that first"):
        merge.merge(quote=quote(second), into=quote(first), actor=second_editor, reason="One.")
    merge.merge(quote=quote(third), into=quote(second), actor=second_editor, reason="One.")
    with pytest.raises(NotAllowed, match="Undo that first"):
        merge.merge(quote=quote(third), into=quote(first), actor=second_editor, reason="One.")


def test_two_open_flags_of_a_kind_are_settled_first(editor: User) -> None:
    first, second = says(OLD), says(PARAPHRASE)
    make_flag(quote(first), editor)
    make_flag(quote(second), editor)
    with pytest.raises(NotAllowed, match="Secondhand"):
        merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One.")


# --- out of a quote ---


def test_a_wording_split_off_stays_off(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = says(OLD), says(REWORDED, days=1)
    old = quote(first)
    assert old == quote(second)
    new = split(variant=variant(second), actor=editor, reason="She said it again at the harbour.")
    assert quote(second) == new != old
    assert Match.objects.across(new, old).get().outcome == "different"
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    reread(first, second)
    assert (quote(first), quote(second)) == (old, new)
    assert quote(says(REWORDED, days=1)) == new


def test_one_report_taken_out_keeps_its_words_and_its_place(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = says(LONG), says(LONG, days=40)
    new = take_out(attribution=second, actor=editor, reason="A year later she said it once more.")
    assert quote(second) == new != quote(first)
    assert new.words == LONG
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    reread(first, second)
    assert quote(second) == new != quote(first)
    assert quote(says(LONG, days=41)) == new
    assert quote(says(LONG, days=-1)) == quote(first)


@pytest.mark.parametrize("reason", ["", "\n"])
def test_leaving_needs_a_reason(editor: User, reason: str) -> None:
    says(OLD)
    second = says(REWORDED)
    with pytest.raises(NotAllowed, match="Say why"):
        split(variant=variant(second), actor=editor, reason=reason)
    with pytest.raises(NotAllowed, match="Say why"):
        take_out(attribution=second, actor=editor, reason=reason)


def test_the_only_wording_and_the_only_report_cannot_leave(editor: User) -> None:
    only = says(OLD)
    with pytest.raises(NotAllowed, match="only wording"):
        split(variant=variant(only), actor=editor, reason="No.")
    with pytest.raises(NotAllowed, match="only report"):
        take_out(attribution=only, actor=editor, reason="No.")


def test_a_report_without_words_has_no_quote_to_leave(editor: User) -> None:
    attribution = make_attribution()
    Attribution.objects.update(variant=None)
    with pytest.raises(NotAllowed, match="no words"):
        take_out(attribution=attribution, actor=editor, reason="No.")


# --- undo ---


def same(editor: User) -> Decision:
    return answer(editor, "same")


def different(editor: User) -> Decision:
    return answer(editor, "different")


def merged(editor: User) -> Decision:
    pair = asked()
    make_flag(pair.other.quote, editor)
    merge.merge(quote=pair.one.quote, into=pair.other.quote, actor=editor, reason="One.")
    return Decision.objects.latest("pk")


@pytest.mark.parametrize("act", [same, different, merged])
def test_undo_puts_everything_back(editor: User, act: Any) -> None:
    says(OLD)
    says(NOT_OLD, days=1)
    before = state()
    decision = act(editor)
    flags = state()["flags"]
    undone = undo(decision=decision, actor=editor)
    after = state()
    assert {**after, "flags": None} == {**before, "flags": None}
    if flags:
        assert Flag.objects.get().quote_id == asked().other.quote_id
    assert undone.undoes == decision
    assert not Decision.objects.get(pk=decision.pk).can_be_undone


@pytest.mark.parametrize("way", ["split", "take_out"])
def test_undo_of_leaving_brings_back_and_leads_the_new_address_home(editor: User, way: str) -> None:
    first, second = says(OLD), says(REWORDED, days=1)
    old = quote(first)
    if way == "split":
        new = split(variant=variant(second), actor=editor, reason="Twice.")
    else:
        new = take_out(attribution=second, actor=editor, reason="Twice.")
    undo(decision=Decision.objects.latest("pk"), actor=editor)
    assert quote(first) == quote(second) == old
    assert quote(first).article_count == 2
    assert Quote.objects.get(pk=new.pk).merged_into == old
    assert again(second).is_placed is False


def test_an_undo_can_be_undone(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    undone = undo(decision=answer(editor, "same"), actor=editor)
    undo(decision=undone, actor=editor)
    assert quote(first) == quote(second)


def test_undone_once_only(editor: User, second_editor: User) -> None:
    says(OLD)
    says(NOT_OLD)
    decision = answer(editor, "different")
    undo(decision=decision, actor=editor)
    with pytest.raises(Conflict):
        undo(decision=decision, actor=second_editor)


def test_what_has_been_moved_again_is_not_undone(editor: User, second_editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    decision = answer(editor, "same")
    third = says(PARAPHRASE)
    split(variant=variant(second), actor=second_editor, reason="It says not.")
    before = state()
    with pytest.raises(Conflict, match="moved again"):
        undo(decision=decision, actor=editor)
    assert state() == before
    assert quote(first) != quote(second) != quote(third)


def test_a_decision_that_moved_nothing_has_no_undo(editor: User) -> None:
    decision = Decision.objects.create(actor=editor, verb="accepted", attribution=make_attribution())
    with pytest.raises(NotAllowed, match="nothing to undo"):
        undo(decision=decision, actor=editor)


def test_a_merged_quote_outlives_its_reports(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    gone = quote(second)
    answer(editor, "same")
    Attribution.objects.filter(pk__in=[first.pk, second.pk]).delete()
    call_command("reread", verbosity=0)
    assert Quote.objects.filter(pk=gone.pk, merged_into__isnull=False).exists()


def test_a_person_s_correction_still_moves_a_placed_report(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    answer(editor, "same")
    row = again(second)
    make_speaker("Bob Stone")
    correct_reading(row, editor, speaker="Bob Stone")
    assert quote(second) != quote(first)
    assert quote(second).speaker == Speaker.objects.get(name="Bob Stone")


def test_days_are_counted_from_the_reports(editor: User) -> None:
    first = says(LONG)
    assert quote(first).first_seen == PUBLISHED
    assert quote(says(LONG, days=3)).last_seen == PUBLISHED + timedelta(days=3)
