"""`manage.py check_data`: each thing broken on purpose behind the database's back, told of, and mended where it is derived."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from quotes.migrations import _triggers
from quotes.models import Article, Attribution, Decision, Quote, Relay, Revision, SearchEntry, Span
from quotes.services import flag, review, summary, undo
from quotes.services.checks import CHECKS, tables
from tests.factories import make_attribution, make_speaker, read_article

pytestmark = pytest.mark.django_db

OTHER = (
    "The president of Turkey, Recep Tayyip Erdogan, spoke on Tuesday. “We will rebuild the bridge before winter,” Ann Lee, the "
    "mayor, said. She told reporters that the harbour would stay open, according to her aide Bob Stone. The council meets again "
    "on Friday to talk about the plans that the city published in spring for the old town and its streets."
)


def checked(*options: str) -> tuple[list[str], int]:
    """The lines that were printed, and the exit status."""
    out = StringIO()
    try:
        call_command("check_data", *options, stdout=out)
    except SystemExit as ended:
        return out.getvalue().splitlines(), int(str(ended.code))
    return out.getvalue().splitlines(), 0


@pytest.fixture
def data(editor: User) -> None:
    """What a desk has after a while: readings, decisions, an undone one, a flag, an article's second version."""
    read_article(OTHER, outlet="The Bridge", url="https://bridge.example/1")
    read_article(f"{OTHER} Nobody objected.", outlet="The Bridge", url="https://bridge.example/1")
    told = make_attribution(
        "The harbour is closed.", speaker=make_speaker("Cy Moor"), via=(make_speaker("Dee"), make_speaker("Eve"))
    )
    make_attribution("The theatre is open.", speaker=told.speaker)
    rejected = review.reject(attribution=told, actor=editor, version=told.version, reason="Misread.")
    undo.undo(decision=rejected, actor=editor)
    assert told.variant is not None
    flag.raise_flag(quote=told.variant.quote, kind="secondhand", reason="Through an aide.", actor=editor)


@contextmanager
def unguarded() -> Iterator[Callable[..., None]]:
    """Runs SQL that no trigger and no constraint stops; all of it is taken back at the end."""
    with transaction.atomic(), connection.cursor() as cursor:

        def run(sql: str, *values: object) -> None:
            cursor.execute(sql, values)
            assert cursor.rowcount != 0, f"it broke nothing: {sql}"

        if connection.vendor == "sqlite":
            for name in _triggers.SQLITE:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            yield run
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            transaction.set_rollback(True)


def test_a_healthy_database(data: None) -> None:
    assert checked() == (["Nothing is wrong."], 0)


def test_an_empty_database() -> None:
    assert checked() == (["Nothing is wrong."], 0)


def one_of(rows: object) -> int:
    return rows.order_by("pk").values_list("pk", flat=True)[0]  # type: ignore[attr-defined,no-any-return]


