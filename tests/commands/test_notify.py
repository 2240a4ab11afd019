"""E-mails that a server on loopback really received."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import html

from quotes.management.commands import notify as command
from quotes.models import Inbox, Quote, Watch
from quotes.services import digest
from tests.factories import make_attribution, make_event, make_outlet, make_quote, make_speaker, make_user, make_watch

pytestmark = pytest.mark.django_db

SITE = "https://hearsay.example"


class Post:
    """A mail server of paper.example that keeps what it gets, and refuses some recipients."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused or not address.endswith("@paper.example"):
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        self.got.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    @property
    def to(self) -> list[str]:
        return [recipient for recipients, _ in self.got for recipient in recipients]


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "Hearsay <hearsay@hearsay.example>"
    settings.HEARSAY_ADDRESS = SITE
    yield handler
    controller.stop()


def reader(name: str) -> User:
    user = make_user(name)
    user.email = f"{name}@paper.example"
    user.save()
    return user


@pytest.fixture
def ann(db: None) -> User:
    return reader("ann")


def notify(*arguments: str) -> str:
    out = io.StringIO()
    call_command("notify", *arguments, stdout=out)
    return out.getvalue()


def relayed_quote(words: str = "We will rebuild the bridge before winter.", speaker: str = "Ada Moor") -> Quote:
    aide = make_speaker("Bob Stone")
    report = make_attribution(words, speaker=make_speaker(speaker), via=(aide,))
    assert report.variant is not None
    return report.variant.quote


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def subject_of(message: EmailMessage) -> str:
    return str(message["Subject"]).strip()  # folded after the colon, Python leaves the space


def html_of(message: EmailMessage) -> html.HtmlElement:
    part = message.get_body(("html",))
    assert part is not None
    return html.fromstring(part.get_content())


