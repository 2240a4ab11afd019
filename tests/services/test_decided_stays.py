"""Five hundred decisions of every sort, and then every article read again: by a newer reader, and by one that reads otherwise.

The articles go through the real pipeline. Whatever an editor decided stands afterwards exactly as it stood.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import QuerySet

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Flag,
    Match,
    Problem,
    Quote,
    Relay,
    Revision,
    Span,
    Speaker,
    Variant,
)
from quotes.services import checks, extract, flag, merge, people, problem, review
from quotes.services.record import Conflict, NotAllowed
from quotes.services.review import Teller
from quotes.text import tagger
from quotes.text.spans import Span as TextSpan
from tests.factories import PUBLISHED, correct_reading, make_problem, make_user, read_article

pytestmark = pytest.mark.django_db

DECISIONS = 500
ARTICLES = 50
FIRST = "Ann Bob Carla Dmitri Elena Farid Grace Hugo Ines Jonas Karim Lena Marta Nikos Olga Pavel".split()
LAST = "Lee Stone Moor Petrov Sarkis Haddad Okafor Brandt Duarte Weber Aziz Novak Silva Pappas Horak Costa".split()
ROLES = (
    "the mayor",
    "the energy minister",
    "the chief of police",
    "the union leader",
    "the head of the port authority",
    "the opposition leader",
    "the harbour master",
    "the health minister",
)
THINGS = "bridge harbour school station hospital market theatre archive".split()
SAYINGS = (
    "We will open the {} again before the winter, whatever it costs the city",
    "We will not open the {} again before the winter, whatever it costs the city",
    "Nobody in this council has ever promised that the {} would be free",
    "The {} is older than this country, and it will outlive all of us",
    "The {} is a good deal older than this country and will outlive us all",
    "I have not seen the contract for the {}, and I do not expect to see it",
    "They sold the {} for less than a family pays for its flat",
    "We asked for the plans of the {} in March and were never given them",
)
BETWEEN = (
    "Traffic was stopped for an hour.",
    "The session went on until midnight.",
    "Rain fell on the square outside.",
    "Nobody was hurt, the fire brigade let it be known.",
)
FORMS = (
    '{who}, {role}, said: "{what}."',
    '"{what}," {who}, {role}, told reporters.',
    "{who}, {role}, said that {what}.",
    '"{what}," {who}, {role}, was quoted as saying by an aide.',
    'According to {other}, {who} said: "{what}."',
    '{other} said {who} had told colleagues: "{what}."',
    'The envoy said: "{what}."',
)


def build(chance: random.Random) -> None:
    """Articles of ten outlets, in which sixteen people say much the same things, beside the demo articles."""
    cast = [(f"{first} {last}", chance.choice(ROLES)) for first, last in zip(FIRST, LAST, strict=True)]
    said = [(chance.choice(cast), saying.format(thing)) for saying in SAYINGS for thing in THINGS]
    for number in range(ARTICLES):
        lines = [f"The council met behind closed doors again, in hall {number}."]
        for (who, role), what in chance.sample(said, 9):
            form = chance.choice(FORMS)
            words = what[0].lower() + what[1:] if form.endswith("that {what}.") else what
            lines += [form.format(who=who, role=role, what=words, other=chance.choice(cast)[0]), chance.choice(BETWEEN)]
        day = PUBLISHED + timedelta(days=chance.randrange(4))
        read_article("\n".join(lines), outlet=f"Paper {number % 10}", published=day)


class Desk:
    """An editor who does anything that may be done, to anything there is."""

    def __init__(self, actor: User, second: User, chance: random.Random) -> None:
        self.actor, self.second, self.chance = actor, second, chance
        self.done: Counter[str] = Counter()
        self.acts: dict[str, tuple[int, Callable[[], Any]]] = {
            "accept": (16, self.accept),
            "reject": (10, self.reject),
            "correct the speaker": (8, self.speaker),
            "correct the chain": (8, self.chain),
            "correct the bounds": (8, self.bounds),
            "correct the hedge": (6, self.hedge),
            "add": (6, self.add),
            "judge": (14, self.judge),
            "merge quotes": (4, self.merge),
            "split a wording off": (3, self.split),
            "take a report out": (5, self.take_out),
            "move a report": (5, self.move),
            "resolve": (3, self.resolve),
            "merge speakers": (1, self.merge_speakers),
            "split a speaker": (1, self.split_speaker),
            "edit a speaker": (2, self.edit_speaker),
            "name": (2, self.alias),
            "keep apart": (1, self.keep_apart),
            "flag": (4, self.flag),
            "settle": (3, self.settle),
            "report": (1, self.report),
        }

    def work(self, number: int) -> None:
        while sum(self.done.values()) < number:
            name = self.chance.choices(list(self.acts), [weight for weight, _ in self.acts.values()])[0]
            try:
                self.acts[name][1]()
            except (Conflict, NotAllowed, IndexError):
                continue
            self.done[name] += 1

    def row(self, **wanted: Any) -> Attribution:
        """A reading at random, mostly one that nobody has decided on."""
        shown = Attribution.objects.shown().filter(variant__isnull=False, **wanted)
        if self.chance.random() < 0.6:
            shown = shown.undecided()
        return self.one_of(shown)

    def person(self) -> Speaker:
        return self.one_of(Speaker.objects.current().filter(attributions__isnull=False).distinct())

    def quote(self, **wanted: Any) -> Quote:
        return self.one_of(Quote.objects.shown().filter(merged_into=None, **wanted))

    def one_of(self, rows: QuerySet[Any]) -> Any:
        """A row at random; IndexError when there is none."""
        return rows.model.objects.get(pk=self.chance.choice(list(rows.order_by("pk").values_list("pk", flat=True))))

    # --- readings ---

    def accept(self) -> None:
        row = self.row()
        review.accept(attribution=row, actor=self.actor, version=row.version)

    def reject(self) -> None:
        row = self.row()
        review.reject(attribution=row, actor=self.actor, version=row.version, reason="Nobody said so.")

    def speaker(self) -> None:
        correct_reading(self.row(), self.actor, speaker=self.chance.choice(["", "Eve Hart", str(self.person())]))

    def chain(self) -> None:
        tellers = [Teller(str(self.person())), Teller(description="two officials"), Teller()]
        number = self.chance.randrange(3)
        correct_reading(self.row(), self.actor, tellers=tuple(self.chance.sample(tellers, number)))

    def bounds(self) -> None:
        row = self.row()
        (first, *others) = review.reading_of(row).content
        space = row.revision.text[first.start : first.end].find(" ", 8)
        if space < 0:
            raise NotAllowed("It is too short.")
        middle = first.start + space
        content = self.chance.choice(
            [(TextSpan(first.start, middle), *others), (TextSpan(middle + 1, first.end), *others)]
        )
        correct_reading(row, self.actor, content=content)

    def hedge(self) -> None:
        correct_reading(self.row(), self.actor, hedged=True, form="mixed")

    def add(self) -> None:
        revision = self.one_of(Revision.objects.all())
        words = self.chance.choice(BETWEEN)
        start = revision.text.find(words)
        if start < 0:
            raise NotAllowed("It does not stand there.")
        reading = review.Reading((TextSpan(start, start + len(words)),), str(self.person()))
        review.add(revision=revision, actor=self.actor, reading=reading)

    # --- quotes ---

    def judge(self) -> None:
        pair = self.one_of(Match.objects.asked())
        answer: merge.Answer = self.chance.choice(["same", "different", "unsure"])
        merge.judge(pair=pair, actor=self.actor, answer=answer, seen="proposed")

    def merge(self) -> None:
        quote = self.quote()
        other = self.one_of(Quote.objects.shown().filter(speaker=quote.speaker, merged_into=None).exclude(pk=quote.pk))
        merge.merge(quote=quote, into=other, actor=self.actor, reason="One remark.")

    def split(self) -> None:
        merge.split(
            variant=self.chance.choice(list(self.quote().variants.all())), actor=self.actor, reason="Another day."
        )

    def take_out(self) -> None:
        merge.take_out(
            attribution=self.row(variant__quote__report_count__gt=1), actor=self.actor, reason="Another day."
        )

    def move(self) -> None:
        row = self.row()
        merge.move(attribution=row, into=self.quote(speaker=row.speaker), actor=self.actor, reason="It belongs there.")

    # --- people ---

    def resolve(self) -> None:
        open_ones = list(Attribution.objects.unresolved().order_by("pk").values_list("pk", flat=True))
        reports = self.chance.sample(open_ones, min(2, len(open_ones)))
        people.resolve(reports=reports, name=self.chance.choice(["Eve Hart", str(self.person())]), actor=self.actor)

    def merge_speakers(self) -> None:
        gone, kept = self.person(), self.person()
        people.merge(speaker=gone, into=kept, actor=self.actor, version=gone.version, reason="One person.")

    def split_speaker(self) -> None:
        old = self.person()
        reports = list(old.attributions.order_by("pk").values_list("pk", flat=True))[:2]
        name = self.chance.choice([old.name, "Max Hart"])
        people.split(
            speaker=old,
            reports=reports,
            relayed=[],
            name=name,
            actor=self.actor,
            version=old.version,
            reason="Two people.",
        )

    def edit_speaker(self) -> None:
        old = self.person()
        name, role = self.chance.choice([(old.name, ""), (f"{old.name} Junior", old.role), (old.name, "a singer")])
        people.edit(
            speaker=old, actor=self.actor, version=old.version, name=name, kind="person", role=role, wikidata_id="Q42"
        )

    def alias(self) -> None:
        text, kind = self.chance.choice([("the envoy", "title"), ("the Iron Lady", "epithet"), ("E. Hart", "name")])
        people.add_alias(speaker=self.person(), actor=self.actor, text=text, kind=kind)

    def keep_apart(self) -> None:
        people.keep_apart(one=self.person(), other=self.person(), actor=self.actor, reason="Two people.")

    # --- flags ---

    def flag(self) -> None:
        kind = self.chance.choice(["secondhand", "denied", "wording_altered", "cut_short"])
        flag.raise_flag(quote=self.quote(), actor=self.second, kind=kind, reason="Look at it.")

    def settle(self) -> None:
        one = self.one_of(Flag.objects.active())
        result = self.chance.choice(["upheld", "not_upheld", "explained"])
        flag.settle_flag(flag=one, actor=self.actor, version=one.version, result=result, reason="I looked at it.")

    def report(self) -> None:
        problem.dismiss(problem=make_problem(self.quote()), actor=self.actor, reason="It stands there like that.")


# --- what the decisions rest on ---


def _rows(table: Any, **wanted: Any) -> list[dict[str, Any]]:
    return list(table.objects.filter(**wanted).order_by("pk").values())


def decided_upon() -> dict[str, Any]:
    """All that editors decided, and what it stands on."""
    reports = list(Attribution.objects.decided().order_by("pk").values_list("pk", flat=True))
    answered = Match.objects.decided().order_by("pk")
    wordings = {*Attribution.objects.filter(pk__in=reports).values_list("variant", flat=True)}
    wordings |= {*answered.values_list("one", flat=True), *answered.values_list("other", flat=True)}
    edited = Speaker.objects.filter(version__gt=1) | Speaker.objects.exclude(merged_into=None)
    return {
        "readings": _rows(Attribution, pk__in=reports),
        "spans": _rows(Span, attribution__in=reports),
        "chains": _rows(Relay, attribution__in=reports),
        "wordings": _rows(Variant, pk__in=wordings - {None}),
        "answers": list(answered.values_list("pk", "one", "other", "outcome")),
        "merged quotes": list(Quote.objects.exclude(merged_into=None).order_by("pk").values_list("pk", "merged_into")),
        "speakers": list(edited.distinct().order_by("pk").values()),
        "namesakes": list(Speaker.apart_from.through.objects.order_by("pk").values()),
        "names": _rows(Alias),
        "flags": _rows(Flag),
        "reports": _rows(Problem),
        "decisions": _rows(Decision),
        "empty": _left_behind(),
    }


def _left_behind() -> dict[str, int]:
    """What must stay empty: merged quotes and merged speakers."""
    return {
        "reports of merged speakers": Attribution.objects.exclude(speaker__merged_into=None).count(),
        "told by merged speakers": Relay.objects.exclude(intermediary__merged_into=None).count(),
        "quotes of merged speakers": Quote.objects.shown().exclude(speaker__merged_into=None).count(),
        "reports in merged quotes": Attribution.objects.shown().exclude(variant__quote__merged_into=None).count(),
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs, row by row, so that a failure can be read."""
    return {
        name: [row for row in before[name] if row not in after[name]] or "more rows than before"
        for name in before
        if before[name] != after[name]
    }


