"""Fetched pages, honest and hostile -> drafts, or a refusal in words."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.answer import Page
from quotes.intake.draft import Draft, Refused
from quotes.intake.page import draft, kind_of

URL = "https://www.echo.co.uk/news/story"
SENTENCES = [
    "The mayor said on Monday that the city would pay for the road.",
    "“We will pay,” she told the council, “and we will pay in full.”",
    "Nobody believed her when she said it, according to two people who were in the room.",
    "The council met again on Tuesday and voted for the plan by nine votes to two.",
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def page(body: str | bytes, content_type: str = "text/html", url: str = URL, charset: str = "") -> Page:
    return Page(url, 200, content_type, charset, body if isinstance(body, bytes) else body.encode())


def html(head: str = "", body: str = BODY, root: str = '<html lang="en-GB">') -> str:
    return f"<!doctype html>{root}<head><title>Road to be paid</title>{head}</head><body><article>{body}</article></body></html>"


def json_ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def refusal(found: Page) -> str:
    with pytest.raises(Refused) as raised:
        draft(found)
    assert len(str(raised.value)) < 300
    return str(raised.value)


def test_it_works() -> None:
    head = (
        '<meta property="og:site_name" content="The Echo"><meta name="author" content="Ann Lee">'
        '<meta property="article:published_time" content="2025-05-21T10:00:00+02:00">'
        '<link rel="canonical" href="/news/story-1?utm_source=feed">'
    )
    found = draft(page(html(head)))
    assert (found.title, found.outlet, found.byline, found.language) == ("Road to be paid", "The Echo", "Ann Lee", "en")
    assert found.published == datetime(2025, 5, 21, 8, tzinfo=UTC)
    assert found.canonical_url == "https://www.echo.co.uk/news/story-1"
    assert found.archived_url == ""
    assert all(sentence in found.text for sentence in SENTENCES)


def test_details_win() -> None:
    given = {"title": "T", "outlet": "O", "byline": "B", "url": "https://x.org/", "language": "fr"}
    found = draft(page(html()), **given)
    assert (found.title, found.outlet, found.byline, found.canonical_url, found.language) == tuple(given.values())


# --- dates ---------------------------------------------------------------------------------------------------------

MOMENT = datetime(2025, 5, 21, 8, tzinfo=UTC)
MIDNIGHT = datetime(2025, 5, 21, tzinfo=UTC)
AHEAD = (datetime.now(UTC) + timedelta(days=90)).isoformat()


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2025-05-21T10:00:00+02:00"}), MOMENT),
        (json_ld(**{"@type": ["ReportageNewsArticle"], "datePublished": "2025-05-21T08:00:00.000Z"}), MOMENT),
        (
            json_ld(**{"@graph": [{"@type": "WebSite"}, {"@type": "Article", "datePublished": "2025-05-21T08:00Z"}]}),
            MOMENT,
        ),
        ('<meta name="date" content="Wed, 21 May 2025 10:00:00 +0200">', MOMENT),
        ('<meta itemprop="datePublished" content="2025-05-21T10:00:00+0200">', MOMENT),
        ('<meta property="article:published_time" content="2025-05-21">', MIDNIGHT),  # a day names no zone
        (
            json_ld(**{"@type": "NewsArticle", "datePublished": "soon"})
            + '<meta property="article:published_time" content="2025-05-21T08:00:00Z">',
            MOMENT,
        ),
        (
            json_ld(**{"@type": "WebPage", "datePublished": "2020-01-01T08:00:00Z"})
            + '<meta property="article:published_time" content="2025-05-21T08:00:00Z">',
            MOMENT,
        ),
        (
            json_ld(**{"@type": "NewsArticle", "datePublished": AHEAD})
            + '<meta property="article:published_time" content="2025-05-21T08:00:00Z">',
            MOMENT,
        ),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00+14:00">', None),
        ('<meta property="article:published_time" content="9999-12-31T23:59:59-14:00">', None),
        ("", None),
    ],
)
def test_dates(head: str, published: datetime | None) -> None:
    assert draft(page(html(head))).published == published


@pytest.mark.parametrize(
    "script",
    [
        *("", "{", "[" * 100_000, '{"a":' * 100_000, "null", "3", '"a"', "[null, 3, [[]]]", '{"@type": 3}'),
        *('{"@type": "NewsArticle", "datePublished": {"a": []}, "publisher": [3]}', "9" * 6000, '{"@type": [[], {}]}'),
        '{"@type": "NewsArticle", "publisher": {"name": ["x"]}, "author": {"name": {"a": 1}}}',
    ],
    ids=lambda script: script[:20],
)
def test_json_ld_that_is_none_costs_nothing(script: str) -> None:
    found = draft(page(html(f'<script type="application/ld+json">{script}</script>')))
    assert found.title == "Road to be paid"


# --- language, outlet, address -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "head", "language"),
    [
        ('<html lang="de-AT">', "", "de"),
        ('<html lang="EN">', "", "en"),
        ("<html>", '<meta property="og:locale" content="fr_FR">', "fr"),
        ("<html>", "", "en"),
        ('<html lang="<b>">', "", "en"),
        ('<html lang="english please">', "", "en"),
    ],
)
def test_languages(root: str, head: str, language: str) -> None:
    assert draft(page(html(head, root=root))).language == language


def test_the_publisher_is_the_outlet_where_the_page_names_no_site() -> None:
    head = json_ld(**{"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "The\nEcho\x00"}})
    assert draft(page(html(head))).outlet == "The Echo"


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<meta property="og:url" content="https://echo.co.uk/1">', "https://echo.co.uk/1"),
        ('<meta property="og:url" content="https://evil.example/1">', URL),
        ('<link rel="canonical" href="/1"><meta property="og:url" content="/2">', "https://www.echo.co.uk/1"),
        ('<link rel="canonical" href="/1"><link rel="canonical" href="/2">', URL),  # it says nothing
        ('<link rel="Canonical nofollow" href="/1">', "https://www.echo.co.uk/1"),
        ('<link rel="canonical">', URL),
        ('<base href="https://evil.example/"><link rel="canonical" href="/1">', "https://www.echo.co.uk/1"),
    ],
)
def test_own_addresses(head: str, address: str) -> None:
    assert draft(page(html(head))).canonical_url == address


@pytest.mark.parametrize("root", ["<html amp>", "<html ⚡>", "<html ⚡ lang=en>"])
def test_an_amp_page_is_filed_under_the_page_it_was_made_from(root: str) -> None:
    assert draft(page(html(root=root), url=f"{URL}/amp")).canonical_url == URL
    own = '<link rel="canonical" href="https://www.echo.co.uk/other">'
    assert draft(page(html(own, root=root), url=f"{URL}/amp")).canonical_url == "https://www.echo.co.uk/other"


def test_a_copy_in_an_archive_is_filed_under_what_was_archived() -> None:
    copy = f"https://web.archive.org/web/20250521101500/{URL}"
    found = draft(page(html(f'<link rel="canonical" href="{copy}">'), url=copy))
    assert (found.canonical_url, found.archived_url) == (URL, copy)
    short = draft(page(html(), url="https://archive.ph/AbC12"))
    assert (short.canonical_url, short.archived_url) == ("https://archive.ph/AbC12",) * 2


# --- encodings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "charset", "meta"),
    [
        *(("utf-8", "", ""), ("utf-8", "iso-8859-1", "windows-1252"), ("cp1252", "utf-8", "utf-8")),
        *(
            ("cp1252", "", ""),
            ("utf-16", "utf-8", "ascii"),
            ("utf-8-sig", "utf-16", "utf-16"),
            ("cp1252", "bogus", "zlib"),
        ),
    ],
)
def test_charsets_that_lie(encoding: str, charset: str, meta: str) -> None:
    text = html(f'<meta charset="{meta}">', BODY.replace("mayor", "maïre"))
    assert "The maïre said" in draft(page(text.encode(encoding), charset=charset)).text
    assert "“We will pay,”" in draft(page(text.encode(encoding), charset=charset)).text


def test_a_stray_nul_does_no_harm() -> None:
    assert SENTENCES[0] in draft(page(html().replace("Monday", "Mon\x00day"))).text


def test_entities_are_never_resolved() -> None:
    trick = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY lol "lol">]>'
    found = draft(
        page(
            html(body=BODY + "<p>Then he said &x; and &lol; and went home to his wife.</p>").replace(
                "<!doctype html>", trick
            )
        )
    )
    assert "root:" not in found.text


# --- what is no article --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (b"", "text/html", "The page is empty."),
        (b" \n\t\x00", "text/html", "The page is empty."),
        (b"\xef\xbb\xbf", "", "The page is empty."),
        (b"<html></html>", "text/html", "No article was found"),
        (
            b"<html><body><div id=root></div><script>render()</script></body></html>",
            "text/html",
            "No article was found",
        ),
        (b"<!-- only a comment -->", "text/html", "No article was found"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "text/html", "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "image/jpeg", "a picture"),
        (b"GIF89a" + bytes(50), "text/plain", "a picture"),
        (b"MZ\x90\x00" + bytes(500), "text/html", "a program"),
        (b"\x7fELF" + bytes(500), "text/html", "a program"),
        (b"PK\x03\x04" + bytes(500), "application/pdf", "a packed file"),
        (b"\x1f\x8b\x08" + bytes(500), "text/html", "a packed file"),
        (bytes(range(256)) * 40, "text/html", "data"),
        (bytes(range(256)) * 40, "image/webp", "a picture"),
        (bytes(range(256)) * 40, "video/mp4", "a video"),
        (b'{"text": "The mayor said that the city would pay."}', "application/json", "data (JSON)"),
        (b"<svg></svg>", "image/svg+xml", "a picture"),
        (b"<?xml version='1.0'?><a/>", "application/xml", "data (XML)"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "text/html", "a feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "text/html", "a feed"),
        (b"body { color: red }", "text/css", "something else (text/css)"),
        (b"%PDF-1.7 rubbish", "text/html", "This PDF cannot be read"),
        (b"hello", "text/plain", "no sentences"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_article(body: bytes, content_type: str, message: str) -> None:
    assert message in refusal(page(body, content_type))


@pytest.mark.parametrize(
    "notice",
    [
        "We use cookies and similar techniques to show you advertising that fits. Choose what you accept below.",
        "Please enable JavaScript and then reload this page so that the whole of the story can be shown to you.",
        "Your browser made unusual traffic. Before you go on, please show us that you are not a robot by this test.",
        "You have read your free articles for this month. Subscribe to continue reading all of our stories today.",
    ],
)
def test_a_notice_in_place_of_an_article(notice: str) -> None:
    assert "shows a notice" in refusal(page(html(body=f"<p>{notice}</p>")))


def test_an_article_about_cookies_is_one() -> None:
    many = "".join(
        f"<p>In the year {year} the mayor said that the council would vote again.</p>" for year in range(1990, 2010)
    )
    assert (
        "use cookies"
        in draft(page(html(body=many + "<p>“Sites use cookies,” he said on Friday to the press.</p>"))).text
    )


def test_plain_text() -> None:
    found = draft(page("\n\n".join(SENTENCES), "text/plain", charset="utf-8"))
    assert found.canonical_url == URL
    assert SENTENCES[1] in found.text
    assert kind_of(page("Only words.", "application/octet-stream")) == "text"
    assert kind_of(page("<html><body>", "text/plain")) == "html"


# --- pages made to take time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + BODY,
        "<b>" * 90_000 + BODY,
        "<table><tr><td>" * 30_000 + BODY,
        "<table>" + "<tr><td>a<td>b</tr>" * 7_000 + "</table>" + BODY,
        "<table>" + "<tr><td>a<td>b</tr>" * 30_000 + "</table>" + BODY,
        "<p>" + "<span>a</span> " * 20_000 + "</p>",
        "".join("<p>" + "<span>a</span> " * 2_900 + "</p>" for _ in range(8)),
        "<div>" + "<a href='/x'>a b</a> " * 20_000 + "</div>" + BODY,
        ("<div>" * 200 + BODY + "</div>" * 200) * 100,
        "<" * 1_000_000,
        "<!--" * 100_000,
        "<p " + "a=1 " * 500_000,
        "&" * 2_000_000,
        "<p>" + "word " * 900_000,
        "<p>" + "a" * 4_000_000,
        "\x1b<p>" * 50_000,
    ],
    ids=lambda body: body[:16],
)
def test_pages_made_to_take_time(body: str) -> None:
    start = time.process_time()
    with contextlib.suppress(Refused):
        assert isinstance(draft(page(html(body=body))), Draft)
    assert time.process_time() - start < 12  # seconds, on a machine shared with others; 4 alone


TAGS = "html head body p div article table tr td script style meta link title time base svg math template".split()


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
        | st.sampled_from(
            ["<!--", "-->", "<![CDATA[", "]]>", "<?xml", "&#0;", "&#xD800;", "\x00", "\ud800", *SENTENCES]
        )
        | st.text(max_size=20),
        max_size=30,
    ).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    st.sampled_from(["text/html", "text/plain", "", "application/xhtml+xml", "application/json", "image/png"]),
    st.sampled_from(["", "utf-8", "utf-16", "zlib"]),
)
def test_any_bytes(body: bytes, content_type: str, charset: str) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(draft(page(body, content_type, charset=charset)), Draft)
