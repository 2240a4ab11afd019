"""What stands in the database after a file was read, told so that two databases can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quotes.models import Article, Attribution, Decision, Quote, Upload
from quotes.services import bulk


def tell(path: str) -> None:
    counts = bulk.progress(Upload.objects.get()).counts
    Path(path).write_text(json.dumps({"counts": counts, **_all()}))


def _all() -> dict[str, Any]:
    reports = Attribution.objects.select_related("speaker", "variant__quote", "revision__article").prefetch_related(
        "relays"
    )
    return {
        "articles": sorted(Article.objects.values_list("canonical_url", "title", "stage", "revisions__digest")),
        "attributions": sorted(
            [
                report.revision.article.canonical_url,
                report.start,
                report.variant.wording if report.variant else "",
                report.speaker.name if report.speaker else report.speaker_printed,
                report.sourcing,
                [relay.label for relay in report.relays.all()],
            ]
            for report in reports
        ),
        "quotes": sorted(
            Quote.objects.values_list("words", "report_count", "article_count", "origin_count", "sourcing")
        ),
        "decisions": sorted(Decision.objects.values_list("attribution", "verb")),
        "wrong": wrong(),
    }


def wrong() -> list[str]:
    """What ought not to be: jobs left over, and parts whose lines were not all read."""
    return [str(job) for upload in Upload.objects.all() for job in upload.jobs.exclude(state="done")]