def but_reopened(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What is now, but for flags that Hearsay's own rule reopened, on record: a reader that finds a firsthand report, or two
    quotes made one, is such a case."""
    number = len(before["decisions"])
    flags = {
        row["flag_id"]
        for row in after["decisions"][number:]
        if (row["actor_id"], row["verb"]) == (None, "reopened flag")
    }
    if len(after["decisions"]) != number + len(flags):
        return after
    was = {row["id"]: row for row in before["flags"]}
    kept = [{**was[row["id"]], "quote_id": row["quote_id"]} if row["id"] in flags else row for row in after["flags"]]
    return {**after, "decisions": after["decisions"][:number], "flags": kept}


def along(rows: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    """Rows without the columns that change when two whole quotes become one."""
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


def survivor(number: int) -> int:
    return Quote.objects.get(pk=number).survivor.pk


def moved_otherwise(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What matching anew did besides making one of two whole quotes, which nobody had kept apart.

    A report goes where its whole quote goes, in its words; what was answered stays answered, and what was kept apart apart.
    """
    wrong = [f"{name} changed" for name in ("spans", "chains", "speakers", "namesakes", "names", "decisions", "empty")
             if before[name] != after[name]]  # fmt: skip
    if along(before["readings"], "variant_id") != along(after["readings"], "variant_id"):
        wrong.append("readings changed")
    if along(before["flags"], "quote_id") != along(after["flags"], "quote_id"):
        wrong.append("flags changed")
    here = {row["id"]: row for row in before["wordings"]}
    quotes = dict(Variant.objects.values_list("pk", "quote"))
    marks = dict(Variant.objects.values_list("pk", "fingerprint"))
    for was, now in zip(before["readings"], after["readings"], strict=True):
        known = here.get(was["variant_id"])
        if known and (quotes[now["variant_id"]], marks[now["variant_id"]]) != (
            survivor(known["quote_id"]),
            known["fingerprint"],
        ):
            wrong.append(f"reading {was['id']} left its quote or its words")
    wrong += [f"flag {was['id']} left its quote" for was, now in zip(before["flags"], after["flags"], strict=True)
              if now["quote_id"] != survivor(was["quote_id"])]  # fmt: skip
    wrong += [
        f"quote {gone} leads elsewhere" for gone, kept in before["merged quotes"] if survivor(gone) != survivor(kept)
    ]
    answers = {pk: outcome for pk, _, _, outcome in after["answers"]}
    for pk, one, other, outcome in before["answers"]:
        if answers.get(pk) != outcome:
            wrong.append(f"pair {pk} is {answers.get(pk)}, not {outcome}")
        apart = here[one]["quote_id"] != here[other]["quote_id"]
        if outcome in ("different", "unsure") and apart and quotes[one] == quotes[other]:
            wrong.append(f"pair {pk} was kept apart and is one quote")
    return wrong


@pytest.fixture
def rules_alone() -> Iterator[Callable[[], None]]:
    """Turns the model off: what reads then finds less, in other bounds, of other speakers."""
    yield lambda: tagger.use(None)
    tagger.use(tagger.SHIPPED)


def reread() -> int:
    err = StringIO()
    call_command("reread", stderr=err)
    return int(err.getvalue().split()[0])


def found() -> list[str]:
    """What cannot be, of all that is kept."""
    return [str(finding) for finding in checks.run(repair=False, tell=lambda name, done, total: None)]


def test_reading_everything_again_changes_nothing_that_was_decided(
    demo: None, editor: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules_alone: Callable[[], None]
) -> None:
    chance = random.Random(20250521)
    build(chance)
    desk = Desk(editor, make_user("edgar", "editors"), chance)
    desk.work(DECISIONS)
    assert all(desk.done[name] for name in desk.acts), desk.done
    before = decided_upon()
    assert not any(before["empty"].values()), before["empty"]
    assert len(before["readings"]) > 200
    assert len(before["answers"]) > 40
    assert found() == []

    monkeypatch.setattr(extract, "extractor", lambda: "a newer reader")
    assert reread() > 40  # all that nobody decided on is read anew
    assert changed(before, decided_upon()) == {}

    call_command("rematch", engine="loop", folder=tmp_path / "rematch", stdout=StringIO())
    matched = decided_upon()
    assert moved_otherwise(before, but_reopened(before, matched)) == []
    assert found() == []

    monkeypatch.undo()
    undecided = set(Attribution.objects.undecided().values_list("span_key", "revision", "speaker"))
    rules_alone()
    assert reread() > 40
    now = set(Attribution.objects.undecided().values_list("span_key", "revision", "speaker"))
    assert now != undecided, "the other reader reads as the first one did, which proves nothing"
    assert changed(matched, but_reopened(matched, decided_upon())) == {}
    assert Article.objects.filter(stage=Article.Stage.READ).count() == Article.objects.count()
    assert found() == []
