from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from quotes.models import KeyIndex, Match, Quote, Variant
from quotes.services import index, merge, pairs, rematch
from tests.services.test_match import MIDDLE, OLD, says
from tests.services.test_merge import NOT_OLD, PARAPHRASE, REWORDED, quote, state

pytestmark = pytest.mark.django_db
ENGINES = ["loop", "duckdb"]


def quiet(step: str, done: int, total: int) -> None:
    """Hears nothing of progress."""


def run(folder: Path, engine: str = "duckdb", tell: Callable[[str, int, int], None] = quiet) -> rematch.Outcome:
    return rematch.run(folder / "rematch", engine=engine, tell=tell)  # type: ignore[arg-type]


def unmatched(*said: tuple[str, int, str]) -> list[Quote]:
    """Quotes as they would stand had nothing been matched yet: (words, day, speaker) each."""
    made = []
    for words, day, speaker in said:
        attribution = says(words, days=day, speaker=speaker)
        before = attribution.variant
        assert before is not None
        if before.quote.report_count > 1:
            alone = Quote.objects.create(speaker=attribution.speaker, words=words)
            if before.attributions.count() > 1:
                own = Variant.objects.create(quote=alone, wording=words, fingerprint=before.fingerprint)
                index.add(own)
                attribution.variant = own
                attribution.save()
            else:
                before.quote = alone
                before.save()
            from quotes.services import summary

            summary.refresh({quote.pk for quote in Quote.objects.all()})
        made.append(quote(attribution))
    Match.objects.all().delete()
    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_everything_is_matched_as_if_it_had_come_in_one_by_one(tmp_path: Path, engine: str) -> None:
    old, reworded, denied, other = unmatched(
        (OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"), (NOT_OLD, 1, "Ann Lee"), (OLD, 0, "Bob Stone")
    )
    assert run(tmp_path, engine).linked == 1
    old.refresh_from_db(), reworded.refresh_from_db(), denied.refresh_from_db(), other.refresh_from_db()
    assert reworded.merged_into == old
    assert old.article_count == 2
    assert denied.merged_into is other.merged_into is None
    assert Match.objects.get(outcome="linked").score >= 0.9
    (asked,) = Match.objects.asked()
    assert asked.alarms == ["Only one of the two says “not”."]
    assert not (tmp_path / "rematch").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_further_run_changes_nothing(tmp_path: Path, engine: str) -> None:
    unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"), (NOT_OLD, 1, "Ann Lee"), (MIDDLE, 0, "Ann Lee"))
    run(tmp_path, engine)
    run(tmp_path, engine)  # joined quotes count from their first day, which changes what is said of the days between
    before = state(), list(Match.objects.order_by("pk").values())
    assert run(tmp_path, engine).linked == 0
    assert (state(), list(Match.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("given", ["different", "unsure", "same"])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_editor_answered_stays(tmp_path: Path, editor: User, given: merge.Answer, engine: str) -> None:
    for words, day in ((OLD, 0), (NOT_OLD, 1)):
        says(words, days=day)
    pair = Match.objects.asked().get()
    merge.judge(pair=pair, actor=editor, answer=given, seen="proposed")
    before = state()
    run(tmp_path, engine)
    assert state() == before
    assert Match.objects.get(pk=pair.pk).outcome == given
    assert not Match.objects.asked().exists()


def test_a_wording_split_off_is_not_joined_again(tmp_path: Path, editor: User) -> None:
    first, second = says(OLD), says(REWORDED, days=1)
    variant = second.variant
    assert variant is not None
    merge.split(variant=variant, actor=editor, reason="Another day.")
    run(tmp_path)
    assert quote(first) != quote(second)


def test_what_an_editor_merged_stays_merged(tmp_path: Path, editor: User) -> None:
    first, second = says(OLD), says(PARAPHRASE)
    merge.merge(quote=quote(first), into=quote(second), actor=editor, reason="One speech.")
    run(tmp_path)
    assert quote(first) == quote(second)


def test_old_questions_get_todays_reasons_and_keep_their_address(tmp_path: Path) -> None:
    says(OLD)
    says(NOT_OLD)
    Match.objects.update(score=0.51, reasons=["An older one."], alarms=[])
    address = Match.objects.get().pk
    run(tmp_path)
    match = Match.objects.get()
    assert match.pk == address
    assert match.alarms == ["Only one of the two says “not”."]
    assert "An older one." not in match.reasons


def test_questions_that_would_not_be_asked_today_are_taken_back(tmp_path: Path) -> None:
    one, other = (says(words).variant for words in (OLD, "The pool will stay open for one more summer."))
    assert one is not None
    assert other is not None
    Match.objects.all().delete()
    Match.objects.create(one=one, other=other, score=0.6)
    guess = Match.objects.create(one=one, other=says(PARAPHRASE).variant, score=0.2, is_suggestion=True)
    Match.objects.exclude(pk=guess.pk).filter(is_suggestion=True).delete()
    run(tmp_path)
    assert list(Match.objects.all()) == [guess]


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("at", ["keys written out", "finding pairs", "comparing", "linking", "proposing"])
def test_a_killed_run_goes_on_and_ends_as_an_unbroken_one(tmp_path: Path, at: str) -> None:
    unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"), (NOT_OLD, 1, "Ann Lee"))

    def die(step: str, done: int, total: int) -> None:
        if step == at:
            raise Killed

    with pytest.raises(Killed):
        run(tmp_path, tell=die)
    run(tmp_path)
    assert Quote.objects.exclude(merged_into=None).count() == 1
    assert Match.objects.asked().count() == 1


def test_half_a_line_of_a_killed_run_is_cut_off(tmp_path: Path) -> None:
    unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"))
    rematch.find(tmp_path / "rematch", engine="duckdb", tell=quiet, master="", memory="1GB", anew=False)
    (tmp_path / "rematch" / "weighed.jsonl").write_text("[1, 2, 0.9")
    assert run(tmp_path).linked == 1


def test_a_spoilt_state_begins_anew(tmp_path: Path) -> None:
    unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"))
    (tmp_path / "rematch").mkdir()
    (tmp_path / "rematch" / "state.json").write_text("{broken")
    (tmp_path / "rematch" / "pairs.parquet").write_text("no parquet")
    assert run(tmp_path).linked == 1


def test_new_wordings_begin_anew(tmp_path: Path) -> None:
    unmatched((OLD, 0, "Ann Lee"))
    rematch.find(tmp_path / "rematch", engine="duckdb", tell=quiet, master="", memory="1GB", anew=False)
    unmatched((REWORDED, 1, "Ann Lee"))
    assert run(tmp_path).linked == 1


def test_both_ways_find_the_pairs_that_matter(tmp_path: Path) -> None:
    unmatched(*((words, day, "Ann Lee") for day, words in enumerate((OLD, REWORDED, NOT_OLD, PARAPHRASE, MIDDLE))))
    found: dict[str, set[Any]] = {}
    for engine in ENGINES:
        rematch.find(tmp_path / engine, engine=engine, tell=quiet, master="", memory="1GB", anew=False)  # type: ignore[arg-type]
        found[engine] = {(one, other) for rows in pairs.stored(tmp_path / engine) for one, other, _ in rows}
    assert found["duckdb"] <= found["loop"]
    said = {variant.wording: variant.pk for variant in Variant.objects.all()}
    assert {(said[OLD], said[REWORDED]), (said[OLD], said[NOT_OLD])} <= found["duckdb"]


def test_the_plan_is_plain_sql_that_any_engine_reads() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE told (key INTEGER, variant BIGINT, speaker BIGINT, quote BIGINT, weight INTEGER)")
    rows = [(key, variant, speaker, variant, 9000) for variant, speaker in ((1, 1), (2, 1), (3, 2)) for key in (10, 11)]
    con.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", rows)
    assert con.execute(pairs.plan()).fetchall() == [(1, 2, 18_000)]


def test_nothing_to_match(tmp_path: Path) -> None:
    for engine in ENGINES:
        assert run(tmp_path, engine) == (0, 0, 0)


# --- the command ---


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"))
    call_command("rematch", folder=tmp_path / "rematch")
    assert "1 quotes were joined to another" in capsys.readouterr().out


def test_the_command_can_only_list_the_pairs(tmp_path: Path) -> None:
    one, other = unmatched((OLD, 0, "Ann Lee"), (REWORDED, 1, "Ann Lee"))
    target = tmp_path / "pairs.csv"
    call_command("rematch", folder=tmp_path / "rematch", engine="duckdb", pairs=target)
    assert target.read_text() == f"{one.variants.get().pk},{other.variants.get().pk}\n"
    assert not Quote.objects.exclude(merged_into=None).exists()


def test_an_old_index_is_said(tmp_path: Path) -> None:
    says(OLD)
    KeyIndex.objects.update(version="0")
    with pytest.raises(CommandError, match="reindex first"):
        call_command("rematch", folder=tmp_path / "rematch")


def test_missing_java_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(OLD)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(CommandError, match="Spark needs Java 17"):
        call_command("rematch", folder=tmp_path / "rematch", engine="spark")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    says(OLD)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="is kept in"):
        call_command("rematch", folder=tmp_path / "file" / "rematch")
