from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.draft import Draft, parse_published
from quotes.intake.file import Problem, decode, drafts

TEXT = "The mayor said on Monday that the city would pay for the road. Nobody believed her when she said it."
LONG = f"<p>{TEXT} The council met again on Tuesday &amp; voted for the plan by nine votes to two.</p>"

PAGE = f"""<!doctype html><html lang="en"><head><title>Road to be paid</title>
<meta property="og:site_name" content="The Echo"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2025-05-21T10:00:00Z">
<link rel="canonical" href="https://Echo.example.com/a?utm_source=x">
<script>alert("head said so")</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>Road to be paid</h1>{LONG}
<script>document.write("The evil script said that it would run here for ever and ever.")</script>
<p onclick="run()">“We will pay,” she said &lt;b&gt;loudly&lt;/b&gt;. The bill &#8220;stands&#8221;, and the men went home.</p>
</article><footer>Copyright</footer></body></html>"""


def row(**fields: Any) -> bytes:
    return json.dumps({"text": TEXT, **fields}).encode()


def read(name: str, data: bytes, **details: Any) -> Draft | Problem:
    (found,) = drafts(name, data.splitlines(keepends=True) if name.endswith("l") else [data], **details)
    return found


def text_of(found: Draft | Problem) -> str:
    assert isinstance(found, Draft), found
    return found.text


def test_it_works() -> None:
    found = read("a.jsonl", row(url="https://e.com/a", title="T", outlet="Echo", byline="Ann", published="2025-05-21"))
    assert isinstance(found, Draft)
    assert (found.text, found.title, found.outlet, found.byline) == (TEXT, "T", "Echo", "Ann")
    assert (found.canonical_url, found.published) == ("https://e.com/a", parse_published("2025-05-21"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert text_of(read("A.TXT", f"“Café”: {TEXT}".encode(encoding))) == f"“Café”: {TEXT}"


def test_utf_16_the_other_way_round() -> None:
    assert decode(b"\xfe\xff" + "é".encode("utf-16-be")) == "é"


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.html"])
@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" \n\t ", b"\xef\xbb\xbf", b"\xff\xfe", bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        *(
            b"a" * 5_000_000,
            b"\x00",
            b"\xff\xfe" + b"\x00\xd8" * 50,
            TEXT.encode("utf-16") + b"a",
            b"%PDF-1.7 \xe2\xe3",
        ),
    ],
    ids=lambda data: f"{data[:8]!r} {len(data)}",
)
def test_what_is_no_article_is_a_problem(name: str, data: bytes) -> None:
    found = list(drafts(name, [data]))
    assert found
    assert all(isinstance(problem, Problem) and len(str(problem)) < 300 for problem in found)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt: The file is empty."),
        ("a.txt", bytes(range(256)), "a.txt: This is not a text file."),
        ("a.txt", ("Café. " + TEXT).encode("latin-1"), "a.txt: The file is not in UTF-8 (byte 4 cannot be read)"),
        ("a.txt", b"a" * 5_000_000, "a.txt: The text has 5,000,000 characters"),
        ("a.pdf", b"x", "a.pdf: Files named .pdf cannot be read"),
        ("readme", b"x", "readme: Files named like this cannot be read"),
        ("a.jsonl", b"", "line 1: The file is empty."),
        ("a.html", b"<nav><a href='/'>Home</a></nav>", "a.html: "),
    ],
)
def test_problem_says_where_and_why(name: str, data: bytes, message: str) -> None:
    assert str(next(drafts(name, [data]))).startswith(message)


def test_a_bad_line_among_ten_thousand() -> None:
    start = time.process_time()
    lines = [row(url=f"https://e.com/{number}") + b"\n" for number in range(1, 10_001)]
    lines[4321] = b'{"text": \n'
    found = list(drafts("a.jsonl", iter(lines)))
    assert sum(isinstance(each, Draft) for each in found) == 9_999
    assert [str(each) for each in found if isinstance(each, Problem)] == [
        "line 4,322: This is not JSON (Expecting value at character 11)."
    ]
    assert time.process_time() - start < 10


