"""Forms of the editors' desk: flags, the queue, pairs of wordings, quotes and speakers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy

from quotes.forms import date_field
from quotes.models import Alias, Flag, Quote, Speaker
from quotes.models.review import EVIDENCE
from quotes.models.takedown import CATEGORIES
from quotes.services.flag import RESULTS
from quotes.services.merge import VERBS
from quotes.services.queue import KINDS as QUEUED
from quotes.text.query import LONGEST


class VersionedForm(forms.Form):
    """Carries the version its reader saw, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(VersionedForm):
    """An act on a flag that needs a word to the others."""

    reason = forms.CharField(
        label="Note",
        help_text="It stays in the history. Never name a confidential source.",
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
    """Whether a reading is right, and why."""

    reason = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed to reject; it stays in the history. Never name a confidential source.",
    )


def name_input() -> forms.TextInput:
    """A field that offers known speakers as one types."""
    return forms.TextInput(
        attrs={
            "list": "people",
            "autocomplete": "off",
            "hx-get": reverse_lazy("speaker_suggest"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#people",
        }
    )


class FactsForm(VersionedForm):
    """What a speaker is called and is."""

    name = forms.CharField(max_length=300)
    kind = forms.ChoiceField(choices=Speaker.Kind.choices)
    role = forms.CharField(max_length=300, required=False, label="Introduced as")
    wikidata_id = forms.CharField(
        max_length=20, required=False, label="Wikidata", help_text="Such as Q7747. Who entered it is shown with it."
    )
    reason = forms.CharField(required=False, max_length=5000)


class AliasForm(forms.Form):
    """Another way to print a speaker."""

    text = forms.CharField(max_length=300, label="As printed", help_text="Such as “foreign minister” or “V. Putin”.")
    kind = forms.ChoiceField(choices=Alias.Kind.choices)
    valid_from = date_field(label="From", help_text="For a title: the day it began.")
    valid_until = date_field(label="Until", help_text="The first day it was no longer held.")
    source = forms.CharField(max_length=300, required=False, label="Where the days are from")


class IntoForm(forms.Form):
    """Whom a speaker is to be merged into."""

    into = forms.CharField(max_length=320, label="Who it is", help_text="This one’s name stays.", widget=name_input())


class SpeakerMergeForm(VersionedForm):
    """Why two speakers are one."""

    reason = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What shows that it is one person. It stays in the history. Never name a confidential source.",
        error_messages={"required": "Say why: merging two speakers needs a reason."},
    )


class SplitForm(SpeakerMergeForm):
    """Who the ticked things belong to, and why."""

    name = forms.CharField(
        max_length=320,
        label="Who the ticked ones belong to",
        help_text="The same name makes a namesake, kept apart from now on.",
        widget=name_input(),
    )
    field_order = ["name", "reason"]


class ApartForm(forms.Form):
    """Who is somebody else, and how one tells."""

    other = forms.CharField(max_length=320, label="Is not", widget=name_input())
    reason = forms.CharField(
        max_length=5000, label="How one tells them apart", help_text="Never name a confidential source."
    )


class ResolveForm(forms.Form):
    """Who it is that some articles name."""

    name = forms.CharField(max_length=320, required=False, label="Somebody else", widget=name_input())
    candidate = forms.CharField(max_length=320, required=False)
    reason = forms.CharField(required=False, max_length=5000)


class QueueForm(forms.Form):
    """What narrows the queue down: a search of quotes."""

    all_optional = True

    q = forms.CharField(
        required=False,
        max_length=LONGEST,
        label="Narrow down",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "speaker:… via:… outlet:…",
            }
        ),
    )


class ActForm(forms.Form):
    """One act on one row of the queue."""

    kind = forms.ChoiceField(choices=list(QUEUED.items()))
    number = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    act = forms.CharField(max_length=10)
    seen = forms.CharField(required=False, max_length=20)
    reason = forms.CharField(required=False, max_length=5000)
    written = forms.CharField(required=False, max_length=5000)
    name = forms.CharField(required=False, max_length=300)
    following = forms.CharField(required=False, max_length=40)


class ByKey(forms.RadioSelect):
    """Radio buttons, each of which a key presses."""

    keys: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-key"] = self.keys.get(value, "")
        return option


class BulkForm(forms.Form):
    """One act on several rows."""

    act = forms.ChoiceField(label="What is to be done", choices=[], widget=ByKey)
    reason = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed to reject, and to settle flags. It stays in the history of each. Never name a confidential source.",
    )

    def __init__(
        self, *args: Any, acts: list[tuple[str, str]], needing: set[str], keys: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].widget.keys = keys
        self._needing = needing
        self.fields["act"].choices = acts  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.cleaned_data.get("act") in self._needing and not reason:
            raise forms.ValidationError("Say why: it stays in the history of each.")
        return reason


class ReasonForm(forms.Form):
    """A reason that may be given."""

    reason = forms.CharField(required=False, max_length=5000)


class AnswerForm(ReasonForm):
    """Whether two wordings are one quote, and the answer its reader saw."""

    answer = forms.ChoiceField(
        choices=list(VERBS.items()), error_messages={"required": "Choose one of: same quote, different, can’t tell."}
    )
    seen = forms.CharField(max_length=10)


class TakedownForm(forms.Form):
    """Why something is taken down: in a word for everybody, and in full for the desk."""

    category = forms.ChoiceField(
        choices=[(name, told[:1].upper() + told[1:]) for name, told in CATEGORIES.items()],
        widget=forms.RadioSelect,
        label="Because of",
        help_text="Everybody may read this.",
        error_messages={"required": "Choose why it is taken down."},
    )
    reason = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who asked, and what was found. Only desk heads read it.",
        error_messages={"required": "Say why: it stays in the record, for desk heads alone."},
    )


def quote_at(address: str) -> Quote:
    """The quote whose number ends an address, or the one it was merged into. Raises ValidationError when there is none."""
    found = re.search(r"(\d{1,18})/?\s*$", address)
    quote = Quote.objects.filter(pk=int(found[1])).first() if found else None
    survivor = quote.survivor if quote else None
    if survivor is None or Quote.objects.taken_down().filter(pk=survivor.pk).exists():
        raise forms.ValidationError("There is no quote at this address.")
    return survivor


class LeaveForm(forms.Form):
    """Why a wording or a report leaves its quote."""

    reason = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What shows that it is, or is not, one remark. Never name a confidential source.",
        error_messages={"required": "Say why: others will want to know."},
    )


class MoveForm(LeaveForm):
    """Why a wording or a report leaves its quote, and where a report is moved."""

    into = forms.CharField(
        required=False,
        max_length=300,
        label="To move a report: the quote it belongs to",
        help_text="Its address or its number.",
    )

    def clean_into(self) -> Quote | None:
        given: str = self.cleaned_data["into"]
        return quote_at(given) if given else None


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
        return quote_at(self.cleaned_data["other"])
