"""Match review: is it the same quote? The queue, one pair at a time, and the page that mends one quote."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from quotes.desk_forms import AnswerForm, LeaveForm, MergeForm, MoveForm
from quotes.http import EditorRequest, TakenDown, asked, chosen, number_in, paginate, refuse_taken_down, render
from quotes.models import Attribution, Decision, Match, Quote, Variant
from quotes.models.match import KINDS
from quotes.services import merge
from quotes.services.record import Conflict, NotAllowed
from quotes.text.diff import changes
from quotes.views.quote import wordings

KIND_NAMES = {"": "All", **{kind: name for kind, (name, _) in KINDS.items()}}

MERGED_MEANWHILE = (
    "Nothing was changed: the quote you were arranging has been merged into this one in the meantime. "
    "Look at what it is now, and send it again if it still holds."
)
LEFT_MEANWHILE = (
    "Nothing was changed: that part is not in this quote any more. Look at what it is now, and choose again."
)


def _done(request: EditorRequest) -> Decision | None:
    """What this editor decided a moment ago, while it can be undone."""
    known = Decision.objects.filter(pk=number_in(asked(request, "done")), actor=request.user)
    decision = known.select_related("undone_by").first()
    return decision if decision and decision.can_be_undone else None


@login_required
@permission_required("quotes.judge_match", raise_exception=True)
@require_GET
def queue(request: EditorRequest) -> HttpResponse:
    """What waits for an answer, the likeliest first."""
    kind = chosen(request, "kind", KIND_NAMES)
    waiting = Match.objects.asked()
    page = paginate(request, waiting.of_kind(kind).likeliest_first().with_wordings())
    counts = [(name, label, waiting.of_kind(name).count()) for name, label in KIND_NAMES.items()]
    context = {"page": page, "kind": kind, "kind_name": KIND_NAMES[kind], "counts": counts, "done": _done(request)}
    return render_page(request, "match/queue.html", context)


@login_required
@permission_required("quotes.judge_match", raise_exception=True)
@require_http_methods(["GET", "POST"])
def review(request: EditorRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(Match.objects.with_wordings(), pk=pk)
    refuse_taken_down(pair.one.quote, pair.other.quote)
    if Variant.objects.taken_down().filter(pk__in=[pair.one_id, pair.other_id]).exists():
        raise TakenDown([])
    if request.method == "GET":
        return _pair(request, pair, _done(request))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _pair(
            request, pair, None, refusal=" ".join(str(error) for errors in form.errors.values() for error in errors)
        )
    try:
        decision = merge.judge(pair=pair, actor=request.user, **form.cleaned_data)
    except (Conflict, NotAllowed) as refusal:
        pair = get_object_or_404(Match.objects.with_wordings(), pk=pk)
        return _pair(request, pair, None, refusal=str(refusal))
    following = (
        Match.objects.asked()
        .of_kind(chosen(request, "kind", KIND_NAMES))
        .after(pair)
        .likeliest_first()
        .with_wordings()
        .first()
    )
    query = urlencode({"kind": chosen(request, "kind", KIND_NAMES), "done": decision.pk})
    address = f"{reverse('match_review', args=[following.pk])}?{query}" if following else ""
    if following is None or not request.htmx:
        return _go(request, address or f"{reverse('match_queue')}?{query}")
    response = _pair(request, following, decision)
    response["HX-Push-Url"] = address
    return response


def _go(request: EditorRequest, address: str) -> HttpResponse:
    """A redirect, which htmx follows as a browser would."""
    if not request.htmx:
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def _pair(request: EditorRequest, pair: Match, done: Decision | None, refusal: str = "") -> HttpResponse:
    kind = chosen(request, "kind", KIND_NAMES)
    waiting = Match.objects.asked().of_kind(kind)
    context = {
        "match": pair,
        "sides": _sides(pair),
        "following": waiting.after(pair).likeliest_first().first(),
        "waiting": waiting.count(),
        "kind": kind,
        "kind_name": KIND_NAMES[kind],
        "done": done,
        "refusal": refusal,
        "decisions": Decision.objects.filter(match=pair).select_related("actor", "undone_by"),
    }
    return render(request, "match/review.html", "match/_pair.html", context)


def _sides(pair: Match) -> list[dict[str, object]]:
    """Each wording with its reports, the first one's chain in full. Five queries for both."""
    shown = Attribution.objects.shown().filter(variant__in=[pair.one, pair.other]).with_evidence()
    reports: dict[int | None, list[Attribution]] = {pair.one.pk: [], pair.other.pk: []}
    for report in shown.in_order_of_publication():
        reports[report.variant_id].append(report)
    found = changes(pair.one.wording, pair.other.wording)
    return [
        {
            "variant": side,
            "reports": reports[side.pk],
            "first": next(iter(reports[side.pk]), None),
            "changes": [change for change in found if change.kind in ("same", mark)],
        }
        for side, mark in ((pair.one, "deleted"), (pair.other, "inserted"))
    ]


