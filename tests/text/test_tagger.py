from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quotes.text import tagger
from quotes.text.decoding import CONTENT, CUE, SOURCE
from quotes.text.pieces import LABELS, WINDOW, pieces
from quotes.text.tagger import FILES, SHIPPED, SUMS, State, Tagger, Unusable
from tests.text.awkward import PROSE

ABOUT: dict[str, Any] = json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))

SAID = "“The dam will hold,” Ann Lee said on Monday. The mayor said the road would close, but nobody believed her."


@pytest.fixture(autouse=True)
def _chosen() -> Iterator[None]:
    """Each test chooses its model; the next one has the shipped one again."""
    tagger.use(SHIPPED)
    yield
    tagger.use(SHIPPED)


@pytest.fixture(scope="module")
def model() -> Tagger:
    return Tagger(SHIPPED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole model that may be spoiled. Its files are links: to spoil one, put another in its place."""
    for name in (*FILES, SUMS):
        (tmp_path / name).symlink_to(SHIPPED / name)
    return tmp_path


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders of the models loaded in a test, in order."""
    found: list[Path] = []
    load = Tagger.__init__

    def counted(self: Tagger, folder: Path, threads: int = 1) -> None:
        found.append(folder)
        load(self, folder, threads)

    monkeypatch.setattr(Tagger, "__init__", counted)
    return found


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / name).unlink()
    (folder / name).write_bytes(content)


def put_signed(folder: Path, name: str, content: bytes) -> None:
    """The same, with a checksum that agrees: a file badly made, and not one badly copied."""
    put(folder, name, content)
    sums = (f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in FILES)
    put(folder, SUMS, "".join(sums).encode())


def without(*keys: str) -> bytes:
    """model.json without a key."""
    about = json.loads(json.dumps(ABOUT))
    inner = about
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    return json.dumps(about).encode()


# the shipped model


def test_it_works(model: Tagger) -> None:
    text = "Ann Lee said the dam would hold."
    cut = pieces(text, model.tokenizer)
    (found,) = model.relations(cut)
    assert found.cue is not None
    assert found.source is not None
    assert found.source.span(cut).of(text) == "Ann Lee"
    assert found.cue.span(cut).of(text) == "said"
    assert [part.span(cut).of(text) for part in found.contents] == ["the dam would hold"]
    assert model.name == ABOUT["name"]


def test_the_shipped_model_is_whole() -> None:
    tagger.check(SHIPPED)
    assert tagger.state() == State(ABOUT["name"])
    listed = [line.split()[1] for line in (SHIPPED / SUMS).read_text().splitlines()]
    assert set(FILES) <= set(listed)


def test_nothing_to_read(model: Tagger) -> None:
    assert model.relations(pieces(" \n", model.tokenizer)) == []


def test_what_the_network_gives(model: Tagger) -> None:
    cut = pieces(SAID, model.tokenizer)
    n = len(cut.ids)
    scores, vectors = model.run(cut, 0, n)
    assert scores.shape == (n, len(LABELS))
    assert vectors.shape[:2] == (n + 1, 4)
    assert np.isfinite(scores).all()
    assert np.isfinite(vectors).all()
    scores, vectors = model.run(cut, 3, 8)
    assert (len(scores), len(vectors)) == (5, 6)


def test_the_same_text_gives_the_same_numbers(model: Tagger) -> None:
    cut = pieces(SAID, model.tokenizer)
    first, second = (model.run(cut, 0, len(cut.ids)) for _ in range(2))
    assert all((one == other).all() for one, other in zip(first, second, strict=True))
    assert model.relations(cut) == model.relations(cut)


def test_positions_are_counted_over_the_whole_text(model: Tagger) -> None:
    """What a window holds does not depend on the windows around it."""
    alone = pieces(SAID, model.tokenizer)
    filler = "word " * WINDOW
    cut = pieces(f"{filler}\n\n{SAID}\n\n{filler}", model.tokenizer)
    middle = WINDOW, WINDOW + len(alone.ids)
    assert cut.windows() == [(0, WINDOW), middle, (middle[1], middle[1] + WINDOW)]
    expected = model.relations(alone)
    assert len(expected) == 2
    found = [relation for relation in model.relations(cut) if middle[0] <= relation.contents[0].first < middle[1]]
    assert found == [relation.shifted(WINDOW) for relation in expected]


