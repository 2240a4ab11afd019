from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotes.models import Event, Inbox, Quote, Watch
from quotes.models.watch import EVENTS
from tests.factories import make_article, make_attribution, make_event, make_quote, make_speaker, make_watch
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote() -> Quote:
    report = make_attribution(speaker=make_speaker("Ada Moor"), via=(make_speaker("Bob Stone"),))
    assert report.variant is not None
    return report.variant.quote


def rows(client: Client) -> list[str]:
    return texts(page(client, "/watches/"), "section[aria-labelledby=events-title] tbody tr")


def test_what_happened_newest_first(quote: Quote, reporter: User, reporter_client: Client) -> None:
    make_watch(reporter, quote=quote)
    make_event(quote, "report", article=make_article(title="The bridge"), detail="Alpha reports it: firsthand.")
    make_event(quote, "denied", detail="A denial was recorded: Never.")
    first, second = rows(reporter_client)
    assert first.startswith("New: Denied. ")
    assert "A denial was recorded: Never. We will rebuild the bridge before winter. Ada Moor Bob Stone" in first
    assert "Alpha reports it: firsthand. The article" in second
    links = [a.get("href") for a in page(reporter_client, "/watches/").cssselect("tbody a")]
    assert quote.get_absolute_url() in links
    assert Event.objects.get(kind="report").article.get_absolute_url() in links  # type: ignore[union-attr]


def test_new_is_what_was_not_there_at_the_last_look(quote: Quote, reporter: User, reporter_client: Client) -> None:
    make_watch(reporter, quote=quote)
    make_event(quote, "denied")
    caption = "1 event on what you watch, newest first; 1 on this page is new since you last looked"
    assert caption in text_of(page(reporter_client, "/watches/"))
    assert "new since you last looked" not in text_of(page(reporter_client, "/watches/"))
    make_event(quote, "upheld")
    assert [row.startswith("New:") for row in rows(reporter_client)] == [True, False]


def test_the_watches_with_what_can_be_done(quote: Quote, reporter: User, reporter_client: Client) -> None:
    made = make_watch(reporter, quote=quote, events=["denied", "report"], period="weekly")
    tree = page(reporter_client, "/watches/")
    [row] = texts(tree, "section[aria-labelledby=watches-title] tbody tr")
    assert "Ada Moor: “We will rebuild the bridge before winter.” new attribution, denied Every week" in row
    assert tree.cssselect(f'a[href="/watches/{made.pk}/"]')
    [form] = tree.cssselect(f'form[action="/watches/{made.pk}/"]')
    assert text_of(form).startswith("Remove")


def test_an_account_without_an_address_is_told_that_nothing_is_sent(
    quote: Quote, reporter: User, reporter_client: Client
) -> None:
    make_watch(reporter, quote=quote)
    assert "has no e-mail address" in text_of(page(reporter_client, "/watches/"))
    User.objects.update(email="rita@paper.example")
    assert "has no e-mail address" not in text_of(page(reporter_client, "/watches/"))


def test_empty_states_teach(quote: Quote, reporter: User, reporter_client: Client) -> None:
    assert "You watch nothing yet." in text_of(page(reporter_client, "/watches/"))
    make_watch(reporter, quote=quote)
    assert "Nothing has happened since you began to watch." in text_of(page(reporter_client, "/watches/"))


def test_others_see_nothing_of_it(quote: Quote, reporter: User, editor_client: Client) -> None:
    make_watch(reporter, quote=quote)
    make_event(quote, "denied")
    words = text_of(page(editor_client, "/watches/"))
    assert "You watch nothing yet." in words
    assert "Ada Moor" not in words


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/watches/")["Location"] == "/account/login/?next=/watches/"
    assert client.post("/watches/", {"renew": "1"}).status_code == 302
    assert not Inbox.objects.exists()


def test_renewing_the_feed(reporter: User, reporter_client: Client) -> None:
    before = text_of(page(reporter_client, "/watches/").cssselect("#feed-address")[0])
    assert reporter_client.post("/watches/", {"renew": "1"})["Location"] == "/watches/"
    after = text_of(page(reporter_client, "/watches/").cssselect("#feed-address")[0])
    assert after != before
    assert after == f"http://testserver{reverse('watch_feed', args=[Inbox.objects.get().feed_key])}"
    assert Client().get(before.removeprefix("http://testserver")).status_code == 404
    assert Client().get(after.removeprefix("http://testserver")).status_code == 200


def test_posting_anything_else_changes_nothing(reporter: User, reporter_client: Client) -> None:
    page(reporter_client, "/watches/")
    key = Inbox.objects.get().feed_key
    assert reporter_client.post("/watches/", {}).status_code == 302
    assert Inbox.objects.get().feed_key == key