@login_required
@permission_required("quotes.judge_match", raise_exception=True)
@require_http_methods(["GET", "POST"])
def arrange(request: EditorRequest, pk: int) -> HttpResponse:
    """Takes a quote apart, or puts another one with it."""
    named = get_object_or_404(Quote.objects.select_related("speaker", "merged_into__speaker"), pk=pk)
    quote = named.survivor
    if quote != named and request.method == "GET":
        return redirect("match_arrange", pk=quote.pk)
    refuse_taken_down(quote)
    form: LeaveForm = MergeForm(request.POST) if "merge" in request.POST else MoveForm(request.POST or None)
    if form.is_valid():
        try:
            if quote != named:
                raise Conflict(MERGED_MEANWHILE)
            changed = _act(request, quote, form)
            messages.success(request, "Saved. The history says what changed, and can undo it.")
            return redirect("match_arrange", pk=changed.pk)
        except (Conflict, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
    context = {
        "quote": quote,
        "leave_form": MoveForm(auto_id="leave_%s") if isinstance(form, MergeForm) else form,
        "merge_form": form if isinstance(form, MergeForm) else MergeForm(auto_id="merge_%s"),
        "wordings": wordings(quote, _reports(quote)),
        "decisions": Decision.objects.about_quote(quote).shown(),
    }
    return render_page(request, "match/arrange.html", context)


def _reports(quote: Quote) -> QuerySet[Attribution]:
    shown = Attribution.objects.shown().filter(variant__quote=quote).with_evidence()
    return shown.in_order_of_publication()


def _act(request: EditorRequest, quote: Quote, form: LeaveForm) -> Quote:
    """What the button that was pressed does; the quote to look at next. Raises as the services do."""
    reason, actor = form.cleaned_data["reason"], request.user
    if isinstance(form, MergeForm):
        return merge.merge(quote=quote, into=form.cleaned_data["other"], actor=actor, reason=reason)
    if "split" in request.POST:
        variant = Variant.objects.filter(quote=quote, pk=number_in(request.POST["split"])).first()
        if variant is None:
            raise Conflict(LEFT_MEANWHILE)
        merge.split(variant=variant, actor=actor, reason=reason)
    else:
        number = request.POST.get("move") or request.POST.get("take_out", "")
        attribution = Attribution.objects.filter(variant__quote=quote, pk=number_in(number)).first()
        if attribution is None:
            raise Conflict(LEFT_MEANWHILE)
        if "move" in request.POST:
            if form.cleaned_data["into"] is None:
                raise NotAllowed("Give the address or the number of the quote it belongs to.")
            return merge.move(attribution=attribution, into=form.cleaned_data["into"], actor=actor, reason=reason)
        merge.take_out(attribution=attribution, actor=actor, reason=reason)
    return quote