EVIDENCE: dict[str, tuple[str, Callable[[], int], str]] = {
    "span: words": ("UPDATE quotes_span SET exact = 'x' || substr(exact, 2) WHERE id = %s", lambda: one_of(Span.objects), "do not stand at"),
    "span: offsets": ('UPDATE quotes_span SET start = start + 1, "end" = "end" + 1 WHERE id = %s', lambda: one_of(Span.objects), "do not stand at"),
    "span: far away": ('UPDATE quotes_span SET start = start + 900000, "end" = "end" + 900000 WHERE id = %s', lambda: one_of(Span.objects), "do not stand at"),
    "span: before it": ("UPDATE quotes_span SET prefix = 'Nobody said ' WHERE id = %s", lambda: one_of(Span.objects), "other words stand around it"),
    "span: after it": ("UPDATE quotes_span SET suffix = ' not at all' WHERE id = %s", lambda: one_of(Span.objects), "other words stand around it"),
    "span: role": ("UPDATE quotes_span SET role = 'rumour' WHERE id = %s", lambda: one_of(Span.objects.filter(role="source")), "nobody knows its role “rumour”"),
    "span: relay of another": (
        "UPDATE quotes_span SET relay_id = (SELECT max(id) FROM quotes_relay) WHERE id = %s",
        lambda: one_of(Span.objects),
        "is one of another attribution",
    ),
    "text": ("UPDATE quotes_revision SET text = text || ' It was not so.' WHERE id = %s", lambda: one_of(Revision.objects), "its text is not the one"),
    "digest": ("UPDATE quotes_revision SET digest = 'abc' WHERE id = %s", lambda: one_of(Revision.objects), "its text is not the one"),
    "revision numbers": ("UPDATE quotes_revision SET number = 7 WHERE id = %s", lambda: one_of(Revision.objects.filter(number=2)), "the numbers 1, 7"),
    "current revision": ("UPDATE quotes_article SET current_number = 9 WHERE id = %s", lambda: one_of(Article.objects), "said to be number 9"),
    "no words": ("DELETE FROM quotes_span WHERE role = 'content' AND attribution_id = %s", lambda: one_of(Attribution.objects), "none of its spans holds what was said"),
    "first word": ("UPDATE quotes_attribution SET start = start + 3 WHERE id = %s", lambda: one_of(Attribution.objects), "it says that its words begin at"),
    "chain": ("UPDATE quotes_relay SET position = 5 WHERE id = %s", lambda: one_of(Relay.objects.filter(position=2)), "positions 1, 5"),
    "chain without its first": ("DELETE FROM quotes_relay WHERE id = %s", lambda: one_of(Relay.objects.filter(attribution__sourcing="thirdhand", position=1)), "positions 2, not at 1"),
    "quote of a report": ("UPDATE quotes_attribution SET variant_id = 987654 WHERE id = %s", lambda: one_of(Attribution.objects), "it names variant 987654"),
    "merged in a circle": ("UPDATE quotes_quote SET merged_into_id = id WHERE id = %s", lambda: one_of(Quote.objects), "it is merged in a circle"),
    "speaker of a quote": ("UPDATE quotes_quote SET speaker_id = 987654 WHERE id = %s", lambda: one_of(Quote.objects), "it names speaker 987654"),
    "decision's journal": ("UPDATE quotes_decision SET changes = '[[\"attribution\", 1]]' WHERE id = %s", lambda: one_of(Decision.objects), "its change 1 is not"),
    "decision of nobody": ("UPDATE quotes_decision SET undoes_id = 987654 WHERE id = %s", lambda: one_of(Decision.objects), "it names decision 987654"),
}  # fmt: skip
"""What was broken -> SQL, the row, and what must be said of it."""


REFUSED = ("span: role", "merged in a circle")
"""What PostgreSQL's own rules stop whoever tries it."""


def kept() -> list[object]:
    return [list(table.objects.order_by("pk").values()) for table in (Span, Revision, Relay, Decision)]


def test_broken_evidence_is_told_of_and_left_alone(data: None) -> None:
    for name, (sql, row, said) in EVIDENCE.items():
        if connection.vendor == "postgresql" and name in REFUSED:
            continue
        with unguarded() as run:
            run(sql, row())
            before = kept()
            lines, status = checked("--repair")
            assert status == 1, name
            assert any(said in line and "restore this from a backup" in line for line in lines), (name, lines)
            assert before == kept(), name


