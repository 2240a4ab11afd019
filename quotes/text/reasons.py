"""The evidence of a comparison in plain sentences."""

from __future__ import annotations

from quotes.text.match import Evidence

SET_PHRASE = 2.5
"""The value of `Evidence.set_phrase` from which a run is called a usual phrase: its rarest pair is known a dozen times."""
VOICES = {
    "same": "Both are put down to the same speaker.",
    "fits": "The speaker of one fits how the other is described.",
    "unknown": "Whether one speaker said both is not known.",
    "different": "They are put down to different speakers.",
}


def sentences(found: Evidence) -> list[str]:
    """Why two wordings may be, or may not be, one quote; the strongest reason first."""
    return [*words_of(found), VOICES[found.voice], *_days(found)]


def words_of(found: Evidence) -> list[str]:
    """What the wordings share, without speakers and days."""
    if found.exact:
        return ["The words are the same."]
    if not found.shared:
        return ["They share no telling word."]
    said = []
    if found.run_words > 1:
        usual = ", a usual phrase" if found.set_phrase >= SET_PHRASE else ""
        said.append(f"Longest run in common: “{found.run}”{usual}.")
    said.append(
        f"Shared: {', '.join(found.shared[:8])}; {round(100 * found.coverage)} % of the shorter wording by weight."
    )
    if found.is_title:
        said.append("Nothing but names is shared.")
    return said


def _days(found: Evidence) -> list[str]:
    if found.days is None:
        return []
    if found.days == 0:
        return ["Reported on the same day."]
    return [f"Reported {found.days} day{'s' if found.days > 1 else ''} apart."]
