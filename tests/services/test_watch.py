from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core import signing
from django.db.models import Q
from django.utils import timezone

from quotes.models import Event, Inbox, Quote, Speaker, Watch
from quotes.models.watch import EVENTS
from quotes.services import merge, summary, watch
from quotes.services.record import NotAllowed
from tests.factories import (
    make_article,
    make_attribution,
    make_event,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
    make_watch,
)

pytestmark = pytest.mark.django_db


def events_of(person: User) -> list[Event]:
    return list(watch.events_for(list(Watch.objects.of(person))))


class Town:
    """Quotes of two speakers through one intermediary or none, in two outlets, with one event of each kind on each."""

    def __init__(self) -> None:
        self.ann, self.bob, self.aide = make_speaker("Ann Lee"), make_speaker("Bob Stone"), make_speaker("Paul Roe")
        self.alpha, self.beta = make_outlet(name="Alpha"), make_outlet(name="Beta")
        self.bridge = self._quote("We will rebuild the bridge.", self.ann, (), self.alpha)
        self.school = self._quote("The school stays open.", self.ann, (self.aide,), self.beta)
        self.tax = self._quote("No tax will rise.", self.bob, (self.aide,), self.alpha)

    def _quote(self, words: str, speaker: Speaker, via: tuple[Speaker, ...], outlet: Any) -> Quote:
        article = make_article(f"Somebody said so. {words} That was all.", outlet=outlet)
        report = make_attribution(words, speaker=speaker, via=via, article=article)
        assert report.variant is not None
        return report.variant.quote

    def happen(self) -> dict[tuple[Quote, str], Event]:
        quotes = (self.bridge, self.school, self.tax)
        return {(quote, kind): make_event(quote, kind) for quote in quotes for kind in EVENTS}


@pytest.fixture
def town() -> Town:
    return Town()


TARGETS: list[tuple[str, Callable[[Town], dict[str, Any]], Callable[[Town], list[Quote]]]] = [
    ("a quote", lambda t: {"quote": t.bridge}, lambda t: [t.bridge]),
    ("a speaker", lambda t: {"speaker": t.ann}, lambda t: [t.bridge, t.school]),
    ("a speaker through somebody", lambda t: {"speaker": t.ann, "intermediary": t.aide}, lambda t: [t.school]),
    ("a search for words", lambda t: {"search": "rebuilding bridges"}, lambda t: [t.bridge]),
    ("a search by names", lambda t: {"search": 'via:Roe -speaker:"Ann Lee"'}, lambda t: [t.tax]),
    ("a search by outlet", lambda t: {"search": "outlet:beta"}, lambda t: [t.school]),
    ("a search that finds nothing", lambda t: {"search": "speaker:nobody"}, lambda t: []),
]


@pytest.mark.parametrize(("aimed", "covered"), [t[1:] for t in TARGETS], ids=[t[0] for t in TARGETS])
def test_each_target_tells_exactly_its_events(
    aimed: Callable[[Town], dict[str, Any]], covered: Callable[[Town], list[Quote]], town: Town, reporter: User
) -> None:
    make_watch(reporter, **aimed(town))
    happened = town.happen()
    expected = {event for (quote, _), event in happened.items() if quote in covered(town)}
    told = events_of(reporter)
    assert set(told) == expected
    assert len(told) == len(expected)
    assert told == sorted(told, key=lambda event: -event.pk)


def test_an_outlet_tells_what_its_own_articles_print_and_what_becomes_of_the_quotes_it_reports(
    town: Town, reporter: User
) -> None:
    make_watch(reporter, outlet=town.alpha)
    own, foreign = make_article(outlet=town.alpha), make_article(outlet=town.beta)
    expected = {
        make_event(town.bridge, "report", article=own),
        make_event(town.school, "drifted", article=own),  # its wording, whether or not it is the same quote
        make_event(town.tax, "upheld"),
        make_event(town.bridge, "firsthand", article=foreign),
    }
    make_event(town.bridge, "report", article=foreign)
    make_event(town.bridge, "drifted", article=foreign)
    make_event(town.school, "denied")
    assert set(events_of(reporter)) == expected


