"""Forms: plain ones, with typed cleaners where a field needs more than Django gives."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from quotes.models import Flag, Quote
from quotes.models.review import EVIDENCE, KINDS, SERIOUS
from quotes.models.watch import EVENT_MEANINGS, EVENTS, PERIODS
from quotes.services.flag import RESULTS
from quotes.services.merge import VERBS
from quotes.services.search import SORTS
from quotes.text.query import LONGEST


class Renderer(TemplatesSetting):
    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"


def _date(**kwargs: Any) -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class LookForm(forms.Form):
    """The one box on the home page."""

    box = forms.CharField(
        label="Paste a quote, a link or a name",
        strip=True,
        max_length=600_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Paste something first: a quote, a link, a name, or an article."},
    )


class ArticleDetailsForm(forms.Form):
    """What is known of an article besides its text."""

    outlet = forms.CharField(required=False, max_length=200, help_text="Who published it, such as Newspoint.")
    published = _date(help_text="The day it came out. It decides who was president or minister.")

    def clean_published(self) -> datetime | None:
        day: date | None = self.cleaned_data["published"]
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


class PasteForm(ArticleDetailsForm):
    text = forms.CharField(
        label="Text of the article",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Menus, captions and other furniture of the page are taken off.",
        error_messages={"required": "There is no text. Paste the words of the article."},
    )
    title = forms.CharField(
        required=False, max_length=500, help_text="Left empty, the headline is looked for in the text."
    )
    byline = forms.CharField(required=False, max_length=300, help_text="Who wrote it.")
    url = forms.CharField(
        label="Address", required=False, max_length=2000, help_text="Where it was published, starting with https://."
    )
    field_order = ["text", "title", "outlet", "published", "byline", "url"]


class FileForm(ArticleDetailsForm):
    file = forms.FileField(
        label="File",
        help_text="One article as .txt or .html, or many as .jsonl: one JSON object a line with url, title, outlet, byline, published, language, text.",
        error_messages={"empty": "The file is empty."},
    )
    field_order = ["file", "outlet", "published"]


class FlagForm(forms.Form):
    kind = forms.ChoiceField(
        label="What about",
        choices=[(kind, f"{label} (serious)" if kind in SERIOUS else label) for kind, label in KINDS.items()],
        help_text="Serious ones take two other editors and two items of evidence.",
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        help_text="Shown with the flag. Never name a confidential source here.",
        error_messages={"required": "Say why: a flag needs a reason."},
    )


class VersionedForm(forms.Form):
    """Carries the version its reader saw, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(VersionedForm):
    """An act on a flag that needs a word to the others."""

    reason = forms.CharField(
        label="Note",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Leave a note: others will want to know."},
    )


class WaitForm(NoteForm):
    due_on = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ["version", "due_on", "reason"]


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(choices=list(EVIDENCE.items()))
    note = forms.CharField(
        label="What it shows",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Never who a confidential source is.",
        error_messages={"required": "Say what it shows."},
    )
    url = forms.URLField(label="Where it is", required=False, max_length=2000, assume_scheme="https")
    archive_url = forms.URLField(
        label="Archived copy",
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text="Such as https://web.archive.org/web/… – pages change.",
    )


class SettleForm(VersionedForm):
    result = forms.ChoiceField(choices=[(str(key), label) for key, label in RESULTS.items()], widget=forms.RadioSelect)
    duplicate_of = forms.ModelChoiceField(
        Flag.objects.none(), required=False, label="The flag it repeats", help_text="For a duplicate only."
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        help_text="Required whatever the result; it stays in the history.",
        error_messages={"required": "Say why: settling a flag needs a reason."},
    )


class DecideForm(VersionedForm):
    reason = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))


class CorrectForm(VersionedForm):
    speaker = forms.CharField(
        required=False,
        max_length=300,
        help_text="Who said it. Empty: nobody can be named.",
        widget=forms.TextInput(attrs={"list": "speakers", "autocomplete": "off"}),
    )
    hedged = forms.BooleanField(required=False, label="The article doubts that it was said")
    reason = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))


class RelayForm(VersionedForm):
    name = forms.CharField(
        label="Who told us",
        required=False,
        max_length=300,
        help_text="By name, as on the speaker’s page.",
        widget=forms.TextInput(attrs={"list": "speakers", "autocomplete": "off"}),
    )
    description = forms.CharField(
        required=False,
        max_length=500,
        label="Or as described",
        help_text="For somebody unnamed: “two officials briefed on the call”.",
    )
    role = forms.CharField(required=False, max_length=300, help_text="As printed: “Russian presidential aide”.")
    reason = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    """A reason that may be given."""

    reason = forms.CharField(required=False, max_length=5000)


class AnswerForm(ReasonForm):
    """Whether two wordings are one quote, and the answer its reader saw."""

    answer = forms.ChoiceField(
        choices=list(VERBS.items()), error_messages={"required": "Choose one of: same quote, different, can’t tell."}
    )
    seen = forms.CharField(max_length=10)


class LeaveForm(forms.Form):
    """Why a wording or a report leaves its quote."""

    reason = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What shows that it is, or is not, one remark.",
        error_messages={"required": "Say why: others will want to know."},
    )


class MergeForm(LeaveForm):
    """Why two quotes are one, and which."""

    other = forms.CharField(
        max_length=300,
        label="The other quote",
        help_text="Its address or its number. The older address stays; the other leads there.",
        error_messages={"required": "Give the address or the number of the other quote."},
    )
    field_order = ["other", "reason"]

    def clean_other(self) -> Quote:
        """The quote whose number ends what was typed."""
        found = re.search(r"(\d{1,18})/?\s*$", self.cleaned_data["other"])
        quote = Quote.objects.filter(pk=int(found[1])).first() if found else None
        if quote is None:
            raise forms.ValidationError("There is no quote at this address.")
        return quote.merged_into or quote


class WatchForm(forms.Form):
    """Which events somebody wants to be told of, and how often by e-mail."""

    events = forms.MultipleChoiceField(
        label="Tell me of",
        choices=[(kind, f"{label}. {EVENT_MEANINGS[kind]}") for kind, label in EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )
    period = forms.ChoiceField(
        label="By e-mail",
        choices=list(PERIODS.items()),
        widget=forms.RadioSelect,
        help_text="Everything you watch in one e-mail. Your list and your feed have it in any case.",
        error_messages={"required": "Choose how often you want an e-mail."},
    )


class SearchForm(forms.Form):
    """The search of quotes: one line that says it all, and the order."""

    all_optional = True

    q = forms.CharField(
        required=False,
        max_length=LONGEST,
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    sort = forms.ChoiceField(required=False, choices=list(SORTS.items()), label="Order")


class DaysForm(forms.Form):
    """From which day and until when; they become operators of the search."""

    all_optional = True

    after = _date(label="From")
    before = _date(label="Until")