def test_relations_stay_within_their_window(model: Tagger) -> None:
    cut = pieces(PROSE * 60, model.tokenizer)
    windows = cut.windows()
    found = model.relations(cut)
    assert len(found) >= 60
    for relation in found:
        parts = [part for part in (relation.cue, relation.source, *relation.contents) if part]
        assert any(all(start <= part.first < part.last <= end for part in parts) for start, end in windows)
        assert {part.role for part in parts} <= {CUE, SOURCE, CONTENT}


def test_two_threads_at_once() -> None:
    """One model, chosen anew, asked by two threads: loaded once, and no answer mixed up with another."""
    texts = [SAID, "The Times reports: “Nobody was hurt.”", PROSE * 3, "According to Berg, the bill is dead."]
    one = tagger.tagger()
    assert one is not None
    expected = [one.relations(pieces(text, one.tokenizer)) for text in texts]
    tagger.use(SHIPPED)
    together = threading.Barrier(2)

    def read(order: int) -> tuple[Tagger, list[Any]]:
        together.wait(timeout=10)
        model = tagger.tagger()
        assert model is not None
        found = {text: model.relations(pieces(text, model.tokenizer)) for _ in range(3) for text in texts[::order]}
        return model, [found[text] for text in texts]

    with ThreadPoolExecutor(2) as threads:
        (first, here), (second, there) = threads.map(read, (1, -1))
    assert first is second
    assert here == there == expected


# chosen, and loaded once


def test_loaded_only_once(loads: list[Path]) -> None:
    first = tagger.tagger()
    assert first is not None
    assert all(tagger.tagger() is first for _ in range(5))
    assert loads == [SHIPPED]


def test_loaded_once_by_many_threads(loads: list[Path]) -> None:
    together = threading.Barrier(4)

    def ask(_: int) -> Tagger | None:
        together.wait(timeout=10)
        return tagger.tagger()

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(ask, range(4)))
    assert len(found) == 1
    assert found != {None}
    assert loads == [SHIPPED]


