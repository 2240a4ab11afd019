"""What holds for all pages: rights, queries, markup, headers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from quotes.models import Article, Attribution, Match, Quote
from tests.factories import (
    make_attribution,
    make_feed,
    make_flag,
    make_job,
    make_quote,
    make_speaker,
    make_upload,
    read_article,
)

MOST_QUERIES = 12


@dataclass(frozen=True)
class Site:
    """Every address of the site, filled with real rows, by the rights it asks for."""

    reading: dict[str, str]
    data: dict[str, str]
    own: dict[str, str]
    adding: dict[str, str]
    editing: dict[str, str]
    desk: dict[str, str]

    @property
    def pages(self) -> list[str]:
        """Every page that an editor may open."""
        return [*(self.reading | self.own | self.adding | self.editing).values()]


@pytest.fixture
def site(founding_article: Article, editor: User) -> Site:
    quote = Quote.objects.get(words__startswith="Vladimir, you can")
    attribution = Attribution.objects.get(variant__quote=quote)
    flag = make_flag(quote, editor)
    unplaced = Attribution.objects.exclude(pk=attribution.pk)[0]
    unplaced.speaker, unplaced.speaker_printed, unplaced.candidates = None, "the envoy", [["Ann Lee", 0.5]]
    unplaced.save()
    assert attribution.speaker is not None
    assert founding_article.outlet is not None
    return Site(
        reading={
            "home_index": "/",
            "home_seen": "/seen/?q=pick+up+the+phone+anytime",
            "quote_browse": "/quotes/?q=via:ushakov&sort=most",
            "quote_detail": quote.get_absolute_url(),
            "article_browse": "/articles/",
            "article_detail": founding_article.get_absolute_url(),
            "speaker_browse": "/speakers/?q=trump",
            "speaker_detail": attribution.speaker.get_absolute_url(),
            "outlet_browse": "/outlets/",
            "outlet_detail": founding_article.outlet.get_absolute_url(),
            "method_detail": "/method/",
            "compare_detail": f"/compare/?wording={attribution.variant_id}&wording={Quote.objects.first().variants.first().pk}",
            "api_detail": "/api/",
            "add_paste": "/add/",
            "feed_browse": "/feeds/",
        },
        data={
            "data_quote": f"/quotes/{quote.pk}.jsonld",
            "data_reports": f"/quotes/{quote.pk}/annotations.jsonld",
            "data_attribution": f"/attributions/{attribution.pk}.jsonld",
            "api_quotes": "/api/v1/quotes?q=via:ushakov",
            "api_quote": f"/api/v1/quotes/{quote.pk}",
            "api_speakers": "/api/v1/speakers?name=trump",
        },
        own={
            "flag_add": f"/quotes/{quote.pk}/flag/",
            "problem_add": f"/quotes/{quote.pk}/problem/",
            "account_detail": "/account/",
            "account_erase": "/account/erase/",
            "account_email": "/account/email/",
            "account_change_password": "/account/password/change/",
            "account_reauthenticate": "/account/reauthenticate/",
            "account_logout": "/account/logout/",
            "mfa_index": "/account/two-factor/",
            "usersessions_list": "/account/sessions/",
            "socialaccount_connections": "/account/single-sign-on/",
            "watch_browse": "/watches/",
            "watch_add": f"/watches/add/?quote={quote.pk}",
            "watch_add_search": "/watches/add/?search=via:ushakov+speaker:trump",
        },
        adding={
            "add_file": "/add/file/",
            "add_link": "/add/link/",
            "add_fetched": f"/add/link/fetched/?key={make_job().link_id}&key=a{founding_article.pk}",
            "work_index": "/work/",
            "work_index_waiting": "/work/?view=waiting",
            "work_upload": make_upload().get_absolute_url(),
        },
        editing={
            "feed_add": "/feeds/add/",
            "feed_detail": make_feed().get_absolute_url(),
            "flag_detail": f"/flags/{flag.pk}/",
            "reading_correct": f"/review/attributions/{attribution.pk}/",
            "reading_add": f"/articles/{founding_article.pk}/add/",
            "review_queue": "/review/?q=via:ushakov",
            "review_several": f"/review/several/?item=reading-{attribution.pk}&item=flag-{flag.pk}",
            "people_edit": f"/speakers/{attribution.speaker.pk}/edit/",
            "people_merge": f"/speakers/{attribution.speaker.pk}/merge/?into=Yuri+Ushakov",
            "people_split": f"/speakers/{attribution.speaker.pk}/split/",
            "people_resolve": f"/review/mentions/{unplaced.pk}/",
            "match_queue": "/review/matches/?kind=reworded",
            "match_review": f"/review/matches/{Match.objects.asked()[0].pk}/",
            "match_arrange": f"/quotes/{quote.pk}/arrange/",
        },
        desk={"desk_people": "/desk/"},
    )


def status(user: User | None, url: str, method: str = "get") -> int:
    client = Client()
    if user is not None:
        client.force_login(user)
    return int(getattr(client, method)(url).status_code)


def test_who_may_open_what(site: Site, editor: User, reporter: User, outsider: User, desk_head: User) -> None:
    for url in (site.reading | site.data).values():
        assert [status(user, url) for user in (None, outsider, reporter, editor)] == [200] * 4, url
    for url in site.adding.values():
        assert [status(user, url) for user in (None, outsider, reporter, editor)] == [302, 403, 200, 200], url
    for url in site.own.values():
        assert [status(user, url) for user in (None, outsider, reporter, editor)] == [302, 200, 200, 200], url
    for url in site.editing.values():
        assert [status(user, url) for user in (None, outsider, reporter, editor)] == [302, 403, 403, 200], url
    for url in site.desk.values():
        assert [status(user, url) for user in (None, outsider, reporter, editor)] == [302, 403, 403, 403], url
    for url in [*site.pages, *site.desk.values()]:
        assert status(desk_head, url) == 200, url


def test_who_may_post_what(site: Site, reporter: User, outsider: User) -> None:
    before = Attribution.objects.values_list("status", "version").order_by("pk")
    kept = list(before)
    for url in site.editing.values():
        assert [status(user, url, "post") for user in (None, outsider, reporter)] == [302, 403, 403], url
    for url in (site.reading | site.data).values():
        if url != "/add/":
            assert status(reporter, url, "post") == 405, url
    assert [status(user, "/add/", "post") for user in (None, outsider, reporter)] == [302, 403, 200]
    assert list(before) == kept


def test_anonymous_reading_is_a_setting(site: Site, reporter: User, settings: object) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False  # type: ignore[attr-defined]
    refusals = dict.fromkeys((name for name in site.data if name.startswith("api_")), 401)
    for name, url in (site.reading | site.data).items():
        assert status(None, url) == refusals.get(name, 302), url
        assert status(reporter, url) == 200, url
    for url in ("/account/login/", "/account/password/reset/", "/account/signup/", "/account/inactive/"):
        assert status(None, url) == 200, url


def test_at_most_twelve_queries(site: Site, editor_client: Client) -> None:
    counts = {}
    for name, url in (site.reading | site.data | site.own | site.adding | site.editing).items():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            editor_client.get(url)
        counts[name] = len(captured)
    assert max(counts.values()) <= MOST_QUERIES, counts


def test_queries_do_not_grow_with_rows(db: None, client: Client) -> None:
    aide = make_speaker("Paul Roe")

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    pages = ["/", "/quotes/", "/articles/", "/speakers/", "/outlets/", aide.get_absolute_url() + "?tab=relayed"]
    make_attribution("We will rebuild the bridge, number one.", speaker=make_speaker(), via=(aide,))
    few = [count(url) for url in pages]
    for number in range(20):
        make_attribution(
            f"We will rebuild the bridge, number {number}.", speaker=make_speaker(f"Speaker {number}"), via=(aide,)
        )
    assert [count(url) for url in pages] == few


def test_markup_of_every_page(site: Site, editor_client: Client) -> None:
    for url in site.pages:
        tree = html.fromstring(editor_client.get(url).content)
        ids = [element.get("id") for element in tree.cssselect("[id]")]
        assert len(ids) == len(set(ids)), (url, [i for i in ids if ids.count(i) > 1])
        assert len(tree.cssselect("h1")) == 1, url
        assert tree.cssselect("main#main"), url
        assert tree.cssselect("html[lang]"), url
        assert tree.findtext(".//title").endswith("· Hearsay"), url
        for field in tree.cssselect("main input:not([type=hidden]), main select, main textarea"):
            labelled = tree.cssselect(f'label[for="{field.get("id")}"]') or field.xpath(
                "ancestor::label|ancestor::fieldset"
            )
            assert labelled, (url, html.tostring(field))
        levels = [int(heading.tag[1]) for heading in tree.cssselect("h1, h2, h3, h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (url, levels)


def test_no_script_or_style_inline(site: Site, editor_client: Client) -> None:
    for url in site.pages:
        response = editor_client.get(url)
        tree = html.fromstring(response.content)
        assert not tree.cssselect("[style], [onclick], script:not([src]):not([type$=json]), style"), url


@pytest.mark.parametrize(
    "url", ["/nope/", "/quotes/999999/", "/articles/999999/", "/speakers/999999/", "/outlets/nope/", "/flags/9/"]
)
def test_not_found(db: None, editor_client: Client, url: str) -> None:
    response = editor_client.get(url)
    assert response.status_code == 404
    assert "There is no page at this address" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=x",
        "?page=99999",
        "?sort=nope",
        "?class=nope",
        "?after=nope",
        "?q=%00%27%22%25_",
        "?q=" + "a" * 5000,
    ],
)
def test_bad_parameters_are_no_error(db: None, client: Client, query: str) -> None:
    make_quote()
    for url in ("/quotes/", "/speakers/", "/articles/", "/outlets/", "/seen/"):
        assert client.get(url + query).status_code in (200, 302), (url, query)


def test_hostile_text_is_escaped_everywhere(db: None, editor_client: Client) -> None:
    bad = "<script>alert(1)</script>"
    article = read_article(
        f'Ann Lee {bad} spoke. "We have {bad} seen it all before today," said Ann Lee, a minister {bad}. It was late by then.',
        outlet=f"Outlet {bad}",
    )
    urls = ["/", "/quotes/", "/articles/", "/speakers/", "/outlets/", article.get_absolute_url(), f"/seen/?q={bad}"]
    urls += [quote.get_absolute_url() for quote in Quote.objects.all()]
    assert Quote.objects.exists()
    for url in urls:
        assert bad not in editor_client.get(url).content.decode(), url


def test_empty_site_teaches(db: None, client: Client) -> None:
    for url in ("/", "/quotes/", "/articles/", "/speakers/", "/outlets/"):
        assert html.fromstring(client.get(url).content).cssselect(".empty"), url


def test_server_error_page_needs_nothing(db: None) -> None:
    from quotes.views.errors import server_error

    response = server_error(None)  # type: ignore[arg-type]
    assert response.status_code == 500
    assert b"Something broke" in response.content


def test_a_form_too_large_is_refused_in_words(reporter_client: Client) -> None:
    response = reporter_client.post("/add/", {"text": "a" * 6_500_000})
    assert response.status_code == 400
    assert "too large for a form" in response.content.decode()


def test_a_request_for_another_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
