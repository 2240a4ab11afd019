"""What Prometheus is told, and who may ask."""

from __future__ import annotations

import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import get_resolver
from prometheus_client.parser import text_string_to_metric_families

from quotes import logs, metrics
from tests.browser.site import ROOT, environment_of, free_port, migrate
from tests.factories import make_attribution, make_flag, make_user

pytestmark = pytest.mark.django_db
URL = "/metrics"
TOKEN = "a-long-token"
LABELS = ("url", "method", "status", "kind", "le")


@pytest.fixture
def token(settings: Any) -> str:
    settings.HEARSAY_METRICS_TOKEN = TOKEN
    caches["local"].delete("metrics-totals")
    return TOKEN


def scraped(client: Client | None = None) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name -> label values -> value, as Prometheus's own parser reads it."""
    response = (client or Client()).get(URL, headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(response.content.decode()):
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in LABELS if name in sample.labels)
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def test_without_a_token_in_the_settings_there_is_no_such_page() -> None:
    assert Client().get(URL).status_code == 404
    assert Client().get(URL, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"bearer {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_who_does_not_know_the_token_is_refused(token: str, sent: str) -> None:
    response = Client().get(URL, headers={"Authorization": sent})
    assert response.status_code == 401
    assert b"hearsay_" not in response.content


def test_an_address_does_not_carry_the_token(token: str) -> None:
    assert Client().get(f"{URL}?token={TOKEN}").status_code == 401


def test_requests_are_counted_by_name(token: str) -> None:
    client = Client()
    before = scraped().get("hearsay_requests_total", {})
    client.get("/method/")
    client.get("/method/?q=marker")
    client.get("/quotes/987654/")
    client.generic("BREW", "/method/")
    found = scraped()
    counted = found["hearsay_requests_total"]

    def more(*labels: str) -> float:
        return counted[labels] - before.get(labels, 0)

    assert more("method_detail", "GET", "200") == 2
    assert more("quote_detail", "GET", "404") == 1
    assert more("method_detail", "other", "405") == 1
    assert found["hearsay_request_seconds_count"][("method_detail",)] >= 2
    assert found["hearsay_database_queries_total"][("quote_detail",)] >= 1
    assert found["hearsay_database_seconds_total"][("quote_detail",)] > 0


def test_labels_are_bounded(token: str) -> None:
    """A thousand addresses that somebody made up add one name and no more."""
    client = Client()
    client.get("/nowhere/0/")
    before = {labels[0] for labels in scraped()["hearsay_requests_total"]}
    for number in range(50):
        client.get(f"/nowhere/{number}/marker-{number}")
        client.get(f"/watches/feed/marker-{number}.atom")
        client.get(f"/outlets/marker-{number}/?q=marker")
        client.get(f"/api/v1/marker-{number}")
    text = client.get(URL, headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "marker" not in text
    names = {labels[0] for labels in scraped()["hearsay_requests_total"]}
    assert names - before <= {"watch_feed", "outlet_detail"}
    assert logs.UNKNOWN in names
    known = {pattern.name for pattern in get_resolver().url_patterns if hasattr(pattern, "name")} | {logs.UNKNOWN}
    assert all(
        name in known or ":" in name or name.startswith(("account_", "socialaccount_", "mfa_")) for name in names
    )


def test_what_the_site_holds(token: str, django_assert_max_num_queries: Any) -> None:
    report = make_attribution()
    assert report.variant is not None
    make_flag(report.variant.quote, make_user("rita"))
    caches["local"].delete("metrics-totals")
    with django_assert_max_num_queries(12):
        found = scraped()
    assert found["hearsay_articles"] == {("all",): 1, ("waiting",): 1}
    assert found["hearsay_attributions"] == {(): 1}
    assert found["hearsay_quotes"] == {(): 1}
    assert found["hearsay_waiting"][("flag",)] == 1
    assert found["hearsay_reading_by_model"][()] in (0, 1)
    make_attribution("Another thing that was said.")
    with django_assert_max_num_queries(0):
        assert scraped()["hearsay_attributions"] == {(): 1}, "kept for a minute"


def test_two_workers_are_added_up(tmp_path: Path) -> None:
    """gunicorn with two workers: whichever is asked tells of both."""
    environment = environment_of(tmp_path) | {
        "HEARSAY_METRICS_TOKEN": TOKEN,
        "HEARSAY_MODEL": "none",
        "TMPDIR": str(tmp_path),
    }
    migrate(environment)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "quotes.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        for number in range(40):
            until = time.monotonic() + 60
            while True:
                try:
                    assert asked(port, "/healthz")[0] == 200
                    break
                except OSError:
                    assert time.monotonic() < until, number
                    time.sleep(0.2)
        status, text = asked(port, URL)
        assert status == 200
        assert 'hearsay_requests_total{method="GET",status="200",url="health_live"} 40.0' in text
    finally:
        server.terminate()
        server.wait(timeout=30)


def asked(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)  # a connection for each: the workers take turns
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_the_format_is_prometheus_own() -> None:
    assert "version=0.0.4" in metrics.CONTENT_TYPE
