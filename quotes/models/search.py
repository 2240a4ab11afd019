"""What the full-text search of each quote goes by. services.search_sqlite and search_postgres build their index on it."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One quote's text for searching: its wordings, who said and told it, and the articles, as space-separated words.

    `words` are the words as printed, lower case, for exact phrases; `stems` are their stems, for everything else, so that
    both databases find the same. Written by services.summary with the quote's other derived fields.
    """

    quote = models.OneToOneField("Quote", models.CASCADE, primary_key=True, related_name="search_entry")
    words = models.TextField()
    stems = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.words[:80]
