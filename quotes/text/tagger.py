"""The trained reader: a small transformer that finds source, cue and content, run by onnxruntime.

The model is a folder: `tagger.onnx`, `tokenizer.json`, `model.json` (its name, the decoder's constants, and
the weights that make its confidence) and
`SHA256SUMS`, by which the three are checked when it is loaded. docs/method.md and the model's own card say
how well it reads. Without a model that can be used, the rules answer alone, and `state` says why.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from quotes.text.decoding import Relation, Settings, relations, with_tail_as_source
from quotes.text.pieces import Pieces, tokenizer_from

SHIPPED = Path(__file__).parent / "model"
FILES = ("tagger.onnx", "tokenizer.json", "model.json")
SUMS = "SHA256SUMS"
START, END = 101, 102
"""The vocabulary's numbers of the marks that open and close a window."""


class Unusable(Exception):
    """A model folder that cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """Which reader answers. `model` is its name, empty when the rules answer alone; `problem` then says why."""

    model: str
    problem: str = ""


class Tagger:
    """A loaded model. Safe to use from several threads. Raises Unusable when the folder is not whole."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        check(folder)
        try:
            self.name, self.settings, self.weights, self.least = about(folder)
            self._tokenizer = tokenizer_from(folder / "tokenizer.json")
            self._session = onnxruntime.InferenceSession(
                str(folder / "tagger.onnx"), _options(threads), providers=["CPUExecutionProvider"]
            )
        except Unusable:
            raise
        except Exception as error:  # each library has its own kinds
            raise Unusable(f"The model in {folder} cannot be loaded: {error}") from error

    @property
    def tokenizer(self) -> Tokenizer:
        return self._tokenizer

    def relations(self, cut: Pieces) -> list[Relation]:
        """What the network finds in a text, positions counted over the whole text. Linear in its length."""
        found: list[Relation] = []
        for start, end in cut.windows():
            scores, vectors = self.run(cut, start, end)
            part = relations(scores, vectors, cut.features[start:end], self.settings)
            found += [relation.shifted(start) for relation in part]
        return [with_tail_as_source(relation, cut) for relation in found]

    def run(self, cut: Pieces, start: int, end: int) -> tuple[Any, Any]:
        """Label scores (n, 7) and link vectors (n + 1, 4, LINK) of the pieces from `start` to `end`."""
        ids = np.array([[START, *cut.ids[start:end], END]], np.int64)
        features = np.zeros((1, *(end - start + 2, cut.features.shape[1])), np.int64)
        features[0, 1:-1] = cut.features[start:end]
        scores, vectors = self._session.run(["labels", "links"], {"ids": ids, "features": features})
        return scores[0, 1:-1], vectors[0, :-1]


def about(folder: Path) -> tuple[str, Settings, dict[str, float], float]:
    """Name, decoder's constants, weights of the confidence, and the least of it. Raises Unusable."""
    try:
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = {str(name): float(weight) for name, weight in told["confidence"]["weights"].items()}
        settings = Settings(**{name: float(value) for name, value in told["decoding"].items()})
        return str(told["name"]), settings, weights, float(told["confidence"]["least"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unusable(f"{folder / 'model.json'} cannot be read: {error!r}.") from None


def check(folder: Path) -> None:
    """Raises Unusable unless every file is there with the checksum that SHA256SUMS gives."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
        wanted = {name: digest for digest, name in (line.split() for line in lines)}
        for name in FILES:
            with (folder / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != wanted.get(name):
                raise Unusable(f"{folder / name} is damaged: its checksum is not the one in {SUMS}. Copy it anew.")
    except (OSError, ValueError) as error:
        raise Unusable(f"There is no whole model in {folder}: {error}. It needs {', '.join((*FILES, SUMS))}.") from None


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


class _Chosen:
    """The model of this process: checked when its state is asked for, loaded when a text is read, each once."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.loaded: Tagger | None = None
        self.state: State | None = None

    def tagger(self) -> Tagger | None:
        with self.lock:
            if self.loaded is None and self.folder is not None and not (self.state and self.state.problem):
                try:
                    self.loaded = Tagger(self.folder)
                except Unusable as error:
                    self.state = State("", str(error))
                else:
                    self.state = State(self.loaded.name)
            return self.loaded

    def standing(self) -> State:
        with self.lock:
            if self.state is None:
                self.state = _state_of(self.folder)
            return self.state


def _state_of(folder: Path | None) -> State:
    """What is known of a model without loading it."""
    if folder is None:
        return State("", "No model is chosen (HEARSAY_MODEL is “none”).")
    try:
        check(folder)
        return State(about(folder)[0])
    except Unusable as error:
        return State("", str(error))


_chosen = _Chosen(SHIPPED)


def use(folder: Path | None) -> None:
    """Chooses the model folder for this process; None chooses the rules alone."""
    global _chosen
    _chosen = _Chosen(folder)


def tagger() -> Tagger | None:
    """The chosen model, loaded at the first call; None when there is none that can be used."""
    return _chosen.tagger()


def state() -> State:
    """Which reader answers, and if it is the rules, why. Does not load the model."""
    return _chosen.standing()
