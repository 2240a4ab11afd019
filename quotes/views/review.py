"""What waits for editors: the queue, its inspector, acts on one row by key or button, and on several ticked ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from quotes.desk_forms import ActForm, BulkForm, QueueForm
from quotes.http import EditorRequest, asked, chosen, may, number_in, paginate, render
from quotes.models import Attribution, Decision, Flag, Problem
from quotes.models.review import KIND_MEANINGS, SERIOUS
from quotes.models.review import KINDS as FLAGS
from quotes.services import desk
from quotes.services.desk import ACTS, Choice
from quotes.services.queue import KINDS, VIEWS, Item, Queue, alike, item_of, subjects
from quotes.services.record import Conflict, NotAllowed
from quotes.services.resolve import candidates
from quotes.services.search import Search
from quotes.text.query import LONGEST, parse

KEYS = {"yes": "u", "no": "n", "unsure": "s", "take": "t"}
"""Act -> its key, unless an editor chose another."""

KEYS_TOLD = (
    ("j", "Next row"),
    ("k", "Row before"),
    ("o", "Open the row, or the ticked ones together"),
    ("x", "Tick the row"),
    ("t", "Take it up"),
    ("e", "Evidence, or edit"),
    ("u", "Uphold, accept, same quote"),
    ("n", "Not upheld, reject, different"),
    ("s", "Not sure, can’t tell"),
    ("z", "Undo, within ten seconds"),
    ("/", "Narrow down"),
    ("?", "These keys"),
)
"""Every key and what it does, as the page tells and an editor may change."""

RIGHTS = {
    "flag": "settle_flag",
    "problem": "settle_flag",
    "match": "judge_match",
    "reading": "review_attribution",
    "mention": "mend_speaker",
}
"""Kind of row -> the right its acts take."""

KIND_NAMES = {"": "Everything", **KINDS}
MOST_AT_ONCE = 50
EXAMPLES = 3


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_GET
def queue(request: EditorRequest) -> HttpResponse:
    """All that waits in one table, the most pressing first; `?view=`, `?kind=` and the search `?q=` narrow it down."""
    waiting, query = _queue(request)
    counts = waiting.counts()
    page = paginate(request, waiting.rows(), count=waiting.total)
    items = waiting.items(list(page.object_list))
    context = {
        "page": page,
        "items": items,
        "view": waiting.view,
        "views": _views(counts),
        "kind": waiting.kind,
        "kinds": KIND_NAMES,
        "query": query,
        "form": QueueForm({"q": str(query)}, auto_id="queue_%s"),
        "keys": KEYS_TOLD,
    }
    return render_page(request, "review/queue.html", context)


def _queue(request: EditorRequest) -> tuple[Queue, Any]:
    view, kind = chosen(request, "view", VIEWS), chosen(request, "kind", KIND_NAMES)
    query = parse(asked(request, "q", LONGEST), FLAGS)
    return Queue(request.user, view, kind, Search(query).quotes() if query.terms else None), query


def _views(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(name, label, counts[name]) for name, label in VIEWS.items()]


# --- one row ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """An act as the inspector offers it."""

    act: str
    key: str
    label: str
    consequence: str


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_GET
def item(request: EditorRequest, kind: str, pk: int) -> HttpResponse:
    """The inspector: one row's words in context, why it waits, its chain, and what may be done."""
    found = _item(kind, pk)
    if found is None:
        raise Http404
    return render(request, "review/item.html", "review/_item.html", _inspected(found))


def _item(kind: str, number: int) -> Item | None:
    subject = subjects(kind, [number]).get(number) if kind in KINDS else None
    return item_of(kind, subject) if subject is not None else None


def _inspected(found: Item, **more: Any) -> dict[str, Any]:
    """What the inspector needs. Up to eight queries."""
    buttons = [
        Button(name, KEYS[name], act.label, act.consequence) for (kind, name), act in ACTS.items() if kind == found.kind
    ]
    context = {
        "item": found,
        "subject": found.subject,
        "seen": desk.seen_of(found.kind, found.subject),
        "buttons": buttons if found.kind != "mention" else [],
        "template": f"review/_item_{found.kind}.html",
        **_edit(found),
        **more,
    }
    if isinstance(found.subject, Attribution):
        same = alike(found.subject) if found.kind == "mention" else Attribution.objects.filter(pk=found.subject.pk)
        context["reports"] = list(same.with_evidence()[:EXAMPLES])
        context["alike"] = same.count() if found.kind == "mention" else 1
        context["candidates"] = candidates(found.subject) if found.kind == "mention" and context["alike"] else []
    elif isinstance(found.subject, Flag):
        context["evidence"] = found.subject.evidence.strongest_first()
        context["flag_meaning"] = KIND_MEANINGS.get(found.subject.kind, "")
    return context


