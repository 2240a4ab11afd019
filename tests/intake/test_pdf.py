"""PDFs, whole and hostile, read in a process of their own."""

from __future__ import annotations

import contextlib
import io
import time
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from quotes.intake.answer import Page
from quotes.intake.draft import Draft, Refused
from quotes.intake.page import draft
from quotes.intake.pdf import Bounds, pdf_draft, reflowed

SENTENCES = [
    "The mayor said on Monday that the city would pay for the road.",
    "We will pay, she told the council, and we will pay in full.",
    "Nobody believed her when she said it.",
]


def pdf(*streams: bytes, extra: bytes = b"", packed: bool = False) -> bytes:
    """A PDF by hand: one page a stream of drawing operators."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(streams),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Road to be paid) /Author (Ann Lee) /CreationDate (D:20250521100000+02'00') >>",
    ]
    for number, stream in enumerate(streams):
        data = zlib.compress(stream) if packed else stream
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>"
            % (6 + 2 * number)
        )
        kind = b"/Filter /FlateDecode " if packed else b""
        objects.append(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (kind, len(data), data))
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        extra,
        start,
    )
    return bytes(made)


def drawn(*lines: str) -> bytes:
    shown = b"".join(
        b"(%s) Tj T* " % line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines
    )
    return b"BT /F 12 Tf 14 TL 72 720 Td " + shown + b"ET"


def locked(password: str, owner: str = "secret") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(drawn(*SENTENCES)))))
    writer.encrypt(password, owner, algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def refusal(data: bytes, **bounds: float) -> str:
    with pytest.raises(Refused) as raised:
        pdf_draft(data, bounds=Bounds(**bounds))  # type: ignore[arg-type]
    return str(raised.value)


@pytest.mark.parametrize("packed", [False, True])
def test_it_works(packed: bool) -> None:
    page = Page("https://e.com/a.pdf", 200, "application/octet-stream", "", pdf(drawn(*SENTENCES), packed=packed))
    found = draft(page, outlet="The Echo")
    assert all(sentence in found.text for sentence in SENTENCES)
    assert (found.title, found.byline, found.outlet) == ("Road to be paid", "Ann Lee", "The Echo")
    assert found.published == datetime(2025, 5, 21, 8, tzinfo=UTC)
    assert found.canonical_url == "https://e.com/a.pdf"


def test_pages_follow_each_other() -> None:
    text = pdf_draft(pdf(drawn(SENTENCES[0]), drawn(SENTENCES[1]))).text
    assert text.index(SENTENCES[0]) < text.index(SENTENCES[1])


def test_locked() -> None:
    assert SENTENCES[0] in pdf_draft(locked("")).text  # anybody may read it
    assert refusal(locked("sesame")) == "This PDF is locked with a password. Paste its text instead."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged"),
        (b"%PDF-1.7", "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 100, "damaged"),
        (pdf(drawn(*SENTENCES))[:300], "damaged"),
        (pdf(b""), "a picture of one"),
        (pdf(b"BT /F 12 Tf (Hi) Tj ET"), "no sentences"),
        (pdf(drawn(*SENTENCES)).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), ""),  # pages that contain themselves
        (pdf(drawn(*SENTENCES)).replace(b"/Pages 2 0 R", b"/Pages 1 0 R"), ""),
        (pdf(drawn(*SENTENCES)).replace(b"/Contents 6", b"/Contents 5"), ""),
        (pdf(drawn(*SENTENCES)).replace(b"startxref\n", b"startxref\n99999"), None),  # can be mended
        (pdf(drawn(*SENTENCES)).replace(b"/Length", b"/Length -9 /Old"), ""),
        (b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000, "damaged"),
        (b"%PDF-1.7\n1 0 obj\n" + b"<<" * 100_000 + b"\ntrailer << /Root 1 0 R >>", "damaged"),
        (pdf(b"[" * 200_000), ""),
        (pdf(b"q " * 300_000), ""),
        (pdf(bytes(300_000_000), packed=True), ""),
        (pdf(drawn(*SENTENCES), extra=b"/Prev 0 "), None),
    ],
    ids=range(17),
)
def test_what_cannot_be_read(data: bytes, message: str | None) -> None:
    start = time.monotonic()
    try:
        found = pdf_draft(data, bounds=Bounds(seconds=10)).text
    except Refused as refused:
        found = str(refused)
    assert (message or "") in found
    assert time.monotonic() - start < 12


def test_a_reader_that_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    assert "took longer than 0.05 seconds" in refusal(pdf(drawn(*SENTENCES)), seconds=0.05)
    assert time.monotonic() - start < 2


def test_bounds() -> None:
    many = pdf(*[drawn(*SENTENCES)] * 5)
    assert "5 pages; the most Hearsay reads is 3" in refusal(many, pages=3)
    assert "larger than 0 MB" in refusal(many, size=100)
    with pytest.raises(Refused, match="characters; the most Hearsay takes is 100"):
        pdf_draft(many, limit=100)


def test_the_reader_is_not_told_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(command: list[str], **more: object) -> None:
        seen.update(more, command=command)
        raise OSError

    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(Refused):
        pdf_draft(b"%PDF-1.7")
    assert seen["env"] == {}
    assert "-I" in str(seen["command"])


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "The mayor said on Monday that the city would pay for the\nroad, and that the coun-\ncil had agreed to it.\n"
            "A new paragraph begins here and goes on for a good while.",
            "The mayor said on Monday that the city would pay for the road, and that the council had agreed to it.\n\n"
            "A new paragraph begins here and goes on for a good while.",
        ),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("a vote on the North-\nSouth line in the city", "a vote on the North-South line in the city"),
        ("", ""),
        ("\n \n", ""),
    ],
)
def test_lines_are_joined_to_paragraphs(page: str, text: str) -> None:
    assert reflowed(page) == text


@settings(max_examples=10, deadline=None, database=None, derandomize=True)
@given(st.integers(9, 800), st.binary(min_size=1, max_size=30))
def test_any_damage(place: int, damage: bytes) -> None:
    whole = pdf(drawn(*SENTENCES))
    with contextlib.suppress(Refused):
        assert isinstance(pdf_draft(whole[:place] + damage + whole[place + len(damage) :]), Draft)


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_lines(page: str) -> None:
    assert isinstance(reflowed(page), str)
