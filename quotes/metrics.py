"""What is counted for Prometheus: requests by the name of their address, and what the site holds.

With several workers, each writes its counts into files of PROMETHEUS_MULTIPROC_DIR (gunicorn.conf.py makes it), and whichever
is asked adds them up. Labels come from short lists: a name of urls.py, never an address anybody may make up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.core.cache import caches
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from quotes.services import totals

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
KEPT = 60
"""Seconds for which the totals are kept: a scrape costs the database nothing in between."""

REQUESTS = Counter("hearsay_requests", "Requests answered.", ["url", "method", "status"])
SECONDS = Histogram(
    "hearsay_request_seconds",
    "Time from a request to the beginning of its answer.",
    ["url"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
)
QUERIES = Counter("hearsay_database_queries", "Statements run for requests.", ["url"])
QUERY_SECONDS = Counter("hearsay_database_seconds", "Time spent in the database for requests.", ["url"])


def note(*, url: str, method: str, status: int, seconds: float, queries: int, query_seconds: float) -> None:
    """Counts one request."""
    REQUESTS.labels(url, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(url).observe(seconds)
    QUERIES.labels(url).inc(queries)
    QUERY_SECONDS.labels(url).inc(query_seconds)


class Totals(Collector):
    """What the site holds and what waits, counted once a minute by each worker that is asked."""

    def collect(self) -> Iterator[Metric]:
        counted = caches["local"].get_or_set("metrics-totals", totals.count, KEPT) or {}
        for name, (told, by_kind) in counted.items():
            gauge = GaugeMetricFamily(f"hearsay_{name}", told, labels=["kind"] if isinstance(by_kind, dict) else [])
            if isinstance(by_kind, dict):
                for kind, number in by_kind.items():
                    gauge.add_metric([kind], number)
            else:
                gauge.add_metric([], by_kind)
            yield gauge


def written() -> bytes:
    """Everything, in the text format. The queries of services.totals at most once in KEPT seconds."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(Totals())
    return generate_latest(registry) + generate_latest(own)
