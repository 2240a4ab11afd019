"""Forms: plain ones, with typed cleaners where a field needs more than Django gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from quotes.models.review import KINDS, SERIOUS
from quotes.models.watch import EVENT_MEANINGS, EVENTS, PERIODS
from quotes.services.link import MOST_ASKED
from quotes.services.search import SORTS
from quotes.text.query import LONGEST


class Renderer(TemplatesSetting):
    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"


def date_field(**kwargs: Any) -> forms.DateField:
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
    published = date_field(help_text="The day it came out. It decides who was president or minister.")

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


class LinkForm(forms.Form):
    """Addresses of articles, one a line."""

    urls = forms.CharField(
        label="Links",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text="One a line. Where Hearsay has an article already, you see it at once.",
        error_messages={"required": "Paste the address of an article."},
    )

    def clean_urls(self) -> list[str]:
        urls: list[str] = self.cleaned_data["urls"].split()
        if len(urls) > MOST_ASKED:
            raise forms.ValidationError(
                f"These are {len(urls)} links; the most at once is {MOST_ASKED}. Upload a file for more, or add the site's feed."
            )
        return urls


class FeedForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text="Of the feed (RSS, Atom or JSON Feed), or of a page that names one.",
        error_messages={"required": "Give the address of the feed."},
    )
    outlet = forms.CharField(
        required=False, max_length=200, help_text="Whose articles these are. Empty: as each page says."
    )


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


class ProblemForm(forms.Form):
    """What a reader thinks is wrong with a quote."""

    kind = forms.ChoiceField(
        label="What about", required=False, choices=[("", "I do not know, or something else"), *KINDS.items()]
    )
    words = forms.CharField(
        label="What is wrong",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Where can editors see it? An address helps. Never name a confidential source here.",
        error_messages={"required": "Say what is wrong."},
    )


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

    after = date_field(label="From")
    before = date_field(label="Until")


class InviteForm(forms.Form):
    """Whom to give an account, and what they may do."""

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="The user name is made of what stands before the @.",
    )
    name = forms.CharField(required=False, max_length=150)
    group = forms.ChoiceField(help_text="What they may do is listed below.")

    def __init__(self, *args: Any, groups: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(name, name) for name in groups]  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """The person's own word for it: the password, or the user name where there is none."""

    proof = forms.CharField(max_length=4096, strip=False, label="Your password")

    def __init__(self, *args: Any, by_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_password:
            self.fields["proof"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            self.fields["proof"].label = "Your user name"
