"""The form of a reading: what an article says, in plain questions, answered by an editor."""

from __future__ import annotations

from typing import Any

from django import forms

from quotes.desk_forms import VersionedForm, name_input
from quotes.services.review import MOST_TELLERS, Reading, Teller
from quotes.text.locate import CUT, NotFound, locate, pieces
from quotes.text.spans import Span

HOW = {"named": "by this name", "described": "described like this, not named", "unsaid": "the article does not say"}
"""How an article tells who told something on."""

STEPS = ["Who told us?", "Who told them?", "And who told them?", "And who told them, at first?"]
"""The questions that build a chain, from the article back to the speaker."""

MOST_TOLD = 200
"""Characters of words that do not stand in an article that are repeated."""

SOURCES = "Never who a confidential source is: write what the article prints."


class ReadingForm(VersionedForm):
    """What an article says, in plain questions: the words, who said it, who told us, who told them."""

    content = forms.CharField(
        label="What was said",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Word for word as the article prints it. {CUT} parts pieces that other words interrupt.",
        error_messages={"required": "Give the words that were said, as the article prints them."},
    )
    source = forms.CharField(
        label="Words that name who said it",
        required=False,
        max_length=500,
    )
    cue = forms.CharField(
        label="Words that say it was said",
        required=False,
        max_length=500,
        help_text="Such as “said” or “wrote on Tuesday that”.",
    )
    content_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    source_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cue_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    speaker = forms.CharField(
        label="Who said it?",
        required=False,
        max_length=300,
        help_text="Empty: nobody can be named. Where several share a name, choose one with its number.",
        widget=name_input(),
    )
    form = forms.ChoiceField(
        label="How is it printed?",
        choices=[
            ("direct", "in quotation marks, word for word"),
            ("mixed", "partly in quotation marks"),
            ("indirect", "as reported speech, without them"),
        ],
    )
    hedged = forms.BooleanField(required=False, label="The article leaves open whether it was said")
    reason = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}), help_text="It stays in the history."
    )

    def __init__(self, *args: Any, text: str, near: int = 0, known: Reading | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.near = text, near
        self.known = _spans_of(known) if known else {}
        self.numbers = range(1, max(MOST_TELLERS, len(known.tellers) if known else 0) + 1)
        for number in self.numbers:
            self.fields[f"who_{number}"] = forms.CharField(
                label=STEPS[min(number, len(STEPS)) - 1],
                required=False,
                max_length=500,
                widget=name_input(),
                help_text=SOURCES,
            )
            self.fields[f"how_{number}"] = forms.ChoiceField(label="That is", choices=list(HOW.items()), required=False)
            self.fields[f"role_{number}"] = forms.CharField(
                label="Role, as printed",
                required=False,
                max_length=300,
                help_text="Empty: the title they held that day.",
            )
            self.fields[f"cue_{number}"] = forms.CharField(
                label="Words that say so",
                required=False,
                max_length=300,
                help_text="Such as “according to”.",
            )
            self.fields[f"cue_{number}_at"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def markable(self) -> list[tuple[str, str]]:
        """Fields that take words selected in the text, and what they are then."""
        told = [
            (f"cue_{number}", f"{question} These words say so") for number, question in enumerate(STEPS[:2], start=1)
        ]
        return [("content", "What was said"), ("source", "Who said it"), ("cue", "That it was said"), *told]

    @property
    def steps(self) -> list[list[forms.BoundField]]:
        """The fields of each step of the chain."""
        return [[self[f"{name}_{n}"] for name in ("who", "how", "role", "cue")] for n in self.numbers]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("content", "source", "cue", *(f"cue_{number}" for number in self.numbers)):
            self._find(name, data.get(name, ""), data.get(f"{name}_at"))
        for number in self.numbers:
            typed = [
                name for name in (f"role_{number}", f"cue_{number}") if name in self.changed_data and data.get(name)
            ]
            if typed and not data.get(f"who_{number}") and data.get(f"how_{number}") != "unsaid":
                self.add_error(f"who_{number}", "Say who, or that the article does not say; or empty the whole step.")
        return data

    def _find(self, name: str, words: str, marked: int | None) -> None:
        """Where a field's words stand. What nobody touched stays where it was, however often the article prints it."""
        if name in self.known and name not in self.changed_data and marked is None:
            self.cleaned_data[f"{name}_spans"] = self.known[name]
            return
        near = self.near if marked is None else marked
        try:
            self.cleaned_data[f"{name}_spans"] = locate(self.text, words, near, is_marked=marked is not None)
        except NotFound as missing:
            told = str(missing)[:MOST_TOLD]
            self.add_error(name, f"These words do not stand in the article: “{told}”. Copy them from the text.")

    def reading(self) -> Reading:
        """What was typed, as services take it: the tellers turned round, the one nearest the speaker first."""
        data = self.cleaned_data
        return Reading(
            content=data["content_spans"],
            source=data["source_spans"],
            cue=data["cue_spans"],
            speaker=data["speaker"],
            form=data["form"],
            hedged=data["hedged"],
            tellers=tuple(filter(None, map(self._teller, reversed(self.numbers)))),
        )

    def _teller(self, number: int) -> Teller | None:
        data = self.cleaned_data
        who, how, role = (data[f"{name}_{number}"] for name in ("who", "how", "role"))
        cue = data[f"cue_{number}_spans"]
        if how == "unsaid":
            return Teller(role=role, cue=cue)
        if not who:
            return None
        return Teller("", who, role, cue) if how == "described" else Teller(who, "", role, cue)

    @staticmethod
    def of(reading: Reading, text: str) -> dict[str, Any]:
        """The fields' first values for a reading."""
        told: dict[str, Any] = {name: pieces(text, getattr(reading, name)) for name in ("content", "source", "cue")}
        told |= {"speaker": reading.speaker, "form": reading.form, "hedged": reading.hedged}
        for number, teller in enumerate(reversed(reading.tellers), start=1):
            how = "named" if teller.name else "described" if teller.description else "unsaid"
            told |= {f"who_{number}": teller.name or teller.description, f"how_{number}": how}
            told |= {f"role_{number}": teller.role, f"cue_{number}": pieces(text, teller.cue)}
        return told


def _spans_of(reading: Reading) -> dict[str, tuple[Span, ...]]:
    """Where the words of each field stand in a reading."""
    told = {f"cue_{number}": teller.cue for number, teller in enumerate(reversed(reading.tellers), start=1)}
    return {"content": reading.content, "source": reading.source, "cue": reading.cue, **told}