def test_only_the_chosen_kinds_and_only_later_ones(town: Town, reporter: User) -> None:
    make_event(town.bridge, "denied")
    make_watch(reporter, quote=town.bridge, events=["denied", "upheld"])
    town.happen()
    assert [event.kind for event in events_of(reporter)] == ["upheld", "denied"]


def test_each_event_once_with_all_the_watches_that_tell_it(town: Town, reporter: User) -> None:
    make_event(town.bridge, "denied")
    quote, speaker = make_watch(reporter, quote=town.bridge), make_watch(reporter, speaker=town.ann, events=["denied"])
    denied, upheld = make_event(town.bridge, "denied"), make_event(town.bridge, "upheld")
    mine = list(Watch.objects.of(reporter))
    told = list(watch.events_for(mine))
    assert told == [upheld, denied]
    assert [watch.told_by(event, mine) for event in told] == [[quote], [speaker, quote]]


def test_without_watches_nothing_is_told(town: Town, reporter: User) -> None:
    town.happen()
    assert events_of(reporter) == []


def test_somebody_elses_watches_are_not_mine(town: Town, reporter: User, editor: User) -> None:
    make_watch(editor, quote=town.bridge)
    town.happen()
    assert events_of(reporter) == []
    assert len(events_of(editor)) == len(EVENTS)


# --- merged ---


def test_a_watch_follows_a_merged_quote_and_keeps_what_happened_before(editor: User) -> None:
    ann = make_speaker()
    reports = [make_attribution(f"We will rebuild the {what}.", speaker=ann) for what in ("bridge", "old bridge")]
    older, newer = [report.variant.quote for report in reports if report.variant]
    make_watch(editor, quote=newer)
    before = make_event(newer, "denied")
    kept = merge.merge(quote=newer, into=older, actor=editor, reason="One remark.")
    assert kept == older
    after = make_event(older, "upheld")
    told = events_of(editor)
    assert told == [after, before]
    assert [event.living_quote for event in told] == [older, older]


def test_setting_a_watch_of_something_merged_watches_its_survivor(reporter: User) -> None:
    kept, ann = make_quote(), make_speaker()
    gone = make_quote("Merged.", merged_into=kept)
    assert make_watch(reporter, quote=gone).quote == kept
    assert make_watch(reporter, speaker=make_speaker("A. Lee", merged_into=ann)).target == f"speaker:{ann.pk}"


def test_a_speaker_who_was_merged_after_the_watch_was_set(reporter: User) -> None:
    gone, kept = make_speaker("A. Lee"), make_speaker("Ann Lee")
    make_watch(reporter, speaker=gone)
    Speaker.objects.filter(pk=gone.pk).update(merged_into=kept)
    expected = [make_event(make_quote(speaker=gone)), make_event(make_quote(speaker=kept))]
    assert set(events_of(reporter)) == set(expected)


@pytest.mark.parametrize(
    ("target", "aimed"),
    [
        ("quote", {"quote": watch.AT_QUOTE}),
        ("speaker", {"speaker": watch.AT_SPEAKER}),
        ("outlet", {"outlet": watch.AT_OUTLET}),
    ],
)
def test_the_number_of_a_watch_comes_with_its_row(target: str, aimed: dict[str, Q], town: Town, reporter: User) -> None:
    row = {"quote": town.bridge, "speaker": town.ann, "outlet": town.alpha}[target]
    made = make_watch(reporter, **{target: row})
    make_watch(reporter, speaker=town.ann, intermediary=town.aide)
    rows = type(row)._default_manager.filter(pk=row.pk)
    for person, number in ((reporter, made.pk), (make_user("nora"), None), (AnonymousUser(), None)):
        assert rows.annotate(number=watch.number(person, aimed[target])).get().number == number


def test_a_quote_that_took_up_a_watched_one_is_watched(reporter: User) -> None:
    gone, kept = make_quote(), make_quote("Kept.")
    made = make_watch(reporter, quote=gone)
    Quote.objects.filter(pk=gone.pk).update(merged_into=kept)
    found = Quote.objects.filter(pk=kept.pk).annotate(number=watch.number(reporter, watch.AT_QUOTE))
    assert found.get().number == made.pk


