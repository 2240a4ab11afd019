"""What a newsroom has after a while, and what it reads; run by manage.py, on either engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from quotes.models import Article, Attribution, Decision, Flag, Match, Outlet, Quote, Speaker
from quotes.services import merge, people, review
from quotes.services.flag import raise_flag, settle_flag
from quotes.services.undo import undo
from quotes.services.watch import aim, set_watch
from tests.engines.pages import answer
from tests.factories import correct_reading, make_evidence, make_problem, make_user

PAGES = """
/ /quotes/ /quotes/?sort=old /quotes/?sort=most /quotes/?q=ceasefire /quotes/?q=-ceasefire /speakers/ /outlets/ /articles/
/articles/?order=title /method/ /review/ /review/?view=waiting /watches/ /account/ /seen/?q=ceasefire
/api/v1/quotes /api/v1/speakers
""".split()


def work() -> None:
    """An account with a second factor; decisions, one undone; flags; readers' reports; quotes and speakers merged; watches."""
    edith, edgar, rita = make_user("edith", "editors"), make_user("edgar", "editors"), make_user("rita", "reporters")
    totp.TOTP.activate(edith, totp.generate_totp_secret())
    first, second, third, *_ = Attribution.objects.exclude(variant=None).order_by("pk")
    review.accept(attribution=first, actor=edith, version=first.version)
    review.reject(attribution=second, actor=edith, version=second.version, reason="Nobody says this: “no”, 私, 🙂.")
    undo(decision=correct_reading(third, edgar, form="indirect"), actor=edgar)
    asked = Match.objects.asked().first()
    if asked:
        merge.judge(pair=asked, actor=edith, answer="different", seen=asked.outcome)
    by_speaker: dict[Any, list[Quote]] = {}
    for quote in Quote.objects.shown().exclude(speaker=None).order_by("pk"):
        by_speaker.setdefault(quote.speaker_id, []).append(quote)
    one, other = next(quotes for quotes in by_speaker.values() if len(quotes) > 2)[-2:]
    merge.merge(quote=one, into=other, actor=edgar, reason="One remark.")
    gone, kept = Speaker.objects.current().order_by("-pk")[:2]
    people.merge(speaker=gone, into=kept, actor=edgar, version=gone.version, reason="The same person.")
    quote = Quote.objects.shown().order_by("pk")[0]
    flag = raise_flag(quote=quote, actor=rita, kind="denied", reason="He says that he never said it.")
    make_evidence(flag, rita)
    settle_flag(flag=flag, actor=edith, version=flag.version, result="upheld", reason="It is on record.")
    raise_flag(quote=Quote.objects.shown().order_by("pk")[1], actor=rita, kind="cut_short", reason="Cut.")
    make_problem(quote)
    set_watch(watch=aim(quote=quote), person=edith, events=["denied", "upheld"], period="daily")
    last = Outlet.objects.create(name="Gone Gazette", slug="gone-gazette")
    last.delete()  # its number is never given again


def tell(path: str) -> None:
    """What a reader and an editor are answered, by address; and the number that the next outlet gets."""
    reader, editor = (Client(headers={"host": "localhost"}) for _ in range(2))
    editor.force_login(User.objects.get(username="edith"))
    paths = [*PAGES, *_of(Quote), *_of(Speaker), *_of(Outlet), *_of(Article), *_of(Flag)]
    answers = {
        f"{who} {path}": answer(client, path) for path in paths for who, client in (("r", reader), ("e", editor))
    }
    answers["decisions"] = json.dumps(
        [_decision(decision) for decision in Decision.objects.order_by("pk")], sort_keys=True
    )
    with transaction.atomic():
        answers["next"] = str(Outlet.objects.create(name="Next", slug="next").pk)
        transaction.set_rollback(True)
    Path(path).write_text(json.dumps(answers))


def _of(table: Any) -> list[str]:
    return [row.get_absolute_url() for row in table.objects.order_by("pk")]


def _decision(decision: Decision) -> list[Any]:
    return [decision.pk, decision.verb, decision.differences, decision.changes, decision.made_at.isoformat()]


def signed_in(path: str) -> None:
    """Whether a password still opens the account, and what it then asks for."""
    response = Client(headers={"host": "localhost"}).post(
        "/account/login/", {"login": "edith", "password": "correct horse battery"}
    )
    Path(path).write_text(json.dumps([response.status_code, response.headers.get("Location", "")]))