def test_fast_with_ten_thousand_events_and_fifty_watches(quote: Quote, reporter: User, reporter_client: Client) -> None:
    quotes = [make_quote(f"Words {n}.", quote.speaker) for n in range(100)]
    for n in range(50):
        make_watch(reporter, **[{"quote": quotes[n]}, {"search": f"speaker:Moor word{n % 10}"}][n % 2])
    make_watch(reporter, speaker=quote.speaker)
    kinds = list(EVENTS)
    Event.objects.bulk_create(Event(quote=quotes[n % 100], kind=kinds[n % 6], detail="So.") for n in range(10_000))
    with CaptureQueriesContext(connection) as captured:
        tree = page(reporter_client, "/watches/")
    assert len(captured) <= 12, [query["sql"][:90] for query in captured]
    assert "The newest 1,000 events on what you watch" in text_of(tree)
    assert "Page 1 of 40" in text_of(tree)
    assert len(tree.cssselect("section[aria-labelledby=events-title] tbody tr")) == 25


def test_queries_do_not_grow_with_what_happened(quote: Quote, reporter: User, reporter_client: Client) -> None:
    make_watch(reporter, speaker=quote.speaker)
    page(reporter_client, "/watches/")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            reporter_client.get("/watches/")
        return len(captured)

    make_event(quote, article=make_article())
    few = count()
    for n in range(20):
        other = make_quote(f"Words {n}.", quote.speaker, merged_into=quote)
        make_event(other, article=make_article(f"Article {n}."))
        make_watch(reporter, quote=make_quote(f"Others {n}."))
    assert count() == few


def test_hostile_words_are_escaped(reporter: User, reporter_client: Client) -> None:
    bad = "<script>alert(1)</script>"
    quote = make_quote(f"We will {bad}.", make_speaker(f"Ann {bad}"))
    make_watch(reporter, quote=quote)
    made = make_watch(reporter, search=f'"{bad}"')
    make_event(quote, "denied", detail=f"By {bad}")
    for url in ("/watches/", made.get_absolute_url(), "/watches/add/?search=%3Cscript%3Ealert(1)%3C/script%3E"):
        assert bad not in reporter_client.get(url, follow=True).content.decode()


# --- what the other pages say of it ---


def watch_links(client: Client, url: str) -> list[tuple[str, str]]:
    return [(text_of(a), a.get("href")) for a in page(client, url).cssselect(".watch a")]


def test_every_page_offers_what_can_be_watched(founding_article: Any, reporter: User, reporter_client: Client) -> None:
    quote = Quote.objects.get(words__startswith="Vladimir")
    aide = quote.intermediaries.get()
    assert quote.speaker is not None
    outlet = founding_article.outlet
    pages = [
        (quote.get_absolute_url(), {"quote": quote}, f"quote={quote.pk}", "Watch this quote"),
        (
            quote.speaker.get_absolute_url(),
            {"speaker": quote.speaker},
            f"speaker={quote.speaker.pk}",
            "Watch this speaker",
        ),
        (outlet.get_absolute_url(), {"outlet": outlet}, f"outlet={outlet.pk}", "Watch this outlet"),
        ("/quotes/?q=via:Ushakov", {"search": "via:Ushakov"}, "search=via%3AUshakov", "Watch this search"),
        ("/quotes/?q=nothingatall", {"search": "nothingatall"}, "search=nothingatall", "Watch this search"),
    ]
    for url, aimed, query, label in pages:
        assert (label, f"/watches/add/?{query}") in watch_links(reporter_client, url), url
        assert watch_links(Client(), url) == [], url
        made = make_watch(reporter, **aimed)
        links = watch_links(reporter_client, url)
        assert (label.replace("Watch", "Watching"), f"/watches/{made.pk}/") in links, url
        assert label not in dict(links), url
    both = f"speaker={quote.speaker.pk}&via={aide.pk}"
    offer = "Donald Trump through Yuri Ushakov"
    assert (f"Watch {offer}", f"/watches/add/?{both}") in watch_links(reporter_client, aide.get_absolute_url())
    made = make_watch(reporter, speaker=quote.speaker, intermediary=aide)
    assert (f"Watching {offer}", f"/watches/{made.pk}/") in watch_links(reporter_client, aide.get_absolute_url())


def test_the_list_of_all_quotes_and_a_search_within_a_speaker_are_no_search_to_watch(
    founding_article: Any, reporter_client: Client
) -> None:
    speaker = Quote.objects.filter(speaker__isnull=False)[0].speaker
    assert speaker is not None
    assert watch_links(reporter_client, "/quotes/") == []
    labels = [label for label, _ in watch_links(reporter_client, f"{speaker.get_absolute_url()}?q=phone")]
    assert "Watch this search" not in labels


def test_the_fragment_of_results_offers_it_too(founding_article: Any, reporter_client: Client) -> None:
    answer = reporter_client.get("/quotes/?q=phone", headers={"HX-Request": "true"})
    assert b"/watches/add/?search=phone" in answer.content


def test_the_masthead_leads_there(reporter_client: Client, client: Client) -> None:
    assert page(reporter_client, "/").cssselect('header a[href="/watches/"]')
    assert not page(client, "/").cssselect('header a[href="/watches/"]')
    assert Watch.objects.count() == 0