REPORTED = "(SELECT min(id) FROM quotes_quote WHERE report_count > 0)"
DERIVED: dict[str, tuple[str, str]] = {
    "words": (f"UPDATE quotes_quote SET words = 'Never said.' WHERE id = {REPORTED}", "words is"),
    "class": (f"UPDATE quotes_quote SET sourcing = 'record' WHERE id = {REPORTED}", "sourcing is 'record', its reports say"),
    "grade": (f"UPDATE quotes_quote SET grade = 'Z' WHERE id = {REPORTED}", "grade is 'Z'"),
    "via": ("UPDATE quotes_quote SET via = '[]' WHERE sourcing = 'thirdhand'", "via is []"),
    "reports": (f"UPDATE quotes_quote SET report_count = 99 WHERE id = {REPORTED}", "report_count is 99, its reports say"),
    "origins": (f"UPDATE quotes_quote SET origin_count = 0 WHERE id = {REPORTED}", "origin_count is 0"),
    "days": (f"UPDATE quotes_quote SET first_seen = '1999-01-01 00:00:00+00:00' WHERE id = {REPORTED}", "first_seen is not"),
    "outlets": (f"DELETE FROM quotes_quote_outlets WHERE quote_id = {REPORTED}", "its outlets are not"),
    "intermediaries": ("DELETE FROM quotes_quote_intermediaries", "its intermediaries are not"),
    "search entry": (f"DELETE FROM quotes_searchentry WHERE quote_id = {REPORTED}", "its entry for searching is missing"),
    "words for searching": (f"UPDATE quotes_searchentry SET words = 'x' WHERE quote_id = {REPORTED}", "its entry for searching is not made of"),
    "keys missing": ("DELETE FROM quotes_key WHERE variant_id = (SELECT min(id) FROM quotes_variant)", "of its keys are missing and 0 are left over"),
    "key left over": ("INSERT INTO quotes_key (key, variant_id) SELECT 5, min(id) FROM quotes_variant", "0 of its keys are missing and 1 are left over"),
    "key of a wording that is gone": ("INSERT INTO quotes_key (key, variant_id) VALUES (5, 987654)", "Wording 987654: in the index, 0 of its keys"),
    "frequency": ("UPDATE quotes_keyfrequency SET count = 77 WHERE key = (SELECT min(key) FROM quotes_key)", "1 keys are counted wrongly; the first: key"),
    "frequencies": ("DELETE FROM quotes_keyfrequency", "keys are counted wrongly"),
    "size of the index": ("UPDATE quotes_keyindex SET wordings = 5000", "it is said to hold 5,000 wordings"),
    "index of another version": ("UPDATE quotes_keyindex SET version = 'old'", "another version made it"),
    "sentences": ("DELETE FROM quotes_passagekey", "the keys of its sentences are not those of its current text"),
    "sentence left over": ("INSERT INTO quotes_passagekey (key, article_id) SELECT 5, min(id) FROM quotes_article", "the keys of its sentences are not"),
    "quote nobody reports": (
        "INSERT INTO quotes_quote (addressee, occasion, language, words, form, sourcing, grade, via, speaker_printed, "
        "report_count, article_count, outlet_count, origin_count) "
        "VALUES ('', '', 'en', 'Left over.', '', '', '', '[]', '', 0, 0, 0, 0)",
        "so it should be gone",
    ),
}  # fmt: skip
"""What was broken -> SQL, and what must be said of it."""


def test_what_is_derived_is_told_of_and_made_again(data: None) -> None:
    for name, (sql, said) in DERIVED.items():
        with unguarded() as run:
            run(sql)
            lines, status = checked()
            assert status == 1, name
            assert any(said in line and ("check_data --repair" in line or "reindex" in line) for line in lines), (
                name,
                lines,
            )
            lines, status = checked("--repair")
            assert status == 0, (name, lines)
            assert any(said in line and line.endswith("Repaired.") for line in lines), (name, lines)
            assert checked() == (["Nothing is wrong."], 0), name


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL generates its own")
def test_the_full_text_index(data: None) -> None:
    with unguarded() as run:
        row = SearchEntry.objects.earliest("pk")
        run("INSERT INTO quotes_search(quotes_search, rowid, words, stems) VALUES ('delete', %s, %s, %s)", row.pk, row.words, row.stems)  # fmt: skip
        assert checked()[0][0].startswith("The full-text index: it is not made of the entries")
        assert checked("--repair")[1] == 0
        assert checked()[1] == 0


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its rules")
def test_rules_of_the_tables(data: None) -> None:
    with unguarded() as run:
        run("UPDATE quotes_attribution SET status = 'unheard of' WHERE id = (SELECT min(id) FROM quotes_attribution)")
        lines, _ = checked()
        assert any("it breaks the rule “attribution in one known status”" in line for line in lines), lines