def test_a_watched_quote_that_nobody_reports_any_more_stays(reporter: User) -> None:
    quote = make_quote()
    make_watch(reporter, quote=quote)
    summary.refresh({quote.pk})
    assert Watch.objects.get().quote == quote
    Watch.objects.all().delete()
    summary.refresh({quote.pk})
    assert not Quote.objects.exists()


# --- setting ---


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("speaker:Trump  via: Ushakov", "search:speaker:Trump via:Ushakov"),
        ('bridge "on our terms"', 'search:bridge "on our terms"'),
        ("class:secondhnd", "search:class:secondhand"),
    ],
)
def test_a_search_is_watched_as_it_is_read(typed: str, target: str, reporter: User) -> None:
    assert make_watch(reporter, search=typed).target == target


@pytest.mark.parametrize("search", ["", "   ", "-", "x" * 501, "\x00"])
def test_searches_that_cannot_be_watched(search: str, reporter: User) -> None:
    with pytest.raises(NotAllowed):
        make_watch(reporter, search=search)


@pytest.mark.parametrize(
    "wrong",
    [{"events": []}, {"events": ["rain"]}, {"events": ["denied", "rain"]}, {"period": "hourly"}, {"period": ""}],
)
def test_what_is_refused(wrong: dict[str, Any], reporter: User) -> None:
    with pytest.raises(NotAllowed):
        make_watch(reporter, **{"quote": make_quote(), **wrong})
    assert not Watch.objects.exists()


def test_setting_twice_changes_the_first_and_keeps_its_beginning(reporter: User) -> None:
    quote = make_quote()
    first = make_watch(reporter, quote=quote)
    told = make_event(quote, "denied")
    again = make_watch(reporter, quote=quote, events=["denied"], period="weekly")
    assert again.pk == first.pk
    assert (again.events, again.period, again.from_event) == (["denied"], "weekly", first.from_event)
    assert events_of(reporter) == [told]


def test_events_are_kept_in_their_order(reporter: User) -> None:
    assert make_watch(reporter, quote=make_quote(), events=["upheld", "report"]).events == ["report", "upheld"]


def test_changing_and_removing(reporter: User) -> None:
    made = make_watch(reporter, quote=make_quote())
    watch.change(watch=made, events=["denied"], period="never")
    made.refresh_from_db()
    assert (made.events, made.period) == (["denied"], "never")
    with pytest.raises(NotAllowed):
        watch.change(watch=made, events=[], period="never")
    watch.remove(watch=made)
    assert not Watch.objects.exists()


