"""The queue: what is in which view, in which order, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from quotes.models import Attribution, Flag, Match, Quote
from quotes.services.flag import claim, settle_flag, wait
from quotes.services.queue import VIEWS, Queue
from tests.factories import make_article, make_attribution, make_evidence, make_flag, make_speaker

pytestmark = pytest.mark.django_db


def seen(editor: User, view: str = "all", kind: str = "") -> list[tuple[str, Any]]:
    queue = Queue(editor, view, kind)
    return [(item.kind, item.subject) for item in queue.items(list(queue.rows()[:50]))]


def told(words: str = "The dam will hold.", **kwargs: Any) -> Quote:
    report = make_attribution(words, speaker=make_speaker(f"Speaker of {words}"), **{"confidence": 0.9, **kwargs})
    assert report.variant is not None
    return report.variant.quote


def test_each_view_has_what_it_says_and_counts_it(editor: User, second_editor: User, reporter: User) -> None:
    quotes = [told(f"The dam number {n} will hold.") for n in range(6)]
    free = make_flag(quotes[0], reporter)
    mine = claim(flag=make_flag(quotes[1], reporter), actor=editor, version=1)
    theirs = claim(flag=make_flag(quotes[2], reporter), actor=second_editor, version=1)
    waiting = wait(
        flag=make_flag(quotes[3], reporter), actor=editor, version=1, due_on=timezone.localdate(), reason="Asked."
    )
    reopened = make_flag(quotes[4], reporter, state="reopened")
    serious = make_flag(quotes[5], reporter, kind="fabricated")
    for kind in ("article", "statement"):
        make_evidence(serious, reporter, kind=kind)
    settle_flag(flag=serious, actor=second_editor, version=1, result="upheld", reason="It is satire.")
    expected = {
        "all": {free, mine, theirs, waiting, reopened, serious},
        "mine": {mine},
        "unclaimed": {free, reopened, serious},
        "waiting": {waiting},
        "second": {serious},
        "reopened": {reopened},
    }
    assert set(expected) == set(VIEWS)
    for view, flags in expected.items():
        assert {subject for _, subject in seen(editor, view)} == flags, view
    assert Queue(editor, "all").counts() == {view: len(flags) for view, flags in expected.items()}
    assert seen(second_editor, "second") == []  # the first editor is not the second
    assert seen(reporter, "second") == []  # nor is whoever raised it


def test_unsure_readings_and_doubtful_pairs_wait_too(editor: User) -> None:
    told("Sure words stand here.", confidence=0.9)
    unsure = told("Unsure words stand here.", confidence=0.3)
    told("Decided words stand here.", confidence=0.3, status="accepted")
    one, other = told("The school will close.").variants.get(), told("The school will not close.").variants.get()
    pair = Match.objects.create(one=one, other=other, score=0.9, alarms=["Only one of the two says “not”."])
    suggestion = told("Maybe a translation.").variants.get()
    Match.objects.create(one=one, other=suggestion, score=0.3, is_suggestion=True)
    reading = Attribution.objects.get(variant__quote=unsure)
    assert seen(editor) == [("reading", reading), ("match", pair)]  # read today, said long ago
    assert seen(editor, "all", "reading") == [("reading", reading)]
    assert seen(editor, "mine") == []
    assert Queue(editor, "all").counts()["unclaimed"] == 2
    (first, second) = Queue(editor, "all").items(list(Queue(editor, "all").rows()))
    assert first.why == "Read with a confidence of 0.30."
    assert second.why == "Only one of the two says “not”."


def test_a_reading_of_an_older_version_does_not_wait(editor: User) -> None:
    quote = told("Unsure words stand here.", confidence=0.3)
    article = Attribution.objects.get(variant__quote=quote).revision.article
    article.current_number = 2
    article.save()
    assert seen(editor) == []


def test_reach_tier_and_freshness_decide_the_order(editor: User, reporter: User) -> None:
    wide, narrow = told("Everybody prints this."), told("One paper prints this.")
    for _ in range(4):
        make_attribution(
            "Everybody prints this.",
            speaker=wide.speaker,
            quote=wide,
            article=make_article("Somebody said: Everybody prints this."),
            confidence=0.9,
        )
    flag, serious = make_flag(wide, reporter), make_flag(narrow, reporter, kind="fabricated")
    old = make_flag(narrow, reporter)
    Flag.objects.filter(pk=old.pk).update(raised_at=timezone.now() - timedelta(days=30))
    assert [subject for _, subject in seen(editor)] == [flag, serious, old]


def test_cost(editor: User, reporter: User, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        quote = told(f"Unsure words number {n} stand here.", confidence=0.3)
        if n % 3 == 0:
            make_flag(quote, reporter)
    with django_assert_max_num_queries(9):
        queue = Queue(editor, "all")
        queue.counts()
        assert len(queue.items(list(queue.rows()[:25]))) == 25
