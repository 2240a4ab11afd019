"""Taking a quote or an article down and bringing it back, by desk heads; and, for everybody, what was taken down when."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from quotes.desk_forms import ReasonForm, TakedownForm
from quotes.http import EditorRequest, Request, may, paginate
from quotes.models import Article, Decision, Quote, Takedown
from quotes.services import takedown
from quotes.services.record import Conflict, NotAllowed

TAKEN = "Taken down everywhere. Only desk heads can open it until it is brought back."
BROUGHT = "Brought back: it shows as before."
MERGED = "Nothing was done: the quote has been merged into this one in the meantime. Look at it, and send it again if it holds."


@login_required
@permission_required("quotes.take_down", raise_exception=True)
@require_http_methods(["GET", "POST"])
def quote(request: EditorRequest, pk: int) -> HttpResponse:
    """Takes one quote down, or brings it back. A merged quote's address leads to the one it was merged into."""
    named = get_object_or_404(Quote.objects.select_related("merged_into__takedown", "takedown"), pk=pk)
    found = named.survivor
    if found != named and request.method == "GET":
        return redirect("takedown_quote", pk=found.pk)
    words = found.words or next((variant.wording for variant in found.variants.all()[:1]), "")
    return _page(request, found, "takedown/quote.html", words, refusal=MERGED if found != named else "")


@login_required
@permission_required("quotes.take_down", raise_exception=True)
@require_http_methods(["GET", "POST"])
def article(request: EditorRequest, pk: int) -> HttpResponse:
    """Takes one article down with everything read from it, or brings it back."""
    found = get_object_or_404(Article.objects.select_related("outlet", "takedown"), pk=pk)
    return _page(request, found, "takedown/article.html", found.title)


def _page(
    request: EditorRequest, subject: Quote | Article, template: str, words: str, refusal: str = ""
) -> HttpResponse:
    """The form that fits: why it is taken down, or why it is brought back. With a refusal, nothing is done."""
    is_down = hasattr(subject, "takedown")
    form_class = ReasonForm if is_down else TakedownForm
    form = form_class(request.POST or None, auto_id="takedown_%s")
    if form.is_valid():
        try:
            if refusal:
                raise Conflict(refusal)
            if is_down:
                takedown.bring_back(subject=subject, actor=request.user, **form.cleaned_data)
            else:
                takedown.take_down(subject=subject, actor=request.user, **form.cleaned_data)
        except (Conflict, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, BROUGHT if is_down else TAKEN)
            return redirect(subject)
    context = {"subject": subject, "words": words, "form": form, "is_down": is_down}
    return render(request, template, context, status=409 if form.non_field_errors() else 200)


@require_GET
def browse(request: Request) -> HttpResponse:
    """What was taken down and brought back, when, and why in a word; for desk heads what it is, and whose decision it was."""
    is_desk = may(request.user, "take_down")
    page = paginate(request, Decision.objects.takedowns())
    down = Takedown.objects.with_subjects() if is_desk else Takedown.objects.none()
    return render(request, "takedown/browse.html", {"page": page, "down": down})