def test_no_more_than_so_many(reporter: User, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_WATCHES", 2)
    quotes = [make_quote(f"Words {n}.") for n in range(3)]
    for quote in quotes[:2]:
        make_watch(reporter, quote=quote)
    with pytest.raises(NotAllowed, match="Remove one first"):
        make_watch(reporter, quote=quotes[2])
    make_watch(reporter, quote=quotes[0], events=["denied"])
    make_watch(editor, quote=quotes[2])
    assert Watch.objects.count() == 3


# --- how much it would be ---


@pytest.mark.parametrize("target", [1, 2, 3, 4, 5, 6])
def test_the_expected_volume_is_what_is_counted(target: int, town: Town, reporter: User) -> None:
    aimed = watch.aim(**TARGETS[target][1](town))
    happened = town.happen()
    old = make_event(town.bridge, "denied", minutes_ago=31 * 24 * 60)
    count = sum(quote in TARGETS[target][2](town) for quote, _ in happened)
    assert old not in happened.values()
    if count:
        assert watch.expected(aimed).startswith(
            f"About {count} a month" if 7 * count < 45 else f"About {round(7 * count / 30)} a week"
        )
    else:
        assert watch.expected(aimed) == "Nothing in the last 30 days."
    assert count == len([e for e in watch.events_for([aimed]) if e.made_at > timezone.now() - watch.COUNTED])


def test_the_expected_volume_goes_by_the_chosen_events(reporter: User) -> None:
    quote = make_quote()
    for _ in range(60):
        make_event(quote, "upheld")
    make_event(quote, "denied")
    aimed = watch.aim(quote=quote)
    assert watch.expected(aimed) == "About 14 a week, by the last 30 days."
    aimed.events = ["denied"]
    assert watch.expected(aimed) == "About 1 a month, by the last 30 days."
    aimed.events = []
    assert watch.expected(aimed) == "Nothing in the last 30 days."


# --- cost ---


def test_ten_thousand_events_and_fifty_watches(town: Town, reporter: User, django_assert_num_queries: Any) -> None:
    shown = {"report_count": 1, "article_count": 1}
    quotes = [make_quote(f"Words number {n}.", town.ann if n % 3 else town.bob, **shown) for n in range(200)]
    Event.objects.bulk_create(
        Event(quote=quotes[n % 200], kind=list(EVENTS)[n % 6], detail="It happened.") for n in range(10_000)
    )
    for n in range(50):
        aimed: list[dict[str, Any]] = [
            {"quote": quotes[n]},
            {"speaker": town.ann},
            {"speaker": town.ann, "intermediary": town.aide},
            {"outlet": town.alpha},
            {"search": f"number {n % 10}"},
        ]
        make_watch(reporter, **aimed[n % 5])
    for n in range(8):
        make_watch(reporter, search=f"via:Roe bridge{n} -speaker:Nobody{n}")
    with pytest.raises(NotAllowed, match="10 searches already"):
        make_watch(reporter, search="one more")
    Watch.objects.update(from_event=0)
    assert Watch.objects.count() > 20
    started = time.monotonic()
    with django_assert_num_queries(3):
        mine = list(Watch.objects.of(reporter))
        found = watch.events_for(mine)
        assert found.count() > 5000
        assert len(found[:25]) == 25
    assert time.monotonic() - started < 3


# --- the inbox ---


def test_an_inbox_begins_now(reporter: User) -> None:
    last = make_event(make_quote())
    inbox = watch.inbox_of(reporter)
    assert (inbox.seen_event, inbox.daily_event, inbox.weekly_event) == (last.pk,) * 3
    assert watch.inbox_of(reporter) == inbox
    assert len(inbox.feed_key) >= 32


def test_looking_is_noted_but_for_the_last_minute(reporter: User) -> None:
    inbox = watch.inbox_of(reporter)
    old, fresh = make_event(make_quote()), make_event(make_quote(), minutes_ago=0)
    watch.look(inbox=inbox, shown=Event.objects.all())
    assert Inbox.objects.get().seen_event == old.pk
    assert inbox.seen_event == 0
    watch.look(inbox=inbox, shown=[])
    Event.objects.filter(pk=fresh.pk).update(made_at=timezone.now() - timedelta(minutes=2))
    watch.look(inbox=inbox, shown=Event.objects.all())
    assert Inbox.objects.get().seen_event == fresh.pk


def test_the_mark_never_goes_back(reporter: User) -> None:
    inbox = watch.inbox_of(reporter)
    first, second = make_event(make_quote()), make_event(make_quote())
    watch.look(inbox=inbox, shown=[second])
    watch.look(inbox=inbox, shown=[first])
    assert Inbox.objects.get().seen_event == second.pk


# --- stopping the e-mails ---


def test_a_token_names_its_bearer_and_nothing_else_does(reporter: User) -> None:
    token = watch.token_of(reporter, "daily")
    assert watch.bearer(token) == (reporter, "daily")
    forged = [token[:-1], f"{token}x", "", "a:b:c", signing.dumps([reporter.pk, "daily"]), token.swapcase()]
    assert [watch.bearer(other) for other in forged] == [None] * len(forged)


def test_a_token_outlives_years_but_not_its_person(reporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = watch.token_of(reporter, "weekly")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10 * 365 * 86_400)
    assert watch.bearer(token) == (reporter, "weekly")
    reporter.delete()
    assert watch.bearer(token) is None


def test_unsubscribing_stops_one_period_of_one_person(reporter: User, editor: User) -> None:
    quotes = [make_quote(f"Words {n}.") for n in range(3)]
    daily = [make_watch(reporter, quote=quote) for quote in quotes[:2]]
    weekly, others = make_watch(reporter, quote=quotes[2], period="weekly"), make_watch(editor, quote=quotes[0])
    assert watch.unsubscribe(person=reporter, period="daily") == 2
    assert watch.unsubscribe(person=reporter, period="daily") == 0
    periods = {made.pk: made.period for made in Watch.objects.all()}
    assert [periods[made.pk] for made in (*daily, weekly, others)] == ["never", "never", "weekly", "daily"]
