from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.draft import Refused
from quotes.intake.link import LONGEST, canonical, country_of

many = settings(max_examples=300, deadline=None, database=None, derandomize=True)

addresses = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["http://", "HTTPS://", "", "ftp://", "javascript:", "//", "https:"]),
    st.sampled_from(
        ["e.com", "E.Com", "e.com.", "u:p@e.com", "e.com:80", "e.com:8080", "zürich.ch", "localhost", "[::1]"]
    ),
    st.sampled_from(["", "/", "/A/b", "/ä", "/%7e%2F", "/a b", "/a;b", "//a", "/[a]", "/%zz", "/\x00"])
    | st.text(max_size=20),
    st.sampled_from(
        ["", "?", "?a", "?a=", "?a=1&a=2", "?utm_source=x&id=3", "?q=ü+%2B", "?a=1;b=2", "?&&", "?a=%ff", "?=1"]
    ),
    st.sampled_from(["", "#", "#b?c"]),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("", ""),
        ("  \n", ""),
        ("  https://example.com/a\n", "https://example.com/a"),
        ("example.com/a", "https://example.com/a"),
        ("https://example.com", "https://example.com/"),
        ("HTTP://EXAMPLE.Com/Path", "http://example.com/Path"),  # paths are case-sensitive
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:/a", "http://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=3&fbclid=9", "https://example.com/a?id=3"),
        ("https://example.com/a?UTM_Medium=x&GCLID=1", "https://example.com/a"),
        ("https://example.com/a?b=2&a=1&b=", "https://example.com/a?b=2&a=1&b="),  # order and repeats may matter
        ("https://example.com/%7euser/%2F", "https://example.com/%7euser/%2F"),
        ("https://example.com/ä?q=ü", "https://example.com/%C3%A4?q=%C3%BC"),
        ("https://zürich.ch/a", "https://xn--zrich-kva.ch/a"),
        ("https://xn--zrich-kva.ch/a", "https://xn--zrich-kva.ch/a"),
        ('https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"),
        ("https://example.com/a?b=https://c.com/d", "https://example.com/a?b=https://c.com/d"),
        *(
            pytest.param(url, expected)
            for url, expected, reason in [
                ("https://example.com:80/a", "https://example.com:80/a", "80 is no default port of https"),
                ("http://example.com:443/a", "http://example.com:443/a", "443 is no default port of http"),
                ("https://example.com/?q=%ff", "https://example.com/?q=%ff", "bytes that are no UTF-8 are replaced"),
                (
                    "https://example.com/?id",
                    "https://example.com/?id",
                    "a parameter without a value gets an equals sign",
                ),
            ]
        ),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


def test_international_host_has_one_form() -> None:
    assert canonical("https://zürich.ch/a") == canonical("https://xn--zrich-kva.ch/a")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "java\tscript:alert(1)",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "data:text/html,a.b",
        "https://example.com/a b",
        "https://example.com/a\tb",
        "https://example.com/\na",
        "a sentence with a stop.",
        "http://localhost/a",
        "http://[::1]/",
        "http://[::1",
        "http://example.com:99999/",
        "http://example.com:port/",
        "https:///a.b",
        "https://../a",
        "://example.com",
        "//example.com/a",
        "https://e℀.com/",  # a slash in disguise
        "no-dot",
        *(
            url
            for url, reason, raises in [
                ("https://example.com/\ud800", "UnicodeEncodeError goes through", UnicodeEncodeError),
                ("https://example.com/?a=\ud800", "UnicodeEncodeError goes through", UnicodeEncodeError),
                ("mailto:ann@example.com", "filed as https://example.com/", pytest.fail.Exception),
                ("https://e%20x.com/", "a host with an escape", pytest.fail.Exception),
                ("https://example.com\\@evil.com/", "a browser goes to the first host", pytest.fail.Exception),
            ]
        ),
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(Refused, match="is not a web address"):
        canonical(url)


def test_too_long() -> None:
    with pytest.raises(Refused, match="3,020 characters; the most Hearsay takes is 2,000"):
        canonical("https://example.com/" + "a" * 3000)


def test_refusal_does_not_repeat_a_long_address() -> None:
    with pytest.raises(Refused) as refusal:
        canonical("javascript:" + "a" * 100_000)
    assert len(str(refusal.value)) < 300


@many
@given(addresses)
def test_twice_is_once(url: str) -> None:
    try:
        once = canonical(url)
    except Refused:
        return
    assert canonical(once) == once
    assert once == "" or once.startswith(("http://", "https://"))
    assert once == once.strip()
    assert "#" not in once


@many
@given(st.text(max_size=100))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = canonical(text)
    except Refused:
        return
    assert found.startswith(("http://", "https://")) or not text.strip()
    assert len(found) <= LONGEST


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.example.co.uk/a", "GB"),
        ("https://example.in/a", "IN"),
        ("https://example.com/a", ""),
        ("https://example.tv/a", ""),
        ("https://example.zz/a", ""),
        ("", ""),
    ],
)
def test_country_of(url: str, country: str) -> None:
    assert country_of(url) == country