def test_a_circle_of_three(data: None) -> None:
    one, two, three = Quote.objects.order_by("pk").values_list("pk", flat=True)[:3]
    with unguarded() as run:
        for low, high in ((one, two), (two, three), (three, one)):
            run("UPDATE quotes_quote SET merged_into_id = %s WHERE id = %s", high, low)
        lines, _ = checked()
        assert f"{one} into {two} into {three} into {one}" in "\n".join(lines)


BAD_JOURNALS = [
    {"no": "list"},
    [["no_table", 1, "x", 1, 2]],
    [["quote", "1", "words", 1, 2]],
    [["quote", 0, "words", 1, 2]],
    [["quote", True, "words", 1, 2]],
    [["quote", 1, "no_column", 1, 2]],
    [["quote", 1, "", None, None]],
    [["quote", 1, "", {"words": "a"}, {"words": "b"}]],
    [["quote", 1, "", {"no_column": "a"}, None]],
    [["quote", 1, "", [], None]],
    [[["quote"], 1, "words", 1, 2]],
    ["quote"],
]


def test_journals_that_cannot_be_put_back(data: None) -> None:
    decision = Decision.objects.earliest("pk").pk
    for changes in BAD_JOURNALS:
        with unguarded() as run:
            run("UPDATE quotes_decision SET changes = %s WHERE id = %s", json.dumps(changes), decision)
            found = list(CHECKS["decisions"](lambda done, total: None, True))
            assert [finding.where for finding in found] == [f"Decision {decision}"], changes
            assert found[0].what.startswith("its change")


def test_every_reference_is_looked_at(data: None) -> None:
    """Each foreign key of each table, led to a row that is not there."""
    for table in tables():
        for field in table._meta.concrete_fields:
            if not field.is_relation or field.primary_key or not table._base_manager.exists():
                continue
            with unguarded() as run:
                row = f"ctid = (SELECT min(ctid) FROM {table._meta.db_table})"
                if connection.vendor == "sqlite":
                    row = f"rowid = (SELECT min(rowid) FROM {table._meta.db_table})"
                run(f'UPDATE {table._meta.db_table} SET "{field.column}" = 987654 WHERE {row}')
                found = list(CHECKS["references"](lambda done, total: None, False))
                assert any("987654, which is not there" in finding.what for finding in found), (table, field.name)


def test_memory_and_queries_do_not_grow_with_what_is_right(data: None, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(200):  # type: ignore[operator]
        checked()


def test_what_changes_while_it_looks_is_no_finding(data: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first look that saw half of an act is looked at again."""
    real, seen = summary.differences, []

    def half(quotes: list[int]) -> dict[int, list[str]]:
        seen.append(list(quotes))
        return real(quotes) if len(seen) > 1 else {quotes[0]: ["report_count is 1, its reports say 2"]}

    monkeypatch.setattr(summary, "differences", half)
    assert checked() == (["Nothing is wrong."], 0)
    assert seen[1] == seen[0][:1], "only the suspect is looked at again"


def test_there_is_a_check_for_each_thing_that_is_kept() -> None:
    assert next(iter(CHECKS)) == "references"
    assert {"texts and spans", "chains", "quotes", "index of wordings", "sentences", "decisions"} <= set(CHECKS)


def test_progress_is_told_on_a_terminal_alone(data: None, capsys: pytest.CaptureFixture[str]) -> None:
    checked()
    assert capsys.readouterr().err == ""
