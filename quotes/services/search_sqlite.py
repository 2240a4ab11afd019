"""Full-text search on SQLite: an FTS5 table over SearchEntry, kept by triggers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError
from django.db.models.expressions import RawSQL

INSTALL = (
    """CREATE VIRTUAL TABLE quotes_search USING fts5(
        words, stems, content='quotes_searchentry', content_rowid='quote_id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER quotes_search_added AFTER INSERT ON quotes_searchentry BEGIN
        INSERT INTO quotes_search(rowid, words, stems) VALUES (new.quote_id, new.words, new.stems); END""",
    """CREATE TRIGGER quotes_search_gone AFTER DELETE ON quotes_searchentry BEGIN
        INSERT INTO quotes_search(quotes_search, rowid, words, stems)
        VALUES ('delete', old.quote_id, old.words, old.stems); END""",
    """CREATE TRIGGER quotes_search_changed AFTER UPDATE ON quotes_searchentry BEGIN
        INSERT INTO quotes_search(quotes_search, rowid, words, stems)
        VALUES ('delete', old.quote_id, old.words, old.stems);
        INSERT INTO quotes_search(rowid, words, stems) VALUES (new.quote_id, new.words, new.stems); END""",
)
REMOVE = (
    "DROP TRIGGER quotes_search_added",
    "DROP TRIGGER quotes_search_gone",
    "DROP TRIGGER quotes_search_changed",
    "DROP TABLE quotes_search",
)


def matching(stems: Sequence[str], phrases: Sequence[str]) -> RawSQL:
    """The numbers of the quotes that hold all stems and all exact phrases, as a subquery."""
    wanted = [f'stems : "{stem}"' for stem in stems] + [f'words : "{phrase}"' for phrase in phrases]
    return RawSQL("SELECT rowid FROM quotes_search WHERE quotes_search MATCH %s", [" AND ".join(wanted)])


def is_sound(cursor: Any) -> bool:
    """Whether the index holds what the entries hold. Reads all of it once."""
    try:
        cursor.execute("INSERT INTO quotes_search(quotes_search, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def rebuild(cursor: Any) -> None:
    cursor.execute("INSERT INTO quotes_search(quotes_search) VALUES ('rebuild')")