def _edit(found: Item) -> dict[str, str]:
    """Where more can be done than by a key."""
    address, label = {
        "flag": ("flag_detail", "Evidence, wait, take over"),
        "problem": ("quote_detail", "Look at the quote"),
        "match": ("match_review", "Look at both closely"),
        "mention": ("people_resolve", "Look at every report, or name somebody else"),
        "reading": ("reading_correct", "Correct it"),
    }[found.kind]
    number = found.subject.quote_id if isinstance(found.subject, Problem) else found.subject.pk
    return {"edit": reverse(address, args=[number]), "edit_label": label}


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_POST
def act(request: EditorRequest) -> HttpResponse:
    """Does one act to one row. For htmx: the inspector of the row that follows, and what was done, with its undoing."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    kind, number = data["kind"], data["number"]
    if not may(request.user, RIGHTS[kind]):
        raise PermissionDenied
    choice = Choice(data["act"], data["seen"], data["written"] or data["reason"], data["name"])
    try:
        decision = desk.act_on(kind=kind, number=number, choice=choice, actor=request.user)
    except (Conflict, NotAllowed) as refusal:
        return _refused(request, kind, number, choice, str(refusal))
    if not request.htmx:
        messages.success(request, f"{_said(choice, decision, kind)}. The history can undo it.")
        return redirect("review_queue")
    return _acted(request, kind, number, choice, decision, data["following"])


def _acted(
    request: EditorRequest, kind: str, number: int, choice: Choice, decision: Decision, following: str
) -> HttpResponse:
    is_gone = choice.act != "take"
    after = _item(kind, number) if not is_gone else _named(following)
    waiting, _ = _queue(request)
    views = _views(waiting.counts())
    context = {
        **(_inspected(after) if after else {}),
        "done": decision,
        "said": _said(choice, decision, kind),
        "left": waiting.total,
        "views": views,
        "view": waiting.view,
        "changed": None if is_gone else after,
        "back": f"{reverse('review_queue')}?{request.GET.urlencode()}#open-{kind}-{number}",
    }
    response = render_page(request, "review/_acted.html", context)
    return trigger_client_event(response, "acted", {"row": f"row-{kind}-{number}", "gone": is_gone}, after="settle")


def _said(choice: Choice, decision: Decision, kind: str) -> str:
    """What was done, in a word or two; of a serious flag, that it waits for a second editor."""
    if decision.flag is not None and decision.flag.is_active and choice.act != "take":
        return f"{decision.verb[:1].upper()}{decision.verb[1:]}"
    return ACTS[(kind, choice.act)].said


def _named(key: str) -> Item | None:
    """The item that a key such as *reading-12* names."""
    kind, _, number = key.partition("-")
    return _item(kind, number_in(number))


def _refused(request: EditorRequest, kind: str, number: int, choice: Choice, refusal: str) -> HttpResponse:
    """The inspector as things are now, with what was typed and why it was not done; nothing when the row is gone.

    While only the reason is asked for, what was seen stays: a change by somebody else since then is not passed over.
    """
    found = _item(kind, number)
    if found is None:
        raise Http404
    wanted = ACTS.get((kind, choice.act))
    is_asking = bool(wanted and wanted.needs_reason and not choice.reason.strip())
    context = _inspected(found, choice=choice)
    if is_asking and wanted:
        context |= {"asking": wanted, "quick": _quick(found, wanted), "kinds": _flag_kinds(found, choice)}
        context["seen"] = choice.seen
    else:
        context |= {"refusal": refusal, "decisions": _decisions(found)}
    response = render(request, "review/item.html", "review/_item.html", context)
    response["HX-Reswap"] = "innerHTML settle:0ms"
    return response


def _quick(found: Item, act: desk.Act) -> tuple[str, ...]:
    """Reasons that often hold. What is serious is always answered in one's own words."""
    return () if getattr(found.subject, "kind", "") in SERIOUS else act.reasons