def test_a_received_mail(post: Post, ann: User, client: Client) -> None:
    quote = relayed_quote()
    make_watch(ann, quote=quote)
    make_event(quote, "denied", detail="A denial was recorded: She says she never said it.")
    assert notify("--period", "daily") == "daily: 1 e-mail handed over.\n"
    [(recipients, message)] = post.got
    assert recipients == ["ann@paper.example"]
    assert message["From"] == "Hearsay <hearsay@hearsay.example>"
    assert message["To"] == "ann@paper.example"
    assert subject_of(message) == "Denied: Ada Moor, “We will rebuild the bridge before winter.”"
    assert re.fullmatch(r"<[^<>\s]+@hearsay\.example>", message["Message-ID"])
    assert abs(datetime.now(UTC) - parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC)) < timedelta(minutes=5)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    context = [
        "A denial was recorded: She says she never said it.",
        "According to Bob Stone, Ada Moor said: “We will rebuild the bridge before winter.”",
    ]
    tree = html_of(message)
    for words in (text_of(message), " ".join(tree.text_content().split())):
        assert all(sentence in words for sentence in context), words
    links = [a.get("href") for a in tree.cssselect("a")]
    stop = str(message["List-Unsubscribe"]).strip(" <>")
    assert links == [f"{SITE}{quote.get_absolute_url()}", f"{SITE}/watches/", stop]
    assert all(link in text_of(message) for link in links)
    assert stop.startswith(f"{SITE}/watches/unsubscribe/")
    assert f"<{stop}>\r\n".encode() in post.raw[0]  # in one piece, and not as an encoded word
    assert client.post(urlsplit(stop).path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Watch.objects.get().period == "never"


def test_everything_new_in_one_mail_by_watch(post: Post, ann: User) -> None:
    bridge, school = relayed_quote(), relayed_quote("The school stays open for ever.", "Eve Hart")
    speaker = bridge.speaker
    make_watch(ann, quote=school)
    make_watch(ann, speaker=speaker)
    for quote, kind in ((bridge, "report"), (school, "denied"), (bridge, "upheld"), (school, "reversed")):
        make_event(quote, kind)
    notify("--period", "daily")
    [(_, message)] = post.got
    assert subject_of(message) == "Flag reversed: Eve Hart, “The school stays open for ever.” and 3 more"
    tree = html_of(message)
    assert [heading.text_content() for heading in tree.cssselect("h2")] == [
        "Eve Hart: “The school stays open for ever.”",
        "Ada Moor",
    ]
    kinds = [[strong.text_content() for strong in group.cssselect("strong")] for group in tree.cssselect("ul")]
    assert kinds == [["Flag reversed.", "Denied."], ["Flag upheld.", "New attribution."]]


def test_an_event_that_two_watches_tell_stands_there_once(post: Post, ann: User) -> None:
    quote = relayed_quote()
    make_watch(ann, quote=quote)
    make_watch(ann, speaker=quote.speaker)
    make_event(quote, "denied")
    notify()
    [(_, message)] = post.got
    assert text_of(message).count("Something happened: denied.") == 1


BAD = '<script>alert(1)</script>" onmouseover="x'


def test_hostile_words_are_words(post: Post, ann: User) -> None:
    quote = relayed_quote(f"We will {BAD} the bridge & go.", f"Ada {BAD}")
    make_watch(ann, speaker=quote.speaker)
    make_event(quote, "denied", detail=f"A denial was recorded: {BAD}")
    notify()
    [(_, message)] = post.got
    tree = html_of(message)
    assert not tree.cssselect("script, [onmouseover], img, style, link")
    assert BAD in tree.cssselect("h2")[0].text_content()
    assert BAD in text_of(message)


def test_no_name_can_feign_a_header_or_a_line(post: Post, ann: User) -> None:
    quote = relayed_quote()
    bad = "Ada\r\nBcc: spy@bad.example\r\n\r\nNo more of these e-mails: https://bad.example/\u2028\u202e"
    assert quote.speaker is not None
    quote.speaker.name = bad
    quote.speaker.save()
    make_watch(ann, speaker=quote.speaker)
    make_event(quote, "denied", detail=f"By {bad}")
    notify()
    [(recipients, message)] = post.got
    assert recipients == ["ann@paper.example"]
    assert message["Bcc"] is None
    assert subject_of(message).startswith("Denied: Ada Bcc: spy@bad.example")
    lines = text_of(message).splitlines()
    assert not [line for line in lines if line.startswith(("Bcc", "No more of these e-mails: https://bad"))]


def test_at_most_fifty_then_the_number_of_the_rest(post: Post, ann: User) -> None:
    quote = relayed_quote()
    make_watch(ann, quote=quote)
    for _ in range(53):
        make_event(quote, "upheld")
    notify("--period", "daily")
    [(_, message)] = post.got
    tree = html_of(message)
    assert len(tree.cssselect("li")) == 50
    assert [(a.text_content(), a.get("href")) for a in tree.cssselect("a")][50] == ("And 3 more", f"{SITE}/watches/")
    assert f"And 3 more: {SITE}/watches/" in text_of(message)
    assert subject_of(message).endswith("and 52 more")


def test_nobody_gets_an_empty_mail_or_one_they_do_not_want(post: Post, ann: User) -> None:
    quote, silent = relayed_quote(), relayed_quote("Nothing happens to this one.", "Eve Hart")
    only_here, gone, nameless = reader("olga"), reader("gus"), make_user("nora")
    make_watch(ann, quote=silent)
    make_watch(only_here, quote=quote, period="never")
    for person in (gone, nameless):
        make_watch(person, quote=quote)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    make_event(quote, "denied")
    assert notify() == "daily: 0 e-mails handed over.\nweekly: 0 e-mails handed over.\n"
    assert post.got == []


def test_twice_in_a_day_sends_once_and_the_rest_comes_the_next_day(
    post: Post, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = relayed_quote()
    make_watch(ann, quote=quote)
    make_event(quote, "denied", detail="The first.")
    notify("--period", "daily")
    make_event(quote, "upheld", detail="The second.")
    notify("--period", "daily")
    assert len(post.got) == 1
    Inbox.objects.update(daily_at="2025-01-01T07:00:00Z")
    notify("--period", "daily")
    notify("--period", "daily")
    assert ["The first." in text_of(message) for _, message in post.got] == [True, False]
    assert "The second." in text_of(post.got[1][1])


def test_daily_and_weekly_are_two_mails(post: Post, ann: User) -> None:
    bridge, school = relayed_quote(), relayed_quote("The school stays open for ever.", "Eve Hart")
    make_watch(ann, quote=bridge, period="daily")
    make_watch(ann, quote=school, period="weekly")
    make_event(bridge, "denied")
    make_event(school, "denied")
    assert notify() == "daily: 1 e-mail handed over.\nweekly: 1 e-mail handed over.\n"
    assert [subject_of(message).split(": ")[1].split(",")[0] for _, message in post.got] == ["Ada Moor", "Eve Hart"]
    stops = {message["List-Unsubscribe"] for _, message in post.got}
    assert len(stops) == 2


def three_readers(quote: Quote) -> list[User]:
    people = [reader(name) for name in ("ann", "ben", "cy")]
    for person in people:
        make_watch(person, quote=quote)
    make_event(quote, "denied")
    return people


def test_a_run_that_is_killed_between_two_repeats_none_and_loses_none(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_readers(relayed_quote())
    written = command.written

    def killed_at_the_second(found: digest.Digest) -> digest.Written:
        if found.person.username == "ben":
            raise KeyboardInterrupt
        return written(found)

    with monkeypatch.context() as patch:
        patch.setattr(command, "written", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            notify("--period", "daily")
    assert post.to == ["ann@paper.example"]
    notify("--period", "daily")
    assert post.to == ["ann@paper.example", "ben@paper.example", "cy@paper.example"]


def test_killed_after_handing_over_repeats_that_one_alone(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    three_readers(relayed_quote())
    hand_over = digest._hand_over

    def killed_behind_the_second(found: digest.Digest, *arguments: Any) -> bool:
        done = hand_over(found, *arguments)
        if found.person.username == "ben":
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(digest, "_hand_over", killed_behind_the_second)
        with pytest.raises(KeyboardInterrupt):
            notify("--period", "daily")
    notify("--period", "daily")
    assert [name.partition("@")[0] for name in post.to] == ["ann", "ben", "ben", "cy"]


def test_a_refused_recipient_stops_nobody_else_and_is_told_later(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    three_readers(relayed_quote())
    post.refused = {"ben@paper.example"}
    with pytest.raises(CommandError, match="1 e-mail could not be handed over, to ben; the log says why") as error:
        notify("--period", "daily")
    assert error.value.returncode == 1
    assert "no such mailbox" in caplog.text
    assert post.to == ["ann@paper.example", "cy@paper.example"]
    post.refused = set()
    notify("--period", "daily")
    assert post.to[2:] == ["ben@paper.example"]


@pytest.mark.parametrize(
    "address", ["not an address", "a@b@c", "ben@paper.example\nBcc: spy@bad.example", "x" * 300 + "@y.example"]
)
def test_a_malformed_address_stops_nobody_else(address: str, post: Post) -> None:
    three_readers(relayed_quote())
    User.objects.filter(username="ben").update(email=address[:254])
    with pytest.raises(CommandError, match="to ben"):
        notify("--period", "daily")
    assert post.to == ["ann@paper.example", "cy@paper.example"]


def test_a_server_that_is_down_loses_nothing(post: Post, settings: Any) -> None:
    three_readers(relayed_quote())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(CommandError, match="3 e-mails could not be handed over, to ann, ben, cy"):
        notify("--period", "daily")
    settings.EMAIL_PORT = port
    notify("--period", "daily")
    assert len(post.got) == 3


def test_a_dry_run_says_who_would_get_what(post: Post) -> None:
    three_readers(relayed_quote())
    said = notify("--dry-run", "--period", "daily").splitlines()
    assert said[0] == "daily: ann, 1 event: Denied: Ada Moor, “We will rebuild the bridge before winter.”"
    assert len(said) == 3
    assert notify("--dry-run", "--period", "weekly") == ""
    assert post.got == []
    assert not Inbox.objects.exclude(daily_at=None).exists()
    notify("--period", "daily")
    assert len(post.got) == 3


def test_a_merged_quote_is_told_by_where_it_went(post: Post, ann: User) -> None:
    kept = relayed_quote()
    gone = make_quote("Merged away.", kept.speaker)
    make_watch(ann, quote=gone)
    Quote.objects.filter(pk=gone.pk).update(merged_into=kept)
    make_event(gone, "denied")
    notify()
    [(_, message)] = post.got
    assert f"{SITE}{kept.get_absolute_url()}\n" in text_of(message)
    assert "According to Bob Stone" in text_of(message)


def test_a_quote_that_no_article_reports_any_more(post: Post, ann: User) -> None:
    quote = make_quote("Gone from every article.", make_speaker("Ada Moor"))
    make_watch(ann, quote=quote)
    make_event(quote, "denied")
    notify()
    [(_, message)] = post.got
    assert "Ada Moor, once: “Gone from every article.” No article reports this any more." in text_of(message)


def test_an_outlet_of_the_event_is_watched(post: Post, ann: User) -> None:
    outlet = make_outlet(name="Beta")
    report = make_attribution("We will rebuild the bridge.", speaker=make_speaker("Ada Moor"))
    make_watch(ann, outlet=outlet)
    article = report.revision.article
    article.outlet = outlet
    article.save()
    assert report.variant is not None
    make_event(report.variant.quote, "report", article=article, detail="Beta reports it: firsthand.")
    notify()
    [(_, message)] = post.got
    assert text_of(message).startswith("Beta\n")
