"""A whole Hearsay to look at: gunicorn on a free port of loopback, a database of its own, the demo articles, two editors, a desk head."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "correct horse battery"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MAKE_EDITOR = f"""
from django.contrib.auth.models import Group, User
from datetime import timedelta
from django.utils import timezone
from quotes.models import Quote, Refusal, Upload
from quotes.services import link, subscription
from quotes.services.flag import add_evidence, raise_flag
from quotes.services.watch import aim, set_watch
edith = User.objects.create_user('edith', password={PASSWORD!r})
edith.groups.add(Group.objects.get(name='editors'))
for name, group in (('dora', 'desk heads'), ('tessa', 'editors'), ('edgar', 'editors'), ('rita', 'reporters')):
    User.objects.create_user(name, password={PASSWORD!r}).groups.add(Group.objects.get(name=group))
flag = raise_flag(quote=Quote.objects.get(pk=20), actor=edith, kind='wrong_speaker', reason='It was the other one.')
set_watch(watch=aim(quote=flag.quote), person=edith, events=['denied', 'upheld'], period='daily')
raise_flag(quote=flag.quote, actor=edith, kind='denied', reason='He says that he never said it.')
feed = subscription.add('https://lakepost.example/feed.xml', added_by=edith)
feed.job.due_at, feed.good_at = timezone.now() + timedelta(hours=1), timezone.now()
feed.job.save(); feed.save()
waits, failed = (link.ask([f'https://lakepost.example/{{n}}'], added_by=edith)[0].link.job for n in range(2))
failed.state, failed.reason, failed.finished_at = 'failed', 'The site refuses to show this page.', timezone.now()
failed.save()
upload = Upload.objects.create(name='archive.jsonl', path='/nowhere', size=9, digest='0', line_count=9, finished_at=timezone.now())
Refusal.objects.create(upload=upload, line=3, message='This is not JSON (Expecting value at character 1).')
add_evidence(flag=flag, actor=edith, kind='article', note='Another paper names somebody else.', url='https://p.example/1')
"""
DEMO = (("demo",), ("shell", "-c", MAKE_EDITOR))
EMPTY = "empty.sqlite3"
LOG = "server.log"
"""What the server said, in its folder."""


@contextmanager
def running(
    folder: Path, *, database: str = "", prepare: Sequence[Sequence[str]] = DEMO, workers: int = 1
) -> Iterator[str]:
    """Its address, while the block runs; what it writes is in `folder`, and in `database` where one is given."""
    environment = environment_of(folder, database)
    migrate(environment)
    for arguments in prepare:
        manage(environment, *arguments)
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "quotes.wsgi", "--bind", address]
    command += ["--workers", str(workers), "--threads", "4"]
    command += ["--limit-request-line", "0"]  # the API's own limits are tested, not gunicorn's
    with (folder / LOG).open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
        try:
            wait_for(f"http://{address}/healthz")
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def environment_of(folder: Path, database: str = "") -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database or f"sqlite:///{folder / 'hearsay.sqlite3'}",
        "HEARSAY_STATE_DIR": str(folder),
        "HEARSAY_STATIC_ROOT": str(_installed() / "static"),
        "DJANGO_SETTINGS_MODULE": "tests.site_settings",
        "HEARSAY_API_RATE": "1000000/min",
        "HEARSAY_SEARCH_RATE": "1000000/min",
        "HEARSAY_FEED_RATE": "1000000/min",
        "HEARSAY_ADD_RATE": "1000000/min",
    }


@cache
def _installed() -> Path:
    """A folder with what every new installation has: empty tables in SQLite, static files. Made once in each process."""
    folder = Path(tempfile.mkdtemp(prefix="hearsay-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / EMPTY}",
        "HEARSAY_STATE_DIR": str(folder),
        "HEARSAY_STATIC_ROOT": str(folder / "static"),
    }
    manage(environment, "migrate")
    manage(environment, "collectstatic", "--noinput")
    return folder


def migrate(environment: Mapping[str, str]) -> None:
    """Makes the tables, in a database that has none."""
    kind, _, path = environment["DATABASE_URL"].partition(":///")
    if kind == "sqlite":
        shutil.copyfile(_installed() / EMPTY, path)
    else:
        manage(environment, "migrate")


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True
    )


def sign_in(page: Page, name: str = "edith") -> None:
    """Through the form; as Edith, an editor, unless another is named."""
    page.goto("/account/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.press("#id_password", "Enter")


def follow(page: Page, selector: str) -> None:
    """Clicks what leads to another page, and waits until that is there whole."""
    with page.expect_navigation():
        page.click(selector)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            with urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