def test_the_state_is_told_without_loading(loads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[Path] = []
    check = tagger.check

    def counted(folder: Path) -> None:
        checks.append(folder)
        check(folder)

    monkeypatch.setattr(tagger, "check", counted)
    assert [tagger.state() for _ in range(3)] == [State(ABOUT["name"])] * 3
    assert loads == []
    assert checks == [SHIPPED]


def test_the_state_is_the_same_when_loaded(loads: list[Path]) -> None:
    before = tagger.state()
    assert tagger.tagger() is not None
    assert tagger.state() == before
    tagger.use(SHIPPED)
    assert tagger.tagger() is not None
    assert tagger.state() == before
    assert len(loads) == 2  # chosen anew, loaded anew


def test_choosing_loads_nothing(loads: list[Path]) -> None:
    tagger.use(SHIPPED)
    tagger.use(None)
    tagger.use(SHIPPED / "nowhere")
    assert loads == []


def test_no_model_is_chosen(loads: list[Path]) -> None:
    tagger.use(None)
    assert tagger.tagger() is None
    state = tagger.state()
    assert state.model == ""
    assert "HEARSAY_MODEL" in state.problem
    assert "none" in state.problem
    assert loads == []


def test_another_folder(folder: Path) -> None:
    put_signed(folder, "model.json", json.dumps(ABOUT | {"name": "another"}).encode())
    tagger.use(folder)
    assert tagger.state() == State("another")
    model = tagger.tagger()
    assert model is not None
    assert (model.name, model.weights, model.least) == (
        "another",
        ABOUT["confidence"]["weights"],
        ABOUT["confidence"]["least"],
    )
    assert tagger.state() == State("another")


# spoiled models


def refused(folder: Path) -> str:
    """The message of a model that cannot be used, which is the same wherever it is asked for."""
    with pytest.raises(Unusable) as raised:
        Tagger(folder)
    message = str(raised.value)
    tagger.use(folder)
    assert tagger.tagger() is None
    assert tagger.state() == State("", message)
    tagger.use(folder)
    state = tagger.state()  # asked before anything is read
    assert tagger.tagger() is None
    assert tagger.state() == State("", message)
    assert state in (State("", message), State(ABOUT["name"]))  # what is wrong inside may come out on loading
    return message


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spoil", [lambda was: was[:-1], lambda was: was + b"\n", lambda was: b""], ids=range(3))
def test_a_damaged_file(folder: Path, name: str, spoil: Callable[[bytes], bytes]) -> None:
    put(folder, name, spoil((SHIPPED / name).read_bytes()))
    with pytest.raises(Unusable, match="damaged") as raised:
        tagger.check(folder)
    assert str(folder / name) in str(raised.value)
    assert SUMS in str(raised.value)
    tagger.use(folder)
    assert tagger.state() == State("", str(raised.value))
    assert tagger.tagger() is None
    assert refused(folder) == str(raised.value)


@pytest.mark.parametrize("name", FILES)
def test_a_checksum_that_is_another(folder: Path, name: str) -> None:
    lines = (SHIPPED / SUMS).read_text().splitlines()
    put(folder, SUMS, "\n".join(f"{'0' * 64}  {name}" if line.endswith(name) else line for line in lines).encode())
    message = refused(folder)
    assert name in message
    assert "damaged" in message
    assert "checksum" in message


@pytest.mark.parametrize("name", FILES)
def test_a_checksum_that_is_missing(folder: Path, name: str) -> None:
    lines = (SHIPPED / SUMS).read_text().splitlines()
    put(folder, SUMS, "\n".join(line for line in lines if not line.endswith(name)).encode())
    assert name in refused(folder)


@pytest.mark.parametrize("name", [*FILES, SUMS])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    message = refused(folder)
    assert "no whole model" in message
    assert str(folder / name) in message


@pytest.mark.parametrize("sums", [b"", b"\n\n", b"nonsense", b"\xff\xfe", b"a b c"])
def test_checksums_that_cannot_be_read(folder: Path, sums: bytes) -> None:
    put(folder, SUMS, sums)
    assert str(folder) in refused(folder)


def test_no_such_folder(tmp_path: Path) -> None:
    message = refused(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in message
    assert all(name in message for name in FILES)


def test_a_file_for_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "model"
    file.write_text("")
    assert str(file) in refused(file)


@pytest.mark.parametrize(
    "keys",
    [("name",), ("decoding",), ("confidence",), ("confidence", "weights"), ("confidence", "least")],
    ids=".".join,
)
def test_a_missing_key(folder: Path, keys: tuple[str, ...]) -> None:
    put_signed(folder, "model.json", without(*keys))
    message = refused(folder)
    assert str(folder) in message
    assert keys[-1] in message


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"[]",
        b'"minilm"',
        b"{}",
        json.dumps(ABOUT | {"decoding": {"unheard of": 1}}).encode(),
        json.dumps(ABOUT | {"confidence": {"least": "much", "weights": {}}}).encode(),
        json.dumps(ABOUT | {"confidence": {"least": 0.4, "weights": []}}).encode(),
        json.dumps(ABOUT | {"confidence": {"least": 0.4, "weights": {"one": "much"}}}).encode(),
    ],
)
def test_a_model_that_is_described_badly(folder: Path, about: bytes) -> None:
    put_signed(folder, "model.json", about)
    message = refused(folder)
    assert "model.json" in message
    tagger.use(folder)
    assert tagger.state() == State("", message)  # which is known without loading


def test_a_constant_of_another_kind(folder: Path) -> None:
    put_signed(folder, "model.json", json.dumps(ABOUT | {"decoding": ABOUT["decoding"] | {"outside": "much"}}).encode())
    refused(folder)


@pytest.mark.parametrize("name", ["tagger.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * 100])
def test_a_file_that_is_no_model(folder: Path, name: str, content: bytes) -> None:
    put_signed(folder, name, content)
    message = refused(folder)
    assert str(folder) in message
    assert "cannot be loaded" in message


def test_a_model_that_cannot_be_used_is_not_tried_again(folder: Path, loads: list[Path]) -> None:
    put_signed(folder, "tagger.onnx", b"")
    tagger.use(folder)
    assert [tagger.tagger() for _ in range(3)] == [None] * 3
    assert loads == [folder]
    tagger.use(SHIPPED)
    assert tagger.tagger() is not None


def test_the_shipped_model_is_whole_and_small() -> None:
    """Weights of 30 MB at most, and nothing left over from making them."""
    files = {path.name: path.stat().st_size for path in tagger.SHIPPED.iterdir()}
    assert set(files) == {*tagger.FILES, tagger.SUMS, "README.md", "figures.json"}
    assert sum(files.values()) < 30_000_000
