"""What happens to decisions when more comes in, or other decisions follow: found by trying to break them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Q

from quotes.models import Article, Attribution, Decision, Match, Quote, Revision
from quotes.models.match import MatchQuerySet
from quotes.services import extract, flag, merge, rematch, review
from quotes.services.extract import read_revision
from quotes.services.merge import judge, split, take_out
from quotes.services.record import NotAllowed
from quotes.services.undo import undo
from tests.factories import make_flag
from tests.services.test_match import LONG, OLD, SHORT, says
from tests.services.test_merge import NOT_OLD, PARAPHRASE, REWORDED, answer, asked, quote, reread, variant

pytestmark = pytest.mark.django_db
PLAIN = "We shall rebuild the stone bridge before winter comes."
COLD = "We shall rebuild the stone bridge before the cold winter comes."


def last() -> Decision:
    return Decision.objects.latest("pk")


def matched_anew(folder: Path) -> rematch.Outcome:
    return rematch.run(folder / "rematch", engine="loop", tell=lambda *args: None)


def asked_of(attribution: Attribution) -> MatchQuerySet:
    own = variant(attribution)
    return Match.objects.asked().filter(Q(one=own) | Q(other=own))


def nothing_is_lost() -> None:
    """Every report stands in a quote that is shown, and every flag on one."""
    shown = Attribution.objects.shown()
    assert not shown.filter(variant__quote__merged_into__isnull=False).exists()
    assert not Quote.objects.filter(merged_into__isnull=False, flags__isnull=False).exists()
    for each in Quote.objects.filter(merged_into=None):
        assert each.report_count == shown.filter(variant__quote=each).count()
        assert each.origin_count <= each.article_count


def next_version(article: Article, text: str) -> Revision:
    number = article.revisions.count() + 1
    Article.objects.filter(pk=article.pk).update(current_number=number)
    revision = Revision.objects.create(article=article, number=number, text=text, digest=f"{number:064d}")
    read_revision(Revision.objects.get(pk=revision.pk))
    return revision


# --- undo after more has happened ---


def test_what_came_into_a_quote_goes_home_with_it(editor: User) -> None:
    first, second = says(LONG), says(LONG, days=40)
    take_out(attribution=second, actor=editor, reason="Again.")
    decision, third = last(), says(LONG, days=41)
    assert quote(third) == quote(second)
    undo(decision=decision, actor=editor)
    assert quote(first).article_count == 3
    nothing_is_lost()


def test_flags_and_wordings_and_merged_quotes_go_home_too(editor: User, second_editor: User) -> None:
    first, second = says(OLD), says(REWORDED, days=1)
    new = split(variant=variant(second), actor=editor, reason="Twice.")
    decision = last()
    make_flag(new, second_editor)
    other = quote(says(PARAPHRASE))
    merge.merge(quote=other, into=new, actor=second_editor, reason="One.")
    undo(decision=decision, actor=editor)
    assert quote(first).flags.count() == 1
    assert {Quote.objects.get(pk=each.pk).survivor for each in (other, new)} == {quote(first)}
    nothing_is_lost()


def test_a_merge_redone_takes_what_came_in_between(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    undone = undo(decision=answer(editor, "same"), actor=editor)
    make_flag(quote(second), editor)
    third = says(NOT_OLD, days=1)
    undo(decision=undone, actor=editor)
    assert quote(first) == quote(second) == quote(third)
    nothing_is_lost()


def test_an_undone_answer_leaves_nothing_in_the_way_of_reading(
    editor: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    says(OLD)
    second = says(NOT_OLD)
    undo(decision=answer(editor, "different"), actor=editor)
    matched_anew(tmp_path)
    monkeypatch.setattr(extract, "read", lambda *args, **kwargs: [])
    reread(second)
    matched_anew(tmp_path)
    assert Decision.objects.count() == 2


def test_an_answer_on_words_left_behind_moves_what_is_alive(editor: User) -> None:
    first, second, third = says(SHORT), says(SHORT, days=30), says(PARAPHRASE, days=31)
    Match.objects.all().delete()
    pair = Match.objects.create(one=variant(second), other=variant(third), score=0.6)
    merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One.")
    answer(editor, "same", pair)
    assert quote(third) == quote(first)
    nothing_is_lost()


def test_equal_words_that_became_one_wording_are_told_apart_by_taking_a_report_out(editor: User) -> None:
    says(LONG)
    second = says(LONG, days=40)
    take_out(attribution=second, actor=editor, reason="Again.")
    pair = Match.objects.get()
    judge(pair=pair, actor=editor, answer="same", seen="different")
    with pytest.raises(NotAllowed, match="Take a report out"):
        judge(pair=pair, actor=editor, answer="different", seen="same")


# --- answers hold for the words, wherever they come up ---


def test_words_told_apart_stay_apart_in_another_quote(editor: User, tmp_path: Path) -> None:
    says(OLD)
    second, third = says(OLD, days=1), says(REWORDED, days=1)
    split(variant=variant(third), actor=editor, reason="Not the same.")
    take_out(attribution=second, actor=editor, reason="Another day.")
    matched_anew(tmp_path)
    assert quote(second) != quote(third)
    assert not Match.objects.asked().filter(one__quote=quote(third)).exists()


def test_words_told_apart_stay_apart_when_equal_words_are_merged(editor: User, tmp_path: Path) -> None:
    first, second = says(PLAIN), says(PLAIN, days=90)
    third = says(COLD, days=91)
    split(variant=variant(third), actor=editor, reason="Not the same.")
    merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One.")
    matched_anew(tmp_path)
    assert quote(third) != quote(first)
    with pytest.raises(NotAllowed, match="Undo that first"):
        merge.merge(quote=quote(third), into=quote(first), actor=editor, reason="One.")
    assert Decision.objects.about_quote(quote(first)).filter(verb="split a wording off").exists()


def test_a_new_report_of_words_told_apart_does_not_join(editor: User) -> None:
    first, second = says(REWORDED), says(OLD, days=3)
    split(variant=variant(first), actor=editor, reason="Not the same.")
    assert quote(says(REWORDED, days=12)) != quote(second)


@pytest.mark.parametrize("given", ["different", "unsure"])
def test_other_bounds_do_not_move_what_was_told_apart(
    editor: User, given: merge.Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = says(OLD), says(NOT_OLD)
    answer(editor, given)
    real = extract.read

    def shorter(*args: Any, **kwargs: Any) -> Any:
        found = []
        for candidate in real(*args, **kwargs):
            (span,) = candidate.content
            start = args[0].index("rebuild", span.start)
            found.append(type(candidate)(**{**_fields(candidate), "content": (type(span)(start, span.end),)}))
        return found

    monkeypatch.setattr(extract, "read", shorter)
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    reread(second)
    assert quote(Attribution.objects.get(revision=second.revision)) != quote(first)


def _fields(candidate: Any) -> dict[str, Any]:
    return {name: getattr(candidate, name) for name in candidate.__dataclass_fields__}


def test_answers_are_not_asked_for_again_after_a_merge(editor: User) -> None:
    quotes = [says(words) for words in (OLD, PARAPHRASE, SHORT)]
    Match.objects.all().delete()
    one, other, third = (variant(each) for each in quotes)
    pair = Match.objects.create(one=one, other=third, score=0.6)
    Match.objects.create(one=other, other=third, score=0.6)
    answer(editor, "different", pair)
    merge.merge(quote=one.quote, into=other.quote, actor=editor, reason="One.")
    assert not Match.objects.asked().exists()


def test_a_merge_leaves_one_question_to_each_quote(editor: User) -> None:
    one, other, third = (variant(says(words)) for words in (OLD, PARAPHRASE, SHORT))
    Match.objects.all().delete()
    for each in (one, other):
        Match.objects.create(one=each, other=third, score=0.6)
    merge.merge(quote=one.quote, into=other.quote, actor=editor, reason="One.")
    assert Match.objects.asked().count() == 1


# --- one article, several versions or places ---


def test_a_report_leaves_with_all_versions_of_its_article(editor: User) -> None:
    stays, article = says(LONG), says(LONG, days=40).revision.article
    text = article.revisions.get().text
    newer = next_version(article, f"{text} It rained.")
    old = quote(stays)
    new = take_out(attribution=newer.attributions.get(), actor=editor, reason="Again.")
    old.refresh_from_db(), new.refresh_from_db()
    assert (old.article_count, new.article_count) == (1, 1)
    assert {quote(report) for report in Attribution.objects.filter(revision__article=article)} == {new}
    with pytest.raises(NotAllowed, match="only report"):
        take_out(attribution=newer.attributions.get(), actor=editor, reason="Again.")


def test_of_equal_words_in_one_article_the_right_ones_stay_out(editor: User) -> None:
    words = f'Ann Lee said: "{LONG}"'
    text = f"It rained on Monday.\n\n{words}\n\nOn Friday the sun shone.\n\n{words}"
    from tests.factories import read_article

    article = read_article(text)
    _, second = article.revisions.get().attributions.order_by("start")
    old = quote(second)
    new = take_out(attribution=second, actor=editor, reason="Said on another day.")
    newer = next_version(article, f"A storm came.\n\n{text}")
    assert [quote(report) for report in newer.attributions.order_by("start")] == [old, new]


# --- flags and rejected reports ---


def test_a_flag_follows_a_quote_that_was_merged_meanwhile(editor: User) -> None:
    first, second = says(OLD), says(NOT_OLD)
    gone = quote(second)
    answer(editor, "same")
    flag.raise_flag(quote=gone, actor=editor, kind="secondhand", reason="Through an aide.")
    assert quote(first).flags.count() == 1
    assert not gone.flags.exists()


def test_nothing_is_asked_of_what_was_rejected(editor: User, tmp_path: Path) -> None:
    first, second = says(LONG), says(OLD)
    Match.objects.all().delete()
    merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One.")
    second.refresh_from_db()
    review.reject(attribution=second, actor=editor, version=second.version, reason="Misread.")
    says(NOT_OLD, days=1)
    assert not asked_of(second).exists()
    matched_anew(tmp_path)
    assert not asked_of(second).exists()
    with pytest.raises(NotAllowed, match="rejected"):
        take_out(attribution=second, actor=editor, reason="Again.")


def test_a_question_goes_when_its_report_is_rejected(editor: User) -> None:
    says(OLD)
    second = says(NOT_OLD)
    assert asked()
    review.reject(attribution=second, actor=editor, version=second.version, reason="Misread.")
    assert not Match.objects.asked().exists()


def test_a_better_question_takes_the_place_of_a_suggestion(tmp_path: Path) -> None:
    one, other = (variant(says(words)) for words in (OLD, NOT_OLD))
    extra = variant(says("The ferry captains keep every lantern on the western wall."))
    extra.quote = other.quote
    extra.save()
    Match.objects.create(one=one, other=extra, score=0.3, is_suggestion=True)
    matched_anew(tmp_path)
    (pair,) = Match.objects.asked()
    assert not pair.is_suggestion
