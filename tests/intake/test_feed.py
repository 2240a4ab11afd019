"""Feeds of every age, honest and hostile."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.answer import Page
from quotes.intake.draft import Refused
from quotes.intake.feed import MOST_ITEMS, FeedContent, Item, discover, parse

URL = "https://echo.example/feed"
MOMENT = datetime(2025, 5, 21, 8, tzinfo=UTC)
DATE = "Wed, 21 May 2025 10:00:00 +0200"


def page(body: str | bytes, content_type: str = "application/xml", url: str = URL, charset: str = "") -> Page:
    return Page(url, 200, content_type, charset, body if isinstance(body, bytes) else body.encode())


def rss(items: str, head: str = "<title>The Echo</title><link>https://echo.example/</link>", start: str = "") -> str:
    return f"{start}<rss version='2.0'><channel>{head}{items}</channel></rss>"


def items(body: str | bytes, **more: Any) -> tuple[Item, ...]:
    return parse(page(body, **more)).items


def one(entry: str) -> Item:
    (found,) = items(rss(f"<item>{entry}</item>"))
    return found


def refusal(body: str | bytes, **more: Any) -> str:
    with pytest.raises(Refused) as raised:
        parse(page(body, **more))
    assert raised.value.field == "url" or "empty" in str(raised.value)
    return str(raised.value)


RSS_2 = rss(f"<item><title>Road</title><link>/road</link><guid>1</guid><pubDate>{DATE}</pubDate></item>")
RSS_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>The Echo</title>'
    f"<link>https://echo.example/</link><item><title>Road</title><link>/road</link><pubDate>{DATE}</pubDate></item></channel></rss>"
)
RSS_1 = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Echo</title><link>https://echo.example/</link></channel>'
    '<item rdf:about="/road"><title>Road</title><link>/road</link><dc:date>2025-05-21T10:00:00+02:00</dc:date></item></rdf:RDF>'
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Echo</title><link href="https://echo.example/"/><entry><id>tag:1</id>'
    '<title type="html">&lt;b&gt;Road&lt;/b&gt;</title><link href="/road"/><published>2025-05-21T08:00:00Z</published></entry></feed>'
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Echo",
        "home_page_url": "https://echo.example/",
        "items": [{"id": "1", "url": "/road", "title": "Road", "date_published": "2025-05-21T10:00:00+02:00"}],
    }
)


@pytest.mark.parametrize("body", [RSS_2, RSS_091, RSS_1, ATOM, JSON_FEED], ids=["2.0", "0.91", "1.0", "Atom", "JSON"])
@pytest.mark.parametrize("content_type", ["", "application/xml", "text/html", "text/plain", "application/json"])
def test_it_works(body: str, content_type: str) -> None:
    found = parse(page(body, content_type))
    assert (found.title, found.site) == ("The Echo", "https://echo.example/")
    (item,) = found.items
    assert (item.title, item.url, item.published) == ("Road", "https://echo.example/road", MOMENT)
    assert item.id
    assert discover(page(body, content_type)) == [URL]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii", "bogus", ""])
def test_encodings_that_lie(encoding: str, declared: str) -> None:
    start = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss("<item><title>Café</title><link>/a</link></item>", start=start)
    assert items(body.encode(encoding))[0].title == "Café"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<![CDATA[<i>Bold</i> &amp; new]]>", "Bold & new"),
        ("AT&amp;amp;T", "AT&T"),
        ("Caf&#233; &#8220;Ole&#8221;", "Café “Ole”"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "alert(1)"),
        ("  two\n lines ", "two lines"),
        ("5 &lt; 6", "5 < 6"),
        ("a" * 2000, "a" * 500),
        ("", ""),
    ],
)
def test_titles(written: str, title: str) -> None:
    assert one(f"<title>{written}</title><link>/a</link>").title == title


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/a?b=1&amp;c=2", "https://echo.example/a?b=1&c=2"),
        ("a/b", "https://echo.example/a/b"),
        ("//other.example/a", "https://other.example/a"),
        ("HTTP://other.example/a", "HTTP://other.example/a"),
        (" https://other.example/a\n", "https://other.example/a"),
    ],
)
def test_links(written: str, url: str) -> None:
    assert one(f"<title>a</title><link>{written}</link>").url == url


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,a", "mailto:a@b.c", "", "http://[::1", "ftp://a.b/c"],
)
def test_items_that_lead_nowhere_are_left_out(link: str) -> None:
    both = f"<item><title>a</title><link>{link}</link></item><item><title>b</title><link>/b</link></item>"
    assert [item.title for item in items(rss(both))] == ["b"]


def test_a_guid_that_is_an_address_is_a_link() -> None:
    assert one("<guid>https://echo.example/1</guid>").url == "https://echo.example/1"


@pytest.mark.parametrize(
    ("written", "published"),
    [
        (DATE, MOMENT),
        ("2025-05-21T10:00:00+02:00", MOMENT),
        ("Wed, 21 May 2025 08:00:00 GMT", MOMENT),
        ("Wed, 21 May 2025 08:00 EST", datetime(2025, 5, 21, 13, tzinfo=UTC)),
        ("21 May 2025", datetime(2025, 5, 21, tzinfo=UTC)),
        ("yesterday", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("9" * 400, None),
        ("", None),
    ],
)
def test_dates(written: str, published: datetime | None) -> None:
    assert one(f"<link>/a</link><pubDate>{written}</pubDate>").published == published


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>30</ttl>", 1800),
        ("<ttl>0</ttl>", None),
        ("<ttl>0.001</ttl>", 60),
        ("<ttl>999999999</ttl>", 86_400),
        ("<ttl>-5</ttl>", None),
        ("<ttl>inf</ttl>", 86_400),
        ("<ttl>nan</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("", None),
    ],
)
def test_how_often_a_feed_wishes_to_be_read(head: str, seconds: float | None) -> None:
    assert parse(page(rss("<item><link>/a</link></item>", head))).ttl == seconds


@pytest.mark.parametrize(
    ("period", "times", "seconds"), [("hourly", 2, 1800), ("daily", 1, 86_400), ("often", 1, None), ("hourly", 0, 3600)]
)
def test_the_syndication_module(period: str, times: int, seconds: float | None) -> None:
    head = f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>{times}</sy:updateFrequency>"
    body = rss("<item><link>/a</link></item>", head).replace(
        "<rss", "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    )
    assert parse(page(body)).ttl == seconds


def test_ten_thousand_items() -> None:
    start = time.process_time()
    many = "".join(
        f"<item><title>{n}</title><link>/{n}</link><description>&lt;p&gt;x</description></item>" for n in range(10_000)
    )
    found = items(rss(many))
    assert [item.title for item in found] == [str(number) for number in range(MOST_ITEMS)]
    assert time.process_time() - start < 5
    atom = ATOM.replace("</feed>", "<entry><id>2</id><title>b</title><link href='/b'/></entry>" * 5000 + "</feed>")
    assert [item.title for item in items(atom)] == ["Road", "b"]


def test_a_feed_that_carries_its_articles() -> None:
    article = f"<content:encoded><![CDATA[{'<p>The mayor said so.</p>' * 2000}]]></content:encoded>"
    many = "".join(f"<item><title>{n}</title><link>/{n}</link>{article}</item>" for n in range(50))
    assert len(items(rss(many))) == 50


def test_an_item_that_comes_twice_is_one() -> None:
    assert len(items(rss("<item><guid>1</guid><link>/a</link></item>" * 3))) == 1


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    body = rss("<item><title>Fish & chips</title><link>/a</link></item><item><title>b</title><link>/b</link></item>")
    assert [item.url for item in items(body.removesuffix("</channel></rss>"))][:1] == ["https://echo.example/a"]


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{BOMB}]>' + rss("<item><title>&a19;</title></item>"),
            "entities",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + rss("<item><title>&x;</title><link>/a</link></item>"),
            "entities",
        ),
        ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>' + RSS_2, "entities"),
        ('<!doctype rss\n[\n<!entity a "<item>">]>' + RSS_2, "entities"),
        ("", "empty"),
        ("<rss", "plain text"),
        ("<rss version='2.0'>", "damaged"),
        ("<feed></entry>", "damaged"),
        ("<html><body>Hello</body></html>", "This is a web page, not a feed."),
        ("Hello", "This is plain text, not a feed."),
        ("/etc/passwd", "plain text"),
        ("https://echo.example/other", "plain text"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "damaged"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "damaged"),
        ('{"a": "jsonfeed.org/version/", "items": []}', "damaged"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "damaged"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 100_000, "damaged"),
        (b"\x89PNG" + bytes(100), "This is a picture, not a feed."),
        (b"%PDF-1.7", "This is a PDF, not a feed."),
        ("<rss>" + "<a>" * 100_000, "tangled"),
        ("<rss>" + "a" * 5_100_000, "larger than"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_feed(body: str | bytes, message: str) -> None:
    start = time.process_time()
    assert message in refusal(body, content_type="")
    assert time.process_time() - start < 3


def test_entities_in_utf_16_are_seen_too() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE rss [<!ENTITY a "ha">]>' + rss(
        "<item><title>&a;</title></item>"
    )
    assert "entities" in refusal(body.encode("utf-16"))


def test_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    monkeypatch.setattr("builtins.open", never)
    assert items(RSS_091)
    assert "plain text" in refusal("/etc/hosts", content_type="")


@pytest.mark.parametrize(
    "body",
    [
        "<rss " + " ".join(f"a{number}='x'" for number in range(100_000)) + ">",
        "<rss>" + "&" * 3_000_000,
        "<rss><channel><item><title>" + "&eacute;" * 300_000,
        "<rss>" + "<![CDATA[" * 200_000,
        "<rss>" + "<!--" * 500_000,
        "<rss>" + "<" * 1_000_000,
        rss("<item>" + "<a>" * 25_000 + "</item>"),
        "<rss a='" + "x" * 3_000_000,
        rss("".join(f"<item><link>/{number}</link><pubDate>{'1 ' * 500}</pubDate></item>" for number in range(4000))),
    ],
    ids=lambda body: body[:20],
)
def test_feeds_made_to_take_time(body: str) -> None:
    start = time.process_time()
    with contextlib.suppress(Refused):
        parse(page(body))
    assert time.process_time() - start < 8


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            "<rss> <feed> <channel> <item> </item> <entry> </entry> <title> </title> <link> <pubDate> <guid>".split()
        )
        | st.sampled_from(
            ["<!DOCTYPE x [", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "&#0;", "&x;", "\x00", DATE, "/a"]
        )
        | st.text(max_size=10),
        max_size=25,
    ).map(lambda parts: ("<rss version='2.0'>" + "".join(parts)).encode("utf-8", "replace"))
    | st.binary(max_size=200)
)
def test_any_bytes(body: bytes) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(parse(page(body)), FeedContent)
    assert isinstance(discover(page(body)), list)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from(["title", "home_page_url", "items", "x"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.floats()
            | st.text(max_size=9)
            | st.just("/a")
            | st.just("2025-05-21T08:00:00Z"),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["id", "url", "external_url", "title", "date_published"]), inner)
            ),
            max_leaves=9,
        ),
    )
)
def test_any_json(value: dict[str, object]) -> None:
    with contextlib.suppress(Refused):
        found = parse(page(json.dumps({"version": "https://jsonfeed.org/version/1.1", **value})))
        assert all(item.url.startswith("https://") and item.id for item in found.items)


# --- feeds that a page names ---------------------------------------------------------------------------------------


def with_links(*links: str) -> Page:
    return page(
        f"<html><head>{''.join(links)}</head><body><p>Hello</p></body></html>",
        "text/html",
        "https://echo.example/news/",
    )


def test_the_feeds_of_a_page() -> None:
    found = with_links(
        '<link rel="alternate" type="application/rss+xml" href="/feed" title="Echo">',
        '<link rel="ALTERNATE home" type="Application/Atom+XML; charset=utf-8" href="atom.xml">',
        '<link rel="alternate" type="application/feed+json" href="https://feeds.example/echo.json">',
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">',
        '<link rel="stylesheet" type="application/rss+xml" href="/style">',
    )
    assert discover(found) == [
        "https://echo.example/feed",
        "https://echo.example/news/atom.xml",
        "https://feeds.example/echo.json",
    ]
    with pytest.raises(
        Refused, match=r"This is a web page, not a feed; it names these feeds: https://echo\.example/feed, "
    ):
        parse(found)


def test_a_page_with_one_feed_or_none() -> None:
    with pytest.raises(Refused, match=r"it names this feed: https://echo\.example/f$"):
        parse(with_links('<link rel="alternate" type="application/rss+xml" href="/f">'))
    assert discover(with_links()) == []
    assert discover(page(b"", "text/html")) == []
    assert discover(page("words", "text/plain")) == []
    many = (f'<link rel="alternate" type="application/rss+xml" href="/{number}">' for number in range(99))
    assert len(discover(with_links(*many))) == 20
