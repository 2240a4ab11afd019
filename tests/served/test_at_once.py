"""Eight editors at once on the same items, over HTTP against gunicorn: nothing lost, nothing doubled, nothing broken.

HEARSAY_ACTS says how many acts are to be carried out, and each kind at least once; some hundreds are enough to find what breaks.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import LOG, environment_of, manage, running
from tests.engines.server import postgresql, sqlite
from tests.html import texts
from tests.served.editor import HTMX, Answer, Browser, Refused
from tests.served.items import EDITORS, SPEAKERS

logger = logging.getLogger(__name__)
"""Tells the figures: pytest --log-cli-level=INFO tests/served"""

ACTS = int(os.environ.get("HEARSAY_ACTS", "60"))
KINDS = ("reading", "pair", "flag", "correct", "flag page", "arrange", "undo")
"""What is done at least once, in the end."""

LONGEST = 300 + ACTS // 4
"""Seconds after which the editors are taken to block one another."""


class Editor(Browser):
    """An editor who acts by chance."""

    # --- the acts; each raises Refused, or was done ---

    def by_key(self, kind: str, *acts: str) -> None:
        """What the desk does: the inspector, then one of its buttons."""
        number = self.chance.choice(self.items[kind])
        status, tree, _ = self.get(f"/review/item/{kind}/{number}/", **HTMX)
        if status != 200:
            raise Refused
        act, form = self.chance.choice(acts), tree.cssselect("form.act")[0]
        data = {**dict(form.form_values()), "act": act, "reason": f"I looked into it: {act}."}
        status, tree, headers = self.send("/review/act/", data, **HTMX)
        if status != 200 or "acted" not in headers.get("HX-Trigger-After-Settle", ""):
            raise Refused
        self.done.append(int(tree.cssselect("#done [name=decision]")[0].get("value")))

    def correct(self) -> None:
        changed = {"speaker": self.chance.choice(SPEAKERS), "hedged": self.chance.choice(["", "on"]), "correct": "1"}
        self._send_form(f"/review/attributions/{self.chance.choice(self.items['reading'])}/", "#reading", changed)

    def answer(self) -> None:
        answer = self.chance.choice(["same", "different", "unsure"])
        self._send_form(f"/review/matches/{self.chance.choice(self.items['match'])}/", "main form", {"answer": answer})

    def work_on_flag(self) -> None:
        """What its page offers: to reopen it, or to take it up, give it back or settle it."""
        path = f"/flags/{self.chance.choice(self.items['flag'])}/"
        button = "button[name=reopen], button[name=claim], button[name=release], button[name=settle]"
        buttons = self.get(path)[1].cssselect(button)
        act = self.chance.choice(buttons).get("name")
        result = self.chance.choice(["upheld", "not_upheld", "explained"])
        self._send_form(path, f"form:has(button[name={act}])", {act: "1", "reason": "Looked into.", "result": result})

    def arrange(self) -> None:
        one, other = self.chance.sample(self.items["quote"], 2)
        status, tree, headers = self.get(f"/quotes/{one}/arrange/")
        path = headers["Location"] if status == 302 else f"/quotes/{one}/arrange/"
        if status == 302:
            status, tree, _ = self.get(path)
        if status != 200:
            raise Refused
        merging = tree.cssselect("form:has([name=merge])")[0]
        taking = tree.cssselect("button[name=take_out], button[name=split]")
        data = {**dict(merging.form_values()), "reason": "One remark, or not."}
        if taking and self.chance.random() < 0.7:
            button = self.chance.choice(taking)
            data |= {button.get("name"): button.get("value")}
        else:
            data |= {"merge": "yes", "other": str(other)}
        self._needs_redirect(self.send(path, data))

    def undo(self) -> None:
        if not self.done:
            raise Refused
        number = self.done.pop(self.chance.randrange(len(self.done)))
        page = "/account/"  # the lightest that has a form, and says what was done
        token = self.get(page)[1].cssselect("[name=csrfmiddlewaretoken]")[0].get("value")
        self.send("/decisions/undo/", {"csrfmiddlewaretoken": token, "decision": number, "next": page})
        if "Undone." not in " ".join(texts(self.get(page)[1], ".messages li")):
            raise Refused

    def _send_form(self, path: str, selector: str, changed: dict[str, Any]) -> None:
        status, tree, _ = self.get(path)
        found = tree.cssselect(selector) if status == 200 else []
        if not found:
            raise Refused
        self._needs_redirect(self.send(path, {**dict(found[0].form_values()), **changed}))

    @staticmethod
    def _needs_redirect(answer: Answer) -> None:
        if answer[0] != 302:
            raise Refused

    def act(self) -> bool:
        """Does something; whether the site said that it was done."""
        acts: dict[str, tuple[int, Callable[[], None]]] = {
            "reading": (30, lambda: self.by_key("reading", "yes", "yes", "no")),
            "pair": (14, lambda: self.by_key("match", "yes", "no", "unsure")),
            "flag": (11, lambda: self.by_key("flag", "yes", "no", "take")),
            "report": (3, lambda: self.by_key("problem", "yes", "no")),
            "correct": (8, self.correct),
            "answer": (4, self.answer),
            "flag page": (14, self.work_on_flag),
            "arrange": (7, self.arrange),
            "undo": (9, self.undo),
        }
        name = self.chance.choices(list(acts), [weight for weight, _ in acts.values()])[0]
        before = len(self.broken)
        try:
            acts[name][1]()
        except Refused:
            self.answers[f"{name} {'refused' if len(self.broken) == before else 'broken'}"] += 1
            return False
        self.answers[f"{name} done"] += 1
        return True


def work(site: str, items: dict[str, list[int]]) -> tuple[list[Editor], float]:
    """Eight threads until so many acts were done; the editors, and how long it took."""
    editors = [Editor(site, f"editor{number}", items, seed=number) for number in range(EDITORS)]
    left, lock, failures = [ACTS], threading.Lock(), list[BaseException]()

    def run(editor: Editor) -> None:
        try:
            while (left[0] > 0 or _missing(editors)) and time.monotonic() < end and not editor.broken:
                if editor.act():
                    with lock:
                        left[0] -= 1
        except BaseException as failure:  # a thread's failure would be lost
            failures.append(failure)

    start, end = time.monotonic(), time.monotonic() + LONGEST
    threads = [threading.Thread(target=run, args=(editor,)) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return editors, time.monotonic() - start


@pytest.mark.parametrize("engine", [sqlite, postgresql], ids=["sqlite", "postgresql"])
def test_eight_editors_lose_double_and_break_nothing(engine: Any, tmp_path: Path) -> None:
    made, told = tmp_path / "items.json", tmp_path / "account.json"
    prepare = ("shell", "-c", f"from tests.served.items import make; make({str(made)!r})")
    with engine() as database, running(tmp_path, database=database, prepare=[prepare], workers=2) as site:
        editors, seconds = work(site, json.loads(made.read_text()))
        said = (tmp_path / LOG).read_text()
        code = f"from tests.served.items import account; account({str(told)!r})"
        manage(environment_of(tmp_path, database), "shell", "-c", code)
    found = json.loads(told.read_text())
    answers = sum((editor.answers for editor in editors), Counter[str]())
    done = {f"editor{n}": _sum(editor.answers, "done") for n, editor in enumerate(editors)}
    total = sum(done.values())
    heard = f"{total} acts in {seconds:.1f} s, {total / seconds:.1f} a second"
    logger.info("%s; %s; %s", heard, dict(sorted(answers.items())), found["verbs"])
    assert [broken for editor in editors for broken in editor.broken] == [], said[-6000:]
    assert "locked" not in said
    assert "deadlock" not in said
    assert "Traceback" not in said, said[-6000:]
    assert total >= ACTS, "the editors blocked one another"
    assert found["by_editor"] == done
    assert found["decisions"] == total
    assert found["wrong"] == []
    assert _missing(editors) == set()
    assert _sum(answers, "refused") > 0


def _missing(editors: list[Editor]) -> set[str]:
    """The kinds of acts that nobody has done yet."""
    return {kind for kind in KINDS if not any(editor.answers[f"{kind} done"] for editor in editors)}


def _sum(answers: Counter[str], what: str) -> int:
    return sum(number for name, number in answers.items() if name.endswith(what))
