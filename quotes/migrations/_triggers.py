"""Rules no CHECK can say, as triggers on SQLite and PostgreSQL: texts and decisions never change, and a
span's words stand in its revision's text."""

from __future__ import annotations

from typing import Any

SQLITE = {
    "quotes_revision_immutable": """
        CREATE TRIGGER quotes_revision_immutable BEFORE UPDATE ON quotes_revision
        BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END""",
    "quotes_revision_not_replaced": """
        CREATE TRIGGER quotes_revision_not_replaced BEFORE INSERT ON quotes_revision
        WHEN EXISTS (SELECT 1 FROM quotes_revision WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END""",
    "quotes_decision_not_replaced": """
        CREATE TRIGGER quotes_decision_not_replaced BEFORE INSERT ON quotes_decision
        WHEN EXISTS (SELECT 1 FROM quotes_decision WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END""",
    "quotes_attribution_stays": """
        CREATE TRIGGER quotes_attribution_stays BEFORE UPDATE OF revision_id ON quotes_attribution
        WHEN NEW.revision_id <> OLD.revision_id
        BEGIN SELECT RAISE(ABORT, 'an attribution stays with its revision'); END""",
    "quotes_span_stays_in_text": """
        CREATE TRIGGER quotes_span_stays_in_text BEFORE UPDATE OF exact, start, "end", attribution_id ON quotes_span
        WHEN NEW.exact IS NOT (
            SELECT substr(r.text, NEW.start + 1, NEW."end" - NEW.start)
            FROM quotes_revision r JOIN quotes_attribution a ON a.revision_id = r.id
            WHERE a.id = NEW.attribution_id)
        BEGIN SELECT RAISE(ABORT, 'a span must repeat the words of its text'); END""",
    "quotes_decision_no_update": """
        CREATE TRIGGER quotes_decision_no_update BEFORE UPDATE ON quotes_decision
        BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END""",
    "quotes_decision_no_delete": """
        CREATE TRIGGER quotes_decision_no_delete BEFORE DELETE ON quotes_decision
        BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END""",
    "quotes_span_in_text": """
        CREATE TRIGGER quotes_span_in_text BEFORE INSERT ON quotes_span
        WHEN NEW.exact IS NOT (
            SELECT substr(r.text, NEW.start + 1, NEW."end" - NEW.start)
            FROM quotes_revision r JOIN quotes_attribution a ON a.revision_id = r.id
            WHERE a.id = NEW.attribution_id)
        BEGIN SELECT RAISE(ABORT, 'a span must repeat the words of its text'); END""",
}

POSTGRESQL = {
    "quotes_revision": """
        CREATE FUNCTION quotes_never() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME; END $$;
        CREATE TRIGGER quotes_revision_immutable BEFORE UPDATE ON quotes_revision
        FOR EACH ROW EXECUTE FUNCTION quotes_never()""",
    "quotes_decision": """
        CREATE TRIGGER quotes_decision_append_only BEFORE UPDATE OR DELETE ON quotes_decision
        FOR EACH ROW EXECUTE FUNCTION quotes_never()""",
    "quotes_span": """
        CREATE FUNCTION quotes_span_in_text() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.exact IS DISTINCT FROM (
                SELECT substr(r.text, NEW.start + 1, NEW."end" - NEW.start)
                FROM quotes_revision r JOIN quotes_attribution a ON a.revision_id = r.id
                WHERE a.id = NEW.attribution_id)
            THEN RAISE EXCEPTION 'a span must repeat the words of its text'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER quotes_span_in_text BEFORE INSERT OR UPDATE ON quotes_span
        FOR EACH ROW EXECUTE FUNCTION quotes_span_in_text()""",
    "quotes_attribution": """
        CREATE TRIGGER quotes_attribution_stays BEFORE UPDATE ON quotes_attribution
        FOR EACH ROW WHEN (NEW.revision_id <> OLD.revision_id) EXECUTE FUNCTION quotes_never()""",
}


def install(apps: Any, schema_editor: Any) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements.values():
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER quotes_span_in_text ON quotes_span")
        schema_editor.execute("DROP TRIGGER quotes_attribution_stays ON quotes_attribution")
        schema_editor.execute("DROP TRIGGER quotes_decision_append_only ON quotes_decision")
        schema_editor.execute("DROP TRIGGER quotes_revision_immutable ON quotes_revision")
        schema_editor.execute("DROP FUNCTION quotes_never, quotes_span_in_text")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")
