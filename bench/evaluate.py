"""Measures reading on labelled data: extraction on polnear_dev, relays on relay_dev, and the speed of both.

python bench/evaluate.py FOLDER      (the folder with the labelled data and its scorers)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def attribute(source: Path, target: Path) -> float:
    """Runs `manage.py attribute`; returns articles a second, the start of Python included."""
    began = time.perf_counter()
    subprocess.run([sys.executable, ROOT / "manage.py", "attribute", source, "-o", target], check=True)
    return len(source.read_text(encoding="utf-8").splitlines()) / (time.perf_counter() - began)


def score(folder: Path, script: str, *arguments: object) -> str:
    command = [sys.executable, folder / script, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        speed = attribute(folder / "polnear_dev.jsonl", scratch / "dev.jsonl")
        for options in ([], ["--speech-only"], ["--nested-aside"]):
            print(f"\n## Extraction on polnear_dev {' '.join(options)}")
            print(score(folder, "score_extraction.py", folder / "polnear_dev.jsonl", scratch / "dev.jsonl", *options))
        print(f"{speed:.1f} articles a second on one core, start-up included")
        articles = score(
            folder,
            "score_relay.py",
            "--articles",
            *[folder / f for f in ("relay_dev.jsonl", "polnear_train.jsonl", "polnear_dev.jsonl")],
        )
        (scratch / "relay_in.jsonl").write_text(articles, encoding="utf-8")
        attribute(scratch / "relay_in.jsonl", scratch / "relay.jsonl")
        print("\n## Relays on relay_dev")
        print(score(folder, "score_relay.py", folder / "relay_dev.jsonl", scratch / "relay.jsonl"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
