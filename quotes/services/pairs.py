"""Which wordings to compare when everything is matched anew: one speaker's, of two quotes, that share telling keys.

Three ways to find them: a loop over the index, one plan on DuckDB, the same plan on Spark. The plans work out of core on
files in a folder; weights are whole numbers (thousandths of a nat) and ties are broken by number, so that both engines
give the same pairs. Each file is written under another name and renamed when it is whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from quotes.models import Key, KeyFrequency, Variant
from quotes.services import index
from quotes.services.index import batches
from quotes.text.frequencies import Counts, Frequencies, background

MOST_HOLDERS = 100
"""Wordings of one speaker that share a key, from which the key tells nothing about two of them."""

LEAST_MASS = 16_000
"""What two wordings must share, in thousandths of a nat: two rare words. A pair in seventy of those worth asking about
shares less, and half of the pairs that are not."""

MOST_COMPARED = 20
"""Wordings that one is compared with, those that share most."""

PLAN = """
WITH telling AS (
    SELECT key, speaker FROM told GROUP BY key, speaker HAVING COUNT(*) BETWEEN 2 AND {most_holders}
), rare AS (
    SELECT told.key, told.speaker, told.variant, told.quote, told.weight
    FROM told JOIN telling ON told.key = telling.key AND told.speaker = telling.speaker
), shared AS (
    SELECT a.variant AS one, b.variant AS other, CAST(SUM(a.weight) AS BIGINT) AS mass
    FROM rare a JOIN rare b ON a.key = b.key AND a.speaker = b.speaker AND a.variant < b.variant
    WHERE a.quote <> b.quote
    GROUP BY a.variant, b.variant
    HAVING SUM(a.weight) >= {least_mass}
), ranked AS (
    SELECT one, other, mass,
        ROW_NUMBER() OVER (PARTITION BY one ORDER BY mass DESC, other) AS place,
        ROW_NUMBER() OVER (PARTITION BY other ORDER BY mass DESC, one) AS other_place
    FROM shared
)
SELECT one, other, mass FROM ranked WHERE place <= {most_compared} OR other_place <= {most_compared}
"""

Pair = tuple[int, int]
CHUNK = 500_000


def plan() -> str:
    """The plan that DuckDB and Spark run on the table *told*: key, variant, speaker, quote, weight."""
    return PLAN.format(most_holders=MOST_HOLDERS, least_mass=LEAST_MASS, most_compared=MOST_COMPARED)


# --- a loop, for small data ------------------------------------------------------------------------


def by_loop() -> Iterator[Pair]:
    """Pairs, some of them from both sides, by asking the index for each wording. Four queries a wording."""
    said = Variant.objects.comparable()
    for variant in said.order_by("pk").select_related("quote").iterator(chunk_size=2000):
        near = [candidate.variant for candidate in index.near(variant.wording).candidates]
        others = said.filter(pk__in=near, quote__speaker=variant.quote.speaker_id).exclude(quote=variant.quote_id)
        for other in others.values_list("pk", flat=True):
            yield min(variant.pk, other), max(variant.pk, other)


# --- one plan, for large ---------------------------------------------------------------------------


def told_file(folder: Path) -> Path:
    return folder / "told.parquet"


def pairs_file(folder: Path) -> Path:
    return folder / "pairs.parquet"


def counts_file(folder: Path) -> Path:
    return folder / "counts.npz"


def write_counts(folder: Path) -> Frequencies:
    """Writes how often each key occurs to a file, for text.weighing; gives the same."""
    counts, size = _counts(), index.size()
    np.savez(counts_file(folder), keys=counts.keys_, values=counts.values_, total=size)
    return Frequencies(counts, background().total + size)


def export(folder: Path, memory: str, tell: Callable[[int], None]) -> None:
    """Writes the table *told* and the counts of keys. Two passes over the index; `tell` hears how many keys are out."""
    target, working = told_file(folder), folder / "working.duckdb"
    working.unlink(missing_ok=True)
    known = write_counts(folder)
    with _open(folder, memory, working) as con:
        con.execute("CREATE TABLE keys (key INTEGER, variant BIGINT, weight INTEGER)")
        con.execute("CREATE TABLE variants (variant BIGINT, quote BIGINT, speaker BIGINT)")
        for done, rows in enumerate(batches(_rows(Key.objects.values_list("key", "variant_id")), CHUNK), start=1):
            table = np.array(rows, dtype=np.int64)
            _insert(con, "keys", key=table[:, 0], variant=table[:, 1], weight=_weights(table[:, 0], known))
            tell(min(done * CHUNK, (done - 1) * CHUNK + len(rows)))
        said = Variant.objects.comparable().values_list("pk", "quote", "quote__speaker")
        for rows in batches(_rows(said), CHUNK):
            table = np.array(rows, dtype=np.int64)
            _insert(con, "variants", variant=table[:, 0], quote=table[:, 1], speaker=table[:, 2])
        part = target.with_suffix(".part")
        con.execute(
            "COPY (SELECT k.key, k.variant, v.speaker, v.quote, k.weight FROM keys k JOIN variants v "  # nosec B608  # paths and names of our own, quoted
            f"ON k.variant = v.variant) TO '{_quoted(part)}' (FORMAT parquet)"
        )
    working.unlink(missing_ok=True)
    part.rename(target)


def _rows(found: Any) -> Iterator[tuple[int, ...]]:
    rows: Iterator[tuple[int, ...]] = found.iterator(chunk_size=50_000)
    return rows


def _counts() -> Counts:
    """How often each key occurs, the background added."""
    rows = np.array(list(_rows(KeyFrequency.objects.order_by("key").values_list("key", "count"))), dtype=np.int64)
    rows = rows.reshape(-1, 2)
    shipped = np.array(sorted(background().counts.items()), dtype=np.int64).reshape(-1, 2)
    keys, places = np.unique(np.concatenate([rows[:, 0], shipped[:, 0]]), return_inverse=True)
    values = np.zeros(len(keys), dtype=np.int64)
    np.add.at(values, places, np.concatenate([rows[:, 1], shipped[:, 1]]))
    return Counts(keys.astype(np.int32), values.astype(np.int32))


def _weights(keys: np.ndarray[Any, Any], known: Frequencies) -> np.ndarray[Any, Any]:
    """`Frequencies.weight` of many keys at once, in thousandths."""
    counts: Counts = known.counts  # type: ignore[assignment]
    places = np.minimum(np.searchsorted(counts.keys_, keys), max(len(counts) - 1, 0))
    found = np.where(counts.keys_[places] == keys, counts.values_[places], 0)
    weights: np.ndarray[Any, Any] = np.rint(1000 * np.log((known.total + 1) / (found + 1))).astype(np.int32)
    return weights


def _insert(con: duckdb.DuckDBPyConnection, table: str, **columns: np.ndarray[Any, Any]) -> None:
    con.register("incoming", columns)
    con.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM incoming")  # nosec B608  # paths and names of our own, quoted
    con.unregister("incoming")


def _open(folder: Path, memory: str, database: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A connection that stays within `memory` and spills into the folder."""
    con = duckdb.connect(str(database))
    con.execute("SET memory_limit = ?", [memory])
    con.execute("SET temp_directory = ?", [str(folder / "spill")])
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET enable_progress_bar = false")
    return con


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def by_duckdb(folder: Path, memory: str) -> None:
    """Runs the plan over *told* on all cores; what does not fit in `memory` (such as 4GB) is spilled to disk."""
    with _open(folder, memory) as con:
        con.execute(f"CREATE VIEW told AS SELECT * FROM read_parquet('{_quoted(told_file(folder))}')")  # nosec B608  # paths of our own, quoted
        con.execute(f"COPY ({plan()}) TO '{_quoted(_found(folder))}' (FORMAT parquet)")  # nosec B608  # paths and names of our own, quoted


