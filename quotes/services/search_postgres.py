"""Full-text search on PostgreSQL: tsvector columns of SearchEntry with GIN indexes. The one module that may know PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.expressions import RawSQL

INSTALL = (
    """ALTER TABLE quotes_searchentry
        ADD COLUMN words_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED,
        ADD COLUMN stems_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', stems)) STORED""",
    "CREATE INDEX quotes_search_words ON quotes_searchentry USING gin (words_vector)",
    "CREATE INDEX quotes_search_stems ON quotes_searchentry USING gin (stems_vector)",
)
REMOVE = ("ALTER TABLE quotes_searchentry DROP COLUMN words_vector, DROP COLUMN stems_vector",)


def matching(stems: Sequence[str], phrases: Sequence[str]) -> RawSQL:
    """The numbers of the quotes that hold all stems and all exact phrases, as a subquery."""
    conditions = ["stems_vector @@ plainto_tsquery('simple', %s)"] if stems else []
    conditions += ["words_vector @@ phraseto_tsquery('simple', %s)"] * len(phrases)
    given = ([" ".join(stems)] if stems else []) + list(phrases)
    return RawSQL(f"SELECT quote_id FROM quotes_searchentry WHERE {' AND '.join(conditions)}", given)