def test_blank_lines_are_counted_and_skipped() -> None:
    found = list(drafts("a.jsonl", [b"\n", row(), b"  \r\n", b"3"]))
    assert isinstance(found[0], Draft)
    assert str(found[1]).startswith("line 4: ")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"[1, 2]", "must be a JSON object"),
        (b'"a"', "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b"NaN", "must be a JSON object"),
        (b"{}", "“text” is missing"),
        (b'{"text": 3}', "“text” is missing"),
        (b'{"text": NaN}', "“text” is missing"),
        (b'{"text": "  "}', "There is no text"),
        (b"{'text': 'a'}", "not JSON"),
        (row() + b" x", "not JSON"),
        (row(title=3), "“title” must be text"),
        (row(title=[]), "“title” must be text"),
        (row(title=float("nan")), "“title” must be text"),
        (row(url=["https://e.com"]), "“url” must be text"),
        (row(outlet={}), "“outlet” must be text"),
        (row(byline=True), "“byline” must be text"),
        (row(language=3), "“language” must be text"),
        (row(url="ftp://e.com"), "not a web address"),
        (row(url="javascript:alert(1)"), "not a web address"),
        (row(published="yesterday"), "cannot be read"),
        (row(published="2025-02-30"), "cannot be read"),
        (row(published=float("nan")), "cannot be read"),
        (row(published=["2025-05-21"]), "cannot be read"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"text":' * 100_000, "nested too deeply"),
        (b'{"text": "Caf\xe9"}', "not in UTF-8"),
        *(
            pytest.param(line, message)
            for line, message, reason in [
                (row(n=0)[:-2] + b"9" * 5000 + b"}", "JSON", "ValueError goes through and ends the whole import"),
                (row(url="https://e.com/\ud800"), "address", "UnicodeEncodeError goes through and ends the import"),
                (row(published=False), "cannot be read", "a wrong type that is falsy is passed over"),
                (row(published=0), "cannot be read", "a wrong type that is falsy is passed over"),
            ]
        ),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bad_lines(line: bytes, message: str) -> None:
    bad, good = drafts("a.jsonl", [line, row()])
    assert isinstance(bad, Problem)
    assert message in bad.message
    assert isinstance(good, Draft)


@pytest.mark.parametrize("name", ["title", "outlet", "byline", "language"])
@pytest.mark.parametrize(
    "odd",
    list("\x00\ud800"),
    ids=["NUL", "surrogate"],
)
def test_fields_that_cannot_be_stored(name: str, odd: str) -> None:
    found = read("a.jsonl", row(**{name: f"a{odd}b"}))
    assert isinstance(found, Problem) or odd not in getattr(found, name)


def test_unknown_fields_and_nan_among_them_do_no_harm() -> None:
    assert text_of(read("a.jsonl", row(x=float("nan"), y=[1], z=None, url=None, title=""))) == TEXT


def test_text_without_furniture_is_kept_so_that_offsets_stay_true() -> None:
    text = f"  {TEXT}\n\n\n\n“No.”\t\n"
    assert text_of(read("a.jsonl", row(text=text))) == text


@pytest.mark.parametrize(
    "left_out",
    [
        {},
        {"outlet": ""},
    ],
)
def test_details_fill_in_what_the_file_leaves_out(left_out: dict[str, str]) -> None:
    found = read("a.jsonl", row(byline="Ann", **left_out), outlet="Echo", byline="Tom", url=None)
    assert isinstance(found, Draft)
    assert (found.outlet, found.byline) == ("Echo", "Ann")


def test_long_fields_are_cut() -> None:
    found = read("a.jsonl", row(title="t" * 5000, outlet="o" * 5000, byline="b" * 5000, language="l" * 5000))
    assert isinstance(found, Draft)
    assert [len(value) for value in (found.title, found.outlet, found.byline, found.language)] == [500, 200, 300, 35]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_web_page(encoding: str) -> None:
    found = read("a.html", PAGE.encode(encoding))
    assert isinstance(found, Draft)
    assert (found.title, found.outlet, found.byline) == ("Road to be paid", "The Echo", "Ann Lee")
    assert found.canonical_url == "https://echo.example.com/a"
    assert found.published == parse_published("2025-05-21T10:00:00Z")
    assert "“We will pay,” she said <b>loudly</b>. The bill “stands”" in found.text  # entities are text, not markup
    assert "voted for the plan" in found.text
    assert "Tuesday & voted" in found.text
    assert not any(word in found.text for word in ("evil", "alert", "onclick", "Copyright", "&amp;", "script"))


def test_details_win_over_the_page() -> None:
    found = read("a.htm", PAGE.encode(), title="T", outlet="O", byline="B", url="https://x.org/")
    assert isinstance(found, Draft)
    assert (found.title, found.outlet, found.byline, found.canonical_url) == ("T", "O", "B", "https://x.org/")


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "<html><body><nav><a href='/'>Home</a></nav></body></html>",
        "<script>The mayor said on Monday that the city would pay for the road and the bridge.</script>",
        "<!-- " + TEXT + " -->",
        "<" * 100_000,
        "<div>" * 20_000,
    ],
    ids=lambda page: page[:24],
)
def test_page_without_article(page: str) -> None:
    assert isinstance(read("a.html", page.encode()), Problem)


@pytest.mark.parametrize("link", ["https://localhost/a", "https://e.com/" + "a" * 3000])
def test_a_bad_canonical_link_does_not_cost_the_article(link: str) -> None:
    found = read("a.html", PAGE.replace("https://Echo.example.com/a", link).encode())
    assert isinstance(found, Draft)
    assert found.canonical_url == ""


@pytest.mark.parametrize("published", ["soon", "2025-99-99", ""])
def test_a_bad_date_in_a_page_does_not_cost_the_article(published: str) -> None:
    assert isinstance(read("a.html", PAGE.replace("2025-05-21T10:00:00Z", published).encode()), Draft)


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.jsonl", "a.html"]))
def test_any_bytes(data: bytes, name: str) -> None:
    assert all(isinstance(found, Draft | Problem) for found in drafts(name, [data]))


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["text", "url", "title", "outlet", "byline", "published", "date", "language"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_any_json(value: object) -> None:
    assert all(isinstance(found, Draft | Problem) for found in drafts("a.jsonl", [json.dumps(value).encode()]))