class SparkMissing(Exception):
    """Spark or Java is not there; the message says how to get it."""


def by_spark(folder: Path, master: str, memory: str) -> None:
    """Runs the same plan on Spark, at `master` (such as local[2] or spark://host:7077). Raises SparkMissing."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise SparkMissing("Spark needs Java 17: install it, for example with apt install openjdk-17-jre-headless.")
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found]
    except ImportError:
        raise SparkMissing("Spark is not installed: pip install -r requirements-cluster.txt.") from None
    builder = SparkSession.builder.master(master).appName("hearsay-rematch")
    for name, value in _spark_settings(folder, master, memory).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        session.read.parquet(str(told_file(folder).resolve())).createOrReplaceTempView("told")
        session.sql(plan()).write.mode("overwrite").parquet(str(_found(folder).resolve()))
    finally:
        session.stop()


def _spark_settings(folder: Path, master: str, memory: str) -> dict[str, str]:
    """On one machine Spark listens on loopback alone."""
    loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return (loopback if master.startswith("local") else {}) | {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": memory.lower().replace("gb", "g").replace("mb", "m"),
        "spark.sql.shuffle.partitions": "64",
        "spark.local.dir": str((folder / "spill").resolve()),
    }


# --- what was found --------------------------------------------------------------------------------


def _found(folder: Path) -> Path:
    """What an engine leaves: one file, or Spark's folder of files."""
    return folder / "found"


