"""Full-text search on PostgreSQL: tsvector columns of SearchEntry with GIN indexes; and what else lists need there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.expressions import RawSQL

INSTALL = (
    """ALTER TABLE quotes_searchentry
        ADD COLUMN words_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED,
        ADD COLUMN stems_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', stems)) STORED""",
    "CREATE INDEX quotes_search_words ON quotes_searchentry USING gin (words_vector)",
    "CREATE INDEX quotes_search_stems ON quotes_searchentry USING gin (stems_vector)",
    # Lists have what is not dated last; PostgreSQL reads an index for that only when the index has it last, too.
    "CREATE INDEX quotes_quote_dated ON quotes_quote (last_seen DESC NULLS LAST, id DESC)",
    "CREATE INDEX quotes_article_dated ON quotes_article (published DESC NULLS LAST, id DESC)",
)
REMOVE = (
    "ALTER TABLE quotes_searchentry DROP COLUMN words_vector, DROP COLUMN stems_vector",
    "DROP INDEX quotes_quote_dated",
    "DROP INDEX quotes_article_dated",
)


def matching(stems: Sequence[str], phrases: Sequence[str]) -> RawSQL:
    """The numbers of the quotes that hold all stems and all exact phrases, as a subquery."""
    conditions = ["stems_vector @@ plainto_tsquery('simple', %s)"] if stems else []
    conditions += ["words_vector @@ phraseto_tsquery('simple', %s)"] * len(phrases)
    given = ([" ".join(stems)] if stems else []) + list(phrases)
    where = " AND ".join(conditions)
    sql = f"SELECT quote_id FROM quotes_searchentry WHERE {where}"  # nosec B608  # conditions from above; words are bound
    return RawSQL(sql, given)  # nosec B611  # as above


def is_sound(cursor: Any) -> bool:
    """Always: the columns are generated and indexed by the database itself."""
    return True


def rebuild(cursor: Any) -> None:
    cursor.execute("REINDEX TABLE quotes_searchentry")
