"""Links: fetched once, folded into one article, and looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from quotes.models import Article, Attribution, Job, Link
from quotes.services import jobs, link, takedown, work
from tests.newspaper import Newspaper, article

pytestmark = pytest.mark.django_db
WORDS = "We will rebuild the bridge before winter."


def fetch(url: str, **kwargs: object) -> Link:
    """Asks for a link and does what is due."""
    asked = link.ask([url], **kwargs)[0]  # type: ignore[arg-type]
    assert asked.link is not None, asked.problem
    return do(asked.link)


def do(found: Link) -> Link:
    Job.objects.filter(link=found).update(due_at=timezone.now())
    job = Job.objects.get(link=found)
    assert job.lane_id is not None
    assert work.do_lane(job.lane_id) >= 1
    return Link.objects.select_related("article", "job").get(pk=found.pk)


def test_a_link_becomes_an_article(newspaper: Newspaper, reporter: User) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge?utm_source=letter#top"), added_by=reporter)
    made = found.article
    assert made is not None
    assert made.canonical_url == newspaper.url("/bridge")
    assert (made.title, str(made.outlet), made.added_by) == ("A bridge before winter", "Lake Post", reporter)
    assert made.published == datetime(2025, 5, 21, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert Attribution.objects.get().variant.wording == WORDS  # type: ignore[union-attr]
    assert [found.job.state, found.checks, found.fault] == ["queued", 0, ""]
    assert timedelta(minutes=59) < found.job.due_at - timezone.now() < timedelta(minutes=61)
    agent = newspaper.asked[-1][1]["User-Agent"]
    assert agent.startswith("Hearsay/0.1.0 (+http")


def test_variants_fold_into_one_article(newspaper: Newspaper) -> None:
    head = f'<link rel="canonical" href="{newspaper.url("/bridge")}">'
    for path in ("/bridge", "/bridge/amp", "/m/bridge"):
        newspaper.pages[path] = article("A bridge before winter", WORDS, head=head)
    fetch(newspaper.url("/bridge"))
    for path in ("/bridge/amp", "/m/bridge"):
        asked = link.ask([newspaper.url(path)])[0]
        if asked.link is not None:
            assert do(asked.link).article == Article.objects.get()
    assert Article.objects.count() == 1


def test_what_is_known_is_answered_at_once(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    fetch(newspaper.url("/bridge"))
    before = len(newspaper.asked)
    asked = link.ask([newspaper.url("/bridge?fbclid=1"), newspaper.url("/bridge")])
    assert [entry.article for entry in asked] == [Article.objects.get()] * 2
    assert len(newspaper.asked) == before


def test_what_is_no_address_says_so() -> None:
    asked = link.ask(["ftp://lake.example/x", "", "nonsense"])
    assert all("is not a web address" in entry.problem for entry in asked)
    assert len(asked) == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/"])
def test_a_private_address_is_never_asked(url: str) -> None:
    found = fetch(url)
    assert found.article is None
    assert found.job.state == "failed"
    assert "private network" in found.fault


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ((404, {}, "x"), "failed", "The page is gone."),
        ((403, {}, "x"), "failed", "The site refuses to show this page."),
        ((503, {"Retry-After": "7200"}, "x"), "queued", "The site is down for now."),
        ((500, {}, "x"), "queued", "a fault of its own"),
        ("<html><body><p>Please enable JavaScript.</p></body></html>", "failed", "in place of the article"),
    ],
)
def test_why_a_link_was_not_read_is_said(newspaper: Newspaper, answer: object, state: str, words: str) -> None:
    newspaper.pages["/x"] = answer
    found = fetch(newspaper.url("/x"))
    assert found.article is None
    assert found.job.state == state
    assert words in found.job.reason
    assert words in found.fault


def test_it_waits_as_long_as_the_site_asks(newspaper: Newspaper) -> None:
    newspaper.pages["/x"] = (503, {"Retry-After": "7200"}, "x")
    assert fetch(newspaper.url("/x")).job.due_at > timezone.now() + timedelta(hours=1, minutes=59)


def test_robots_txt_is_obeyed_and_asked_for_once(newspaper: Newspaper) -> None:
    newspaper.pages["/robots.txt"] = (200, {}, "User-agent: hearsay\nDisallow: /private/\nCrawl-delay: 7\n")
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    newspaper.pages["/private/x"] = article("Secret", "You should not read this at all.")
    found = fetch(newspaper.url("/bridge"))
    lane = found.job.lane
    assert lane is not None
    assert timedelta(seconds=5) < lane.open_at - timezone.now() < timedelta(seconds=8)
    lane.open_at = timezone.now()
    lane.save()
    refused = fetch(newspaper.url("/private/x"))
    assert "robots.txt asks programs not to read" in refused.job.reason
    assert [path for path, _ in newspaper.asked] == ["/robots.txt", "/bridge"]


def test_a_changed_text_is_a_new_version_and_looked_at_sooner(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    newspaper.pages["/bridge"] = article(
        "A bridge before winter",
        "We will not rebuild the bridge before winter.",
        more="Correction: the mayor was misquoted.",
    )
    Link.objects.update(checks=3)
    found = do(found)
    made = found.article
    assert made is not None
    assert made.revisions.count() == 2
    assert made.current_number == 2
    assert found.checks == link.AFTER_CHANGE
    lost = Attribution.objects.get(revision__number=1)
    assert not lost.is_in_current_text  # no longer found; it has not moved to the look-alike
    assert lost.variant.wording == WORDS  # type: ignore[union-attr]


def test_an_unchanged_page_is_not_sent_again(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = (200, {"ETag": '"1"'}, article("A bridge before winter", WORDS))
    found = do(fetch(newspaper.url("/bridge")))
    assert newspaper.asked[-1][1]["If-None-Match"] == '"1"'
    assert (found.checks, found.fault) == (1, "")


def test_looks_become_rarer_and_end(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    waits = []
    while found.job.state == "queued":
        waits.append(found.job.due_at - timezone.now())
        found = do(found)
    assert [round(wait / timedelta(hours=1)) for wait in waits] == [1, 6, 24, 168, 720]
    assert found.job.state == "done"


def test_another_text_at_the_address_is_left_alone(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    other = " ".join(
        f"Number {n} of the weekly prize draw goes to a reader from the hills, as ever." for n in range(20)
    )
    newspaper.pages["/bridge"] = (
        f"<html><head><title>Prizes</title></head><body><article><h1>Prizes</h1><p>{other}</p></article></body></html>"
    )
    found = do(found)
    assert found.article is not None
    assert found.article.revisions.count() == 1
    assert "another text now" in found.fault
    assert found.job.state == "queued"


def test_a_page_that_is_gone_keeps_its_article(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    del newspaper.pages["/bridge"]
    found = do(found)
    assert found.is_gone
    assert found.article is not None
    assert found.job.state == "done"


def test_an_archived_copy_is_filed_under_what_it_is_a_copy_of() -> None:
    asked = link.ask(["https://web.archive.org/web/20250521101500/https://lake.example/bridge"])[0]
    assert asked.link is not None
    assert asked.link.url == "https://lake.example/bridge"
    assert asked.link.archived.startswith("https://web.archive.org/web/2025")
    assert asked.link.job.lane.name == "host:web.archive.org"  # type: ignore[union-attr]


def test_asking_again_tries_again_but_a_feed_does_not(newspaper: Newspaper) -> None:
    found = fetch(newspaper.url("/missing"))
    assert found.job.state == "failed"
    link.ask([found.url], feed=None)
    assert Job.objects.get(link=found).state == "queued"


def test_a_new_article_is_saved_to_an_archive_when_asked_for(newspaper: Newspaper, settings: Any) -> None:
    place = "https://web.archive.org/web/20250521101500/" + newspaper.url("/bridge")
    settings.HEARSAY_ARCHIVE = newspaper.url("/save/", host="127.0.0.2")
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    job = Job.objects.get(page=found)
    assert job.lane is not None
    assert job.lane.name == "host:127.0.0.2"  # the archive's own pace, not the site's
    assert work.do_lane(job.lane_id or 0) == 1
    job.refresh_from_db()
    assert (job.state, bool(job.reason)) == ("queued", True)  # nobody is there; that costs the article nothing
    with mock.patch("quotes.services.archive.page_at") as page_at:
        page_at.return_value.url = place
        jobs.queue(job)
        assert work.do_lane(job.lane_id or 0) == 1
    found = do(found)
    assert found.archived == place
    assert newspaper.paths()[-1] == "/bridge"  # looked at again where it stands, not in the archive


def test_nothing_is_saved_without_the_setting(newspaper: Newspaper) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    fetch(newspaper.url("/bridge"))
    assert not Job.objects.filter(kind="archive").exists()


def test_the_article_says_what_became_of_its_page(newspaper: Newspaper, client: Client) -> None:
    newspaper.pages["/bridge"] = article(
        "A bridge before winter", WORDS, more="Correction: an earlier version of this story misnamed the river."
    )
    found = fetch(newspaper.url("/bridge"))
    assert found.article is not None
    page = client.get(found.article.get_absolute_url()).content.decode()
    assert "The outlet says that it changed this" in page
    assert "misnamed the river" in page.split("article-text")[0]
    assert "Last looked at" in page
    del newspaper.pages["/bridge"]
    do(found)
    assert "The page was gone when Hearsay last looked" in client.get(found.article.get_absolute_url()).content.decode()


def test_what_was_taken_down_is_not_fetched_again(newspaper: Newspaper, desk_head: User) -> None:
    newspaper.pages["/bridge"] = article("A bridge before winter", WORDS)
    found = fetch(newspaper.url("/bridge"))
    assert found.article is not None
    takedown.take_down(subject=found.article, actor=desk_head, category="legal", reason="A court asked for it.")
    asked = link.ask([newspaper.url("/bridge")])[0]
    assert (asked.article, asked.link) == (None, None)
    assert "taken down" in asked.problem
    assert not Link.objects.newest_first().exists()
