"""What is taken down is gone: every address, in every format, by everybody but desk heads; and all is as before when it is back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from quotes.models import Article, Attribution, Event, Match, Quote, SearchEntry, Speaker, Takedown, Variant, Watch
from quotes.services import extract, ingest, search, summary, takedown
from quotes.services.watch import inbox_of
from tests.factories import make_flag, make_problem, make_watch, read_article
from tests.test_permissions import addresses, filled

SECRET = "the zeppelin carried forty crates of purple marmalade to Lisbon"
"""Words that stand in one quote alone."""

NAMES = "Quillfeather"
"""Somebody known from one article alone."""

ARTICLE = f"""The harbour board met on Monday to speak of the old pier and of the ferry.

"{SECRET[0].upper()}{SECRET[1:]}," said Barnaby Quillfeather, a harbour clerk. He had counted them twice.

"We will mend the old pier before the winter storms come," said Ann Lee, the mayor of the town. The board agreed.
"""
OTHER = f"""The mayor spoke to the council on Tuesday about repairs that were long due.

"We will mend the old pier before the winter storms come," said Ann Lee, the mayor of the town. Nobody objected.

"{SECRET[0].upper()}{SECRET[1:]}," said Barnaby Quillfeather, a harbour clerk. He was not asked again.
"""
SENTENCE = re.compile(r"marmalade|Lisbon", re.I)
"""What of it nobody types: a page may say again what somebody asked for."""

TYPED = "the zeppelin carried forty crates of purple"
FORMATS = ("", "csv", "json", "feed", "atom")
LISTS = ("/quotes/", "/articles/", "/speakers/", "/outlets/")


@dataclass
class Town:
    """An article with a secret quote, a second that repeats it, and all that hangs on them."""

    article: Article
    other: Article
    secret: Quote
    pier: Quote
    people: dict[str, User]

    def urls(self) -> list[str]:
        """Every address with every row that has to do with the secret, and every list in every format."""
        clerk = Speaker.objects.get(name__endswith=NAMES)
        found: dict[str, None] = {}
        for report in Attribution.objects.all():
            rows = {
                "quote": report.variant.quote_id if report.variant else 1,
                "attribution": report.pk,
                "article": report.revision.article_id,
                "speaker": report.speaker_id or clerk.pk,
                "flag": self.secret.flags.get().pk,
                "match": next(iter(Match.objects.values_list("pk", flat=True)), 1),
                "slug": "harbour-post",
            }
            for name, parts in addresses():
                if not name.startswith(("account_", "mfa_", "usersessions_", "socialaccount_", "openid_", "method_")):
                    found[filled(name, parts, rows)] = None
        for quote in (self.secret, self.pier):
            wordings = "&".join(f"wording={pk}" for pk in Variant.objects.values_list("pk", flat=True))
            found |= dict.fromkeys(
                (f"/compare/?{wordings}", f"/watches/add/?quote={quote.pk}", f"/quotes/{quote.pk}/?all=yes")
            )
        asked = [
            "",
            "q=harbour",
            "q=purple+crates",
            f"q={TYPED.replace(' ', '+')}&words=yes",
            "q=flag:any",
            "sort=most",
        ]
        for path in LISTS:
            for query in asked:
                for kind in FORMATS if query in ("", "q=purple+crates") else ("",):
                    found[f"{path}?{query}&format={kind}"] = None
        for page in (f"/speakers/{clerk.pk}/", "/outlets/harbour-post/", f"/speakers/{self.pier.speaker_id}/"):
            found |= dict.fromkeys(f"{page}?tab={tab}&format={kind}" for tab in ("said", "relayed") for kind in FORMATS)
        kinds = [f"{kind}/{pk}" for kind in ("flag", "problem", "match", "mention", "reading") for pk in range(1, 6)]
        found |= dict.fromkeys(f"/review/item/{kind}/" for kind in kinds)
        found |= dict.fromkeys(f"/seen/?q={words}" for words in (TYPED, "forty crates were on the zeppelin"))
        found |= dict.fromkeys(f"/api/v1/{what}" for what in ("quotes", "articles", "speakers", "outlets"))
        found |= dict.fromkeys(
            (f"/api/v1/quotes?q={TYPED}", "/api/v1/search?q=harbour", f"/speakers/suggest/?q={NAMES[:5]}")
        )
        found[f"/watches/feed/{inbox_of(self.people['reporter']).feed_key}.atom"] = None
        found["/review/?kind=reading"] = found["/review/matches/?kind="] = found["/articles/?q=harbour"] = None
        return list(found)

    def bodies(self, who: str) -> dict[str, tuple[int, str]]:
        client = Client()
        if who != "nobody":
            client.force_login(self.people[who])
        found = {}
        for url in self.urls():
            response: Any = client.get(url)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[url] = (response.status_code, without_chance(body.decode()))
        return found


def without_chance(body: str) -> str:
    """Without what is new in every answer: nonces and tokens."""
    return re.sub(
        r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|otpauth[^"<]*|<updated>[^<]*|\d+\s(?:minute|second)s?|<svg.*?</svg>|<code>[A-Z2-7]{32}</code>|[A-Z2-7]{32}',
        "",
        body,
        flags=re.S,
    )


@pytest.fixture
def town(db: None, desk_head: User, editor: User, reporter: User) -> Town:
    article = read_article(ARTICLE, outlet="Harbour Post", url="https://harbour.example/pier")
    other = read_article(OTHER, outlet="Town Crier", url="https://crier.example/mayor")
    secret = Quote.objects.get(words__contains="zeppelin")
    pier = Quote.objects.get(words__contains="winter storms")
    people = {"desk": desk_head, "editor": editor, "reporter": reporter}
    User.objects.filter(pk=reporter.pk).update(email="rita@paper.example")
    make_flag(secret, editor, reason="The zeppelin is in doubt.")
    make_problem(secret, words="No marmalade on that zeppelin.")
    make_watch(reporter, quote=secret)
    make_watch(reporter, speaker=secret.speaker)
    make_watch(reporter, search="harbour")
    Watch.objects.update(from_event=0)
    summary.refresh({secret.pk, pier.pk})
    return Town(article, other, secret, pier, people)


def down(town: Town, subject: Quote | Article, category: str = "privacy") -> None:
    takedown.take_down(
        subject=subject, actor=town.people["desk"], category=category, reason="The clerk of the zeppelin asked."
    )


def back(town: Town, subject: Quote | Article) -> None:
    takedown.bring_back(subject=subject, actor=town.people["desk"], reason="The clerk agrees.")


def assert_nowhere(town: Town, words: re.Pattern[str], but: str = "^$") -> None:
    for who in ("nobody", "reporter", "editor"):
        for url, (status, body) in town.bodies(who).items():
            found = None if re.search(but, url) else words.search(body)
            assert not found, (who, url, body[max(0, found.start() - 150) : found.end() + 80])
            assert status < 500, url


def test_the_secret_is_seen_before(town: Town) -> None:
    """The test below would be worth nothing if the words stood nowhere to begin with."""
    seen = [url for url, (_, body) in town.bodies("editor").items() if SENTENCE.search(body)]
    assert len(seen) > 40
    assert town.secret.article_count == 2


def test_a_quote_that_is_down_is_nowhere_and_comes_back_as_it_was(town: Town) -> None:
    before = {who: town.bodies(who) for who in ("nobody",)}
    down(town, town.secret)
    # The texts of its articles still have the words, and so has what stands around another report of them.
    assert_nowhere(
        town, SENTENCE, but=r"^/articles/\d+/(add/)?$|^/review/item/reading/|^/quotes/\d+/$|^/review/attributions/"
    )
    page = Client().get(town.article.get_absolute_url()).content.decode()
    assert "1 attribution<" in page
    back(town, town.secret)
    differing(before, {who: town.bodies(who) for who in ("nobody",)})


def differing(before: Any, after: Any) -> None:
    for who in before:
        for url, (status, body) in before[who].items():
            if url.startswith("/takedowns/"):
                continue
            assert after[who][url][0] == status, (who, url)
            assert after[who][url][1] == body, (who, url)


def test_an_article_that_is_down_takes_with_it_what_it_alone_reported(town: Town) -> None:
    before = {who: town.bodies(who) for who in ("reporter",)}
    down(town, town.article, "legal")
    down(town, town.other, "legal")
    assert_nowhere(town, re.compile(f"{SENTENCE.pattern}|{NAMES}|winter storms", re.I))
    assert not SearchEntry.objects.exists()
    back(town, town.article)
    back(town, town.other)
    differing(before, {who: town.bodies(who) for who in ("reporter",)})


def test_counts_of_others_are_without_an_article_that_is_down(town: Town, client: Client) -> None:
    assert Quote.objects.get(pk=town.pier.pk).article_count == 2
    down(town, town.other)
    assert Quote.objects.get(pk=town.pier.pk).article_count == 1
    outlets = {row["name"]: row["articles"] for row in client.get("/api/v1/outlets").json()["results"]}
    assert outlets == {"Harbour Post": 1, "Town Crier": 0}
    assert client.get("/api/v1/articles").json()["results"][0]["id"] == town.article.pk
    back(town, town.other)
    assert Quote.objects.get(pk=town.pier.pk).article_count == 2


@pytest.mark.parametrize("what", ["secret", "article"])
def test_the_page_says_that_it_is_gone_and_why_in_a_word(town: Town, client: Client, what: str) -> None:
    subject: Any = getattr(town, what)
    down(town, subject, "legal")
    response = client.get(subject.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 410
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert "because of a legal demand" in page
    assert "asked" not in page  # the reason in words is for the desk
    api = client.get(f"/api/v1/{'quotes' if what == 'secret' else 'articles'}/{subject.pk}")
    assert (api.status_code, api.json()) == (410, {"detail": "Taken down because of a legal demand."})
    record = client.get("/takedowns/").content.decode()
    assert "Taken down because of a legal demand" in record
    assert "asked" not in record
    assert not SENTENCE.search(record)


def test_mails_and_feeds_of_those_who_watch_are_silent(town: Town, settings: Any) -> None:
    inbox = inbox_of(town.people["reporter"])
    type(inbox).objects.update(daily_event=0)
    Event.objects.update(made_at=timezone.now() - timedelta(minutes=10))
    down(town, town.secret)
    call_command("notify", period="daily", stdout=StringIO(), stderr=StringIO())
    assert mail.outbox  # of the pier they are told
    assert not any(SENTENCE.search(str(message.message())) for message in mail.outbox)


def test_exports_are_without_it(town: Town) -> None:
    down(town, town.secret)
    for what in ("quotes", "decisions"):
        out = StringIO()
        call_command("export", what, stdout=out, stderr=StringIO())
        assert out.getvalue() or what == "quotes"
        assert not SENTENCE.search(out.getvalue()), what
        assert "Quillfeather" not in out.getvalue()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[-1]["withheld"] is True
    assert lines[-1]["verb"] == "took down"
    assert lines[-1]["after"] == {"because of": "somebody’s privacy"}


def test_the_same_words_again_come_into_the_quote_that_is_down(town: Town) -> None:
    down(town, town.secret)
    quotes = Quote.objects.count()
    again = read_article(OTHER.replace("on Tuesday", "on Friday"), outlet="Evening Echo", url="https://echo.example/1")
    assert Attribution.objects.filter(revision__article=again, variant__quote=town.secret).exists()
    assert Quote.objects.count() == quotes
    assert not search.seen(SECRET)
    assert Quote.objects.get(pk=town.secret.pk).words == ""


def test_an_article_that_is_down_stays_down_when_it_comes_in_again(town: Town, client: Client) -> None:
    down(town, town.article)
    draft = ingest.draft_paste(
        ARTICLE + "\nCorrected on Tuesday.", outlet="Harbour Post", url="https://harbour.example/pier"
    )
    stored = ingest.store(draft)
    extract.read_revision(stored.revision)
    assert stored.outcome == "revision"
    assert client.get(town.article.get_absolute_url()).status_code == 410
    assert Quote.objects.get(pk=town.pier.pk).article_count == 1
    call_command("reread", stdout=StringIO(), stderr=StringIO())
    assert client.get(town.article.get_absolute_url()).status_code == 410
    assert Takedown.objects.count() == 1


def test_bringing_back_is_no_news(town: Town) -> None:
    down(town, town.article)
    events = Event.objects.count()
    states = list(town.secret.flags.values_list("state", flat=True))
    back(town, town.article)
    assert Event.objects.count() == events
    assert list(town.secret.flags.values_list("state", flat=True)) == states
