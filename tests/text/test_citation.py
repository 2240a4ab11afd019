from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import given

from quotes.text.citation import Citation, bibtex, csl, plain, ris
from tests.text.awkward import any_text, many

CALL = Citation(
    key="hearsay7",
    words="I will answer & talk, 100 % sure.",
    speaker="Donald Trump",
    relays=("Yuri Ushakov (Russian presidential aide)",),
    title="A call {of sorts}",
    outlet="Newspoint",
    byline="Ann Lee and Paul Roe",
    published=date(2025, 5, 21),
    url="https://a.example/call?x=1_2",
    seen=date(2025, 5, 22),
    permalink="https://hearsay.example/quotes/7/",
)


def test_the_plain_line_names_the_relay() -> None:
    assert plain(CALL) == (
        "Donald Trump, as relayed by Yuri Ushakov (Russian presidential aide), in Newspoint, 21 May 2025, "
        "https://a.example/call?x=1_2, seen 22 May 2025, https://hearsay.example/quotes/7/"
    )


def test_what_is_not_known_is_said_or_left_out() -> None:
    bare = replace(CALL, speaker="", relays=(), outlet="", byline="", published=None, url="")
    assert plain(bare).startswith("Speaker not named, in “A call {of sorts}”, not dated, seen 22 May 2025")
    assert "journaltitle" not in bibtex(bare)
    assert "issued" not in csl(bare)[0]
    assert csl(bare)[0]["URL"] == bare.permalink


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = bibtex(CALL)
    assert entry.startswith("@article{hearsay7,\n")
    assert r"title = {A call \{of sorts\}}" in entry
    assert r"answer \& talk, 100 \% sure" in entry
    assert "url = {https://a.example/call?x=1_2}" in entry
    assert "as relayed by Yuri Ushakov" in entry


def test_ris_has_a_line_for_each_tag() -> None:
    lines = ris(CALL).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("TY  - NEWS", "ER  - ", "")
    assert "DA  - 2025/05/21/" in lines
    assert "N1  - Donald Trump, as relayed by Yuri Ushakov (Russian presidential aide)" in lines


def test_csl() -> None:
    (item,) = csl(CALL)
    assert (item["type"], item["container-title"]) == ("article-newspaper", "Newspoint")
    assert item["issued"] == {"date-parts": [[2025, 5, 21]]}
    assert "as relayed by Yuri Ushakov" in item["note"]


@many
@given(any_text, any_text)
def test_any_text_stays_in_its_field(words: str, title: str) -> None:
    odd = replace(CALL, words=words, title=title, relays=(words,))
    lines = ris(odd).split("\r\n")[:-1]
    assert all(line[2:6] == "  - " for line in lines)
    entry = bibtex(odd)
    bare = entry.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert json.loads(json.dumps(csl(odd))) == csl(odd)
    assert "\n" not in plain(odd)