def _flag_kinds(found: Item, choice: Choice) -> dict[str, str]:
    """What a reader's report may be about, when the reader did not say and a flag is to be made of it."""
    is_open = isinstance(found.subject, Problem) and not found.subject.kind and choice.act == "yes"
    return {kind: label for kind, label in FLAGS.items() if kind not in SERIOUS} if is_open else {}


def _decisions(found: Item) -> Iterable[Decision]:
    """What others did to it, newest first: the second writer sees both."""
    subject = found.subject
    if isinstance(subject, Problem):
        about = Q(quote=subject.quote_id)
    elif found.kind == "mention":
        about = Q(speaker=subject.speaker_id, speaker__isnull=False)  # type: ignore[union-attr]
    else:
        about = Q(**{{"flag": "flag", "match": "match"}.get(found.kind, "attribution"): subject.pk})
    return Decision.objects.filter(about).select_related("actor", "undone_by")[:EXAMPLES]


# --- several rows ----------------------------------------------------------------------------------


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_http_methods(["GET", "POST"])
def several(request: EditorRequest) -> HttpResponse:
    """Lists the ticked rows, and does one act to all of them; what is serious or changes a meaning is left out."""
    given = request.POST if request.method == "POST" else request.GET
    keys = list(dict.fromkeys(given.getlist("item")))[:MOST_AT_ONCE]
    items = [found for key in keys if (found := _named(key))]
    acts = _bulk_acts(items)
    form = BulkForm(request.POST or None, acts=acts, needing=_needing_reason(items), keys=KEYS, auto_id="bulk_%s")
    done: list[tuple[Item, Decision]] = []
    refused: list[tuple[Item, str]] = []
    if request.method == "POST" and form.is_valid():
        for found in items:
            _one_of_several(request, found, form.cleaned_data, done, refused)
    context = {
        "form": form,
        "items": [(found, _seen(request, found), _bulk_acts([found])) for found in items],
        "done": done,
        "refused": refused,
        "is_over": bool(done or refused),
        "keys": [(KEYS[name], label) for name, label in acts],
    }
    return render_page(request, "review/several.html", context)


def _seen(request: EditorRequest, found: Item) -> str:
    """What an editor saw of a row: when the form comes back, what they saw at first."""
    return _bounded(request, found) or desk.seen_of(found.kind, found.subject)


def _bounded(request: EditorRequest, found: Item) -> str:
    return request.POST.get(f"seen-{found.key}", "").replace("\x00", "")[:20]


def _needing_reason(items: Iterable[Item]) -> set[str]:
    """The acts that need a reason for one of the rows they may be done to."""
    return {
        name
        for each in items
        for (kind, name), known in ACTS.items()
        if kind == each.kind and known.needs_reason and desk.in_bulk(kind, each.subject, name)
    }


def _bulk_acts(items: Iterable[Item]) -> list[tuple[str, str]]:
    """The acts that at least one of the rows allows in bulk, with what they do to each kind."""
    found: dict[str, dict[str, None]] = {}
    for each in items:
        for (kind, name), known in ACTS.items():
            if kind == each.kind and desk.in_bulk(kind, each.subject, name):
                found.setdefault(name, {})[f"{KINDS[kind]}: {known.label}"] = None
    return [(name, " · ".join(labels)) for name, labels in found.items()]


def _one_of_several(
    request: EditorRequest,
    found: Item,
    data: dict[str, Any],
    done: list[tuple[Item, Decision]],
    refused: list[tuple[Item, str]],
) -> None:
    """One row in a transaction of its own: what another editor was first at stands in nobody's way."""
    if not desk.in_bulk(found.kind, found.subject, data["act"]) or not may(request.user, RIGHTS[found.kind]):
        refused.append((found, "Not in bulk: decide on it by itself."))
        return
    choice = Choice(data["act"], _bounded(request, found), data["reason"])
    try:
        decision = desk.act_on(kind=found.kind, number=found.subject.pk, choice=choice, actor=request.user)
        done.append((found, decision))
    except (Conflict, NotAllowed) as refusal:
        refused.append((found, str(refusal)))
