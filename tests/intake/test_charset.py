from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.charset import decoded

WORDS = "“Café” – Zürich"


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "", ""),
        ("utf-8", "utf-8", "utf-8"),
        ("utf-8", "iso-8859-1", ""),  # headers that lie
        ("utf-8", "windows-1252", "latin-1"),
        ("utf-8", "", "iso-8859-1"),
        ("utf-8", "no-such-charset", "zlib"),
        ("utf-8", "utf-16", ""),
        ("utf-8-sig", "iso-8859-1", ""),
        ("cp1252", "", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "us-ascii", ""),
        ("cp1252", "utf-8", ""),
        ("cp1252", "", "utf-8"),
        ("cp1252", "", "windows-1252"),
        ("utf-16", "", ""),
        ("utf-16", "utf-8", "utf-8"),
        ("utf-16-le", "utf-16le", ""),
        ("mac-roman", "macintosh", ""),
    ],
)
def test_it_works(encoding: str, header: str, meta: str) -> None:
    page = f'<meta charset="{meta}"><p>{WORDS}</p>'
    assert decoded(page.encode(encoding), header) == page


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("koi8-r", "Привет"),
        ("windows-1251", "Привет"),
        ("shift_jis", "こんにちは"),
        ("iso-2022-jp", "こんにちは"),
        ("euc-kr", "안녕하세요"),
        ("gb18030", "你好"),
        ("big5", "你好"),
        ("iso-8859-15", "€uro"),
    ],
)
@pytest.mark.parametrize("said_by", ["header", "page", "xml"])
def test_other_scripts(encoding: str, words: str, said_by: str) -> None:
    said = {"header": "", "page": f'<meta charset="{encoding}">', "xml": f'<?xml version="1.0" encoding="{encoding}"?>'}
    page = said[said_by] + words
    assert decoded(page.encode(encoding), encoding if said_by == "header" else "") == page


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(
    st.binary(max_size=100),
    st.sampled_from(
        ["", "utf-8", "utf-7", "zlib", "hex", "idna", "punycode", "unicode_escape", "undefined", "rot13", "é\x00"]
    )
    | st.text(max_size=20),
)
def test_any_bytes(body: bytes, declared: str) -> None:
    assert isinstance(decoded(body, declared), str)
    assert isinstance(decoded(b'<meta charset="' + declared.encode("utf-8", "replace") + b'">' + body), str)
