"""Progress for long commands: a bar on a terminal, silence in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol, TypeVar

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

Item = TypeVar("Item")


def json_line(row: dict[str, Any]) -> str:
    """A row as one line of JSON; escaped where it holds half a character that UTF-8 cannot write."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(row)
    return f"{line}\n"


class Writer(Protocol):
    def write(self, text: str, /) -> object: ...


def progress(items: Iterable[Item], *, unit: str, total: int | None = None) -> Iterable[Item]:
    """The items, counted on standard error when that is a terminal, with rate and time left."""
    return tqdm(items, unit=f" {unit}", total=total, disable=not sys.stderr.isatty(), smoothing=0.1)


@contextmanager
def reading(path: str) -> Iterator[BinaryIO]:
    """An input file as bytes; `-` is standard input. Raises CommandError when it cannot be read."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


@contextmanager
def writing(path: str, default: Writer) -> Iterator[Writer]:
    """An output file; `-` is `default`. A reader that stops early (`| head`) is no error."""
    try:
        if path == "-":
            yield default
            return
        with open(path, "w", encoding="utf-8") as file:
            yield file
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def convert_lines(
    command: BaseCommand, source: str, target: str, *, unit: str, convert: Callable[[bytes], dict[str, Any]]
) -> None:
    """Writes what `convert` makes of each line of a file as a line of JSON.

    A line for which it raises ValueError is reported and skipped. Raises CommandError at the end when there was one.
    """
    bad = 0
    with reading(source) as lines, writing(target, command.stdout) as out:
        for number, line in enumerate(progress(lines, unit=unit), start=1):
            if not line.strip():
                continue
            try:
                row = convert(line)
            except ValueError as error:
                command.stderr.write(f"line {number}: {error}")
                bad += 1
                continue
            out.write(json_line(row))
    if bad:
        raise CommandError(f"{bad} line{'s' if bad > 1 else ''} could not be read.")


def json_object(line: bytes) -> dict[str, Any]:
    """The object in a line of JSON. Raises ValueError with what is wrong."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON in UTF-8") from None
    if not isinstance(row, dict):
        raise ValueError("this line of JSON is not an object {…}")
    return row


class Steps:
    """A bar for each step of a long work, on a terminal, with rate and time left."""

    def __init__(self, *, hidden: bool, unit: str = "it") -> None:
        self._hidden, self._unit = hidden, unit
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Goes on in the same bar when only the step's name is another and its count goes on."""
        if self._bar is None or self._bar.n > done or (self._bar.total or 0) != total:
            self.__exit__()
            self._bar = tqdm(total=total or None, unit=self._unit, disable=self._hidden)
        self._bar.set_description(step, refresh=False)
        self._bar.update(done - self._bar.n)
