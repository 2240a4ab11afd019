"""Measures reading on labelled data: extraction, relays, speakers, and what reading costs.

python bench/evaluate.py FOLDER [--write]      (the folder with the labelled data and its scorers)

`--write` keeps the figures beside the model, where the Method page finds them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from quotes.text import tagger  # noqa: E402
from quotes.text.attribute import extractor, read  # noqa: E402
from quotes.text.cues import verb_in  # noqa: E402
from quotes.text.parties import Party, names_share  # noqa: E402
from quotes.text.rules import Triple  # noqa: E402
from quotes.text.spans import Span, hull  # noqa: E402

FOCUS: dict[str, dict[str, bool]] = {
    "all": {},
    "speech only": {"speech_only": True},
    "nested aside": {"nested_aside": True},
}
EXTRACTION = {
    "content+source": "content+source",
    "content relaxed": "content relaxed",
    "direct": "content relaxed direct",
    "mixed": "content relaxed mixed",
    "indirect": "content relaxed indirect",
}
DRAWS = 400
"""Resamplings of whole articles for an interval."""

Figures = dict[str, Any]


def module_at(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))
    spec = util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be imported.")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attribute(source: Path, target: Path) -> float:
    """Runs `manage.py attribute` as a user would; returns the processor's seconds, the start of Python included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, ROOT / "manage.py", "attribute", source, "-o", target]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def extraction(folder: Path, scratch: Path) -> Figures:
    """F1 on polnear_dev with 95 % intervals over articles, and articles a second."""
    gold_path = folder / "polnear_dev.jsonl"
    seconds = attribute(gold_path, scratch / "dev.jsonl")
    scorer = module_at(folder / "score_extraction.py")
    gold, found = scorer.load(gold_path), scorer.load(scratch / "dev.jsonl")
    figures: Figures = {"articles a second": round(len(gold) / seconds, 1)}
    for focus, options in FOCUS.items():
        counts = scorer.score(gold, found, **options)
        whole = scorer.figures(counts)
        chance = random.Random(7)
        drawn = [scorer.figures([chance.choice(counts) for _ in counts]) for _ in range(DRAWS)]
        for name, key in EXTRACTION.items():
            spread = sorted(figure[key]["f1"] for figure in drawn)
            low, high = spread[round(0.025 * DRAWS)], spread[round(0.975 * DRAWS) - 1]
            figures[f"{name}, {focus}"] = interval(whole[key]["f1"], low, high)
    right = whole["speaker accuracy all"]
    figures["source right"] = share(right["right"], right["of"])
    return figures


def relays(folder: Path, scratch: Path) -> Figures:
    scorer = folder / "score_relay.py"
    sources = [folder / name for name in ("relay_dev.jsonl", "polnear_train.jsonl", "polnear_dev.jsonl")]
    command = [sys.executable, scorer, "--articles", *map(str, sources)]
    articles = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (scratch / "relay_in.jsonl").write_text(articles, encoding="utf-8")
    attribute(scratch / "relay_in.jsonl", scratch / "relay.jsonl")
    command = [
        sys.executable,
        scorer,
        folder / "relay_dev.jsonl",
        scratch / "relay.jsonl",
        "--json",
        scratch / "r.json",
    ]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    labels = Counter(row["label"] for row in rows(folder / "relay_dev.jsonl"))
    figures: Figures = {}
    for line in shown.splitlines():
        name, value = line.rsplit(None, 1)
        if "." in value:
            of = labels["firsthand"] if name.strip() == "false relays" else sum(labels.values())
            figures[name.strip()] = share(round(float(value) * of), of)
    return figures


def speakers(folder: Path) -> Figures:
    """How 150 labelled pronouns and titles are resolved, the relations given as a person marked them."""
    articles = {row["id"]: row for row in rows(folder / "polnear_dev.jsonl")}
    counts: Counter[str] = Counter()
    read_before: dict[str, dict[Span, Party]] = {}
    labels = rows(ROOT / "tests" / "corpus" / "speakers.jsonl")
    for label in labels:
        article = articles[label["id"]]
        if label["id"] not in read_before:
            found = read(article["text"], published=date.fromisoformat(article["date"]), found=marked(article))
            read_before[label["id"]] = {a.source[0]: a.speaker for a in found if a.source}
        answer = article["text"][slice(*label["answer"])] if label["answer"] else ""
        counts[verdict(read_before[label["id"]].get(Span(*label["source"])), label["type"], answer)] += 1
    return {name: share(counts[name], len(labels)) for name in ("right", "wrong", "open")}


def marked(article: dict[str, Any]) -> list[Triple]:
    triples = []
    for relation in article["attributions"]:
        source, cue, content = (tuple(Span(*s) for s in relation[role]) for role in ("source", "cue", "content"))
        if cue:
            triples.append(Triple(source, cue, content, verb_in(hull(cue).of(article["text"])), 0.9))
    return sorted(triples, key=lambda triple: triple.cue[0])


def verdict(party: Party | None, kind: str, answer: str) -> str:
    if kind not in {"person", "organisation"}:
        return "wrong" if party is not None and party.name and not names_share(party.name, answer) else "right"
    if party is None or not party.label or (party.name is None and not names_share(party.label, answer)):
        return "open"
    return "right" if names_share(party.label, answer) else "wrong"


def costs(scratch: Path, text: str) -> Figures:
    """Seconds until the first article is read, resident memory, and time against length."""
    source = scratch / "one.jsonl"
    source.write_text(json.dumps({"id": 1, "text": "Ann Lee said it was over."}) + "\n", encoding="utf-8")
    figures: Figures = {"seconds until ready": round(min(attribute(source, scratch / "o") for _ in range(3)), 2)}
    read("Ann Lee said it was over.")
    for length in (50_000, 100_000, 200_000):
        long = (text * (length // len(text) + 1))[:length]
        began = time.process_time()
        read(long)
        figures[f"seconds for {length:,} characters"] = round(time.process_time() - began, 2)
    figures["MB resident at most"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return figures


def share(right: int, of: int) -> list[float]:
    """A share with its 95 % interval by Wilson's formula."""
    z = 1.96
    p = right / of
    middle, width = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = (middle - width) / (1 + z * z / of), (middle + width) / (1 + z * z / of)
    return interval(p, max(0.0, low), min(1.0, high))


def interval(value: float, low: float, high: float) -> list[float]:
    return [round(value, 3), round(low, 3), round(high, 3)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="keep the figures beside the model")
    options = parser.parse_args()
    folder = os.environ.get("HEARSAY_MODEL", "")
    tagger.use(None if folder == "none" else Path(folder) if folder else tagger.SHIPPED)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        text = " ".join(row["text"] for row in rows(options.folder / "polnear_dev.jsonl"))
        figures = {
            "reader": extractor(),
            "extraction": extraction(options.folder, scratch),
            "relays": relays(options.folder, scratch),
            "speakers": speakers(options.folder),
            "costs": costs(scratch, text),
        }
    for part, found in figures.items():
        print(f"\n{part}" if isinstance(found, dict) else f"{part}: {found}")
        for name, value in found.items() if isinstance(found, dict) else ():
            printed = f"{value[0]:.3f}   ({value[1]:.3f} to {value[2]:.3f})" if isinstance(value, list) else value
            print(f"  {name:32} {printed}")
    if options.write:
        path = tagger.SHIPPED / "figures.json"
        path.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"\nWritten to {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
