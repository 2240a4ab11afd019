"""Chooses the decoder's constants and fits the confidence of an exported network, on polnear_dev.

python -m training.tune MODEL_FOLDER CORPUS_FOLDER --name NAME

Writes model.json and SHA256SUMS into the folder and prints how well the confidence holds on articles it was not
fitted on (five folds). Constants are chosen by content+source F1, one after the other.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quotes.text import confidence, rules
from quotes.text.decoding import Relation, Settings, relations, with_tail_as_source
from quotes.text.pieces import Pieces, pieces
from quotes.text.rules import Triple
from quotes.text.tagger import FILES, SUMS, Tagger

CHOICES: dict[str, Sequence[float]] = {
    "outside": (0.1, 0.3, 0.5, 0.7),
    "paragraph": (2.0, 4.0, 6.0),
    "passed": (0.3, 0.7, 1.2),
    "no_cue": (-2.0, -1.0, 0.0),
    "no_source": (-1.0, -0.5, 0.0),
}
LEAST = (0.2, 0.25, 0.3, 0.35, 0.4)
FOLDS = 5
NEXT_TO_NOTHING = 0.005


@dataclass(frozen=True, slots=True)
class Seen:
    """One article of the corpus with what the network says of it, window by window."""

    row: dict[str, Any]
    cut: Pieces
    ruled: list[Triple]
    windows: list[tuple[int, int, Any, Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One relation that was found: its features, and whether a person marked the same."""

    article: str
    raw: dict[str, Any]
    evidence: dict[str, float]
    right: bool


def scorer_in(folder: Path) -> ModuleType:
    """The scorer that comes with the corpus."""
    spec = importlib.util.spec_from_file_location("score_extraction", folder / "score_extraction.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"There is no score_extraction.py in {folder}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def see(model: Tagger, row: dict[str, Any]) -> Seen:
    cut = pieces(row["text"], model.tokenizer)
    ruled = sorted((t for t in rules.triples(row["text"]) if not t.inner), key=lambda triple: triple.cue[0])
    windows = [(start, end, *model.run(cut, start, end)) for start, end in cut.windows()]
    return Seen(row, cut, ruled, windows)


def judge(scorer: ModuleType, seen: Seen, settings: Settings) -> list[Judged]:
    text, cut = seen.row["text"], seen.cut
    found: list[Relation] = []
    for start, end, scores, vectors in seen.windows:
        part = relations(scores, vectors, cut.features[start:end], settings)
        found += [with_tail_as_source(relation.shifted(start), cut) for relation in part if relation.cue is not None]
    raws = [as_raw(relation, cut) for relation in found]
    regions = scorer.quoted_regions(text)
    gold = [scorer.Attribution(raw, text, regions) for raw in seen.row["attributions"]]
    pred = [scorer.Attribution(raw, text, regions) for raw in raws]
    matched = {p: g for g, p in scorer.pairs(gold, pred, scorer.relaxed_fit)}
    return [
        Judged(
            seen.row["id"],
            raw,
            confidence.evidence(text, cut, relation, seen.ruled),
            number in matched and scorer.source_is_right(text, gold[matched[number]], pred[number]),
        )
        for number, (raw, relation) in enumerate(zip(raws, found, strict=True))
    ]


def as_raw(relation: Relation, cut: Pieces) -> dict[str, Any]:
    return {
        "source": [relation.source.span(cut)] if relation.source else [],
        "cue": [relation.cue.span(cut)] if relation.cue else [],
        "content": [content.span(cut) for content in relation.contents],
    }


def fit(rows: Sequence[Judged], penalty: float = 1.0) -> dict[str, float]:
    """Weights of the logistic regression, by Newton's method with a small penalty on their size."""
    names = list(rows[0].evidence)
    x = np.array([list(row.evidence.values()) for row in rows])
    y = np.array([row.right for row in rows], float)
    weights = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(names))
        weights -= np.linalg.solve(hessian, x.T @ (p - y) + penalty * weights)
    return dict(zip(names, np.round(weights, 4).tolist(), strict=True))


def out_of_fold(rows: Sequence[Judged]) -> NDArray[np.float64]:
    """The confidence of each row by weights fitted on other articles."""
    articles = sorted({row.article for row in rows})
    random.Random(1).shuffle(articles)
    fold = {article: number % FOLDS for number, article in enumerate(articles)}
    sure = np.zeros(len(rows))
    for number in range(FOLDS):
        weights = fit([row for row in rows if fold[row.article] != number])
        for at, row in enumerate(rows):
            if fold[row.article] == number:
                sure[at] = confidence.probability(weights, row.evidence)
    return sure


def f1(rows: Sequence[Judged], kept: Iterable[bool], wanted: int) -> float:
    """Content+source F1 of the rows that are kept."""
    chosen = [row.right for row, keep in zip(rows, kept, strict=True) if keep]
    return 2 * sum(chosen) / max(1, len(chosen) + wanted)


def best(rows: Sequence[Judged], wanted: int) -> tuple[float, float]:
    """The F1 out of fold, and the lowest threshold that costs next to nothing of the best one.

    An editor can put a doubtful statement right, but not one that was never shown.
    """
    sure = out_of_fold(rows)
    scores = {least: f1(rows, sure >= least, wanted) for least in LEAST}
    least = min(least for least, score in scores.items() if score >= max(scores.values()) - NEXT_TO_NOTHING)
    return scores[least], least


def choose(measured: Callable[[Settings], tuple[float, float]]) -> Settings:
    settings = Settings()
    for name, values in CHOICES.items():
        settings = max((replace(settings, **{name: value}) for value in values), key=measured)
        print(f"{name}: {getattr(settings, name)}  F1 {measured(settings)[0]:.4f}", flush=True)
    return settings


def reliability(rows: Sequence[Judged]) -> str:
    """A table of confidence against truth, as Markdown."""
    sure, right = out_of_fold(rows), np.array([row.right for row in rows], float)
    lines = ["| confidence | relations | mean confidence | right |", "|---|---|---|---|"]
    for low in range(10):
        inside = (sure >= low / 10) & (sure < (low + 1) / 10)
        if inside.any():
            shown = f"{inside.sum()} | {sure[inside].mean():.2f} | {right[inside].mean():.2f}"
            lines.append(f"| {low / 10:.1f} to {(low + 1) / 10:.1f} | {shown} |")
    return "\n".join(lines)


def seal(folder: Path) -> None:
    """Writes the checksums by which a model is checked when it is loaded."""
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES]
    (folder / SUMS).write_text("".join(sums), encoding="ascii")


def write(folder: Path, name: str, settings: Settings, weights: dict[str, float], least: float) -> None:
    about = {"name": name, "decoding": asdict(settings), "confidence": {"least": least, "weights": weights}}
    (folder / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    seal(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--name", required=True)
    options = parser.parse_args()
    scorer = scorer_in(options.corpus)
    write(options.model, options.name, Settings(), {"one": 0.0}, 0.0)
    model = Tagger(options.model)
    rows = scorer.load(options.corpus / "polnear_dev.jsonl").values()
    articles = [see(model, row) for row in rows]
    wanted = sum(len(row["attributions"]) for row in rows)

    def judged(settings: Settings) -> list[Judged]:
        return [row for seen in articles for row in judge(scorer, seen, settings)]

    settings = choose(lambda settings: best(judged(settings), wanted))
    found = judged(settings)
    score, least = best(found, wanted)
    write(options.model, options.name, settings, fit(found), least)
    print(f"content+source F1 out of fold {score:.4f}, keeping what is at least {least:.2f} sure\n")
    print(reliability(found))


if __name__ == "__main__":
    main()