def keep(found: Iterator[Pair], folder: Path) -> None:
    """Leaves pairs found by a loop as the plans leave theirs."""
    rows = np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 2)
    with _open(folder, "1GB") as con:
        con.execute("CREATE TABLE pairs (one BIGINT, other BIGINT)")
        _insert(con, "pairs", one=rows[:, 0], other=rows[:, 1])
        con.execute(f"COPY pairs TO '{_quoted(_found(folder))}' (FORMAT parquet)")


def finish(folder: Path, asked: Iterable[Pair]) -> None:
    """Writes the pairs that were found, and those asked about before, in order: the file is whole when it is there."""
    found, part = _found(folder), pairs_file(folder).with_suffix(".part")
    source = f"{_quoted(found)}/*.parquet" if found.is_dir() else _quoted(found)
    rows = np.array(sorted(asked), dtype=np.int64).reshape(-1, 2)
    with _open(folder, "1GB") as con:
        con.execute("CREATE TABLE asked (one BIGINT, other BIGINT)")
        _insert(con, "asked", one=rows[:, 0], other=rows[:, 1])
        con.execute(
            "COPY (SELECT one, other, MAX(asked) AS asked FROM ("  # nosec B608  # paths and names of our own, quoted
            f"SELECT one, other, FALSE AS asked FROM read_parquet('{source}') UNION ALL "
            "SELECT one, other, TRUE FROM asked) GROUP BY one, other ORDER BY one, other) "
            f"TO '{_quoted(part)}' (FORMAT parquet)"
        )
    shutil.rmtree(folder / "spill", ignore_errors=True)
    part.rename(pairs_file(folder))


def how_many(folder: Path) -> int:
    with _open(folder, "1GB") as con:
        source = f"read_parquet('{_quoted(pairs_file(folder))}')"
        row = con.execute(f"SELECT COUNT(*) FROM {source}").fetchone()  # nosec B608  # paths and names of our own, quoted
    return int(row[0]) if row else 0


def stored(folder: Path, *, skip: int = 0, size: int = 2000) -> Iterator[list[tuple[int, int, bool]]]:
    """(one, other, asked before) of the file, in order, `size` at a time, but for the first ones."""
    with _open(folder, "1GB") as con:
        source = f"read_parquet('{_quoted(pairs_file(folder))}')"
        wanted = f"SELECT one, other, asked FROM {source} ORDER BY one, other OFFSET {skip}"  # nosec B608  # paths and names of our own, quoted
        found = con.execute(wanted)
        while rows := found.fetchmany(size):
            yield rows
