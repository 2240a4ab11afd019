from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.text.copies import passages, share_in

STORY = (
    "The council met behind closed doors until midnight on Tuesday and left by the kitchen stairs.\n\n"
    "Members argued about the price of the new harbour wall for most of the evening.\n\n"
    "A storm in March broke the old wall in three places and flooded nine houses.\n\n"
    '"We will build it higher this time, whatever the ministry says," the mayor, Ann Lee, told reporters.\n\n'
    "The work is expected to begin after the herring season and to last eleven months."
)
OTHER = (
    "Harwick's mayor has promised a higher wall. Fishermen who waited outside the hall cheered her words.\n\n"
    '"We will build it higher this time, whatever the ministry says," the mayor, Ann Lee, told reporters.\n\n'
    "Insurers have warned for years that the town pays too little for too much risk along its eastern quay.\n\n"
    "Opponents plan to challenge the spending in court before the autumn."
)


def share(one: str, other: str) -> float:
    return share_in(passages(one), passages(other))


def test_a_copy_shares_all_and_another_report_of_the_same_words_nothing() -> None:
    assert share(STORY, STORY) == 1.0
    assert share(OTHER, STORY) < 0.15


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (lambda text: text.replace("until midnight", "until after midnight"), 1.0),
        (lambda text: text.replace("flooded nine houses", "left nine houses under water"), 1.0),
        (lambda text: text.upper().replace("“", '"'), 0.9),
        (lambda text: text.replace(".\n\n", ". "), 1.0),
        (lambda text: f"{text}\n\nReaders may write to the editor about the wall at any time of the year.", 0.7),
    ],
)
def test_light_editing_is_still_a_copy(change: object, least: float) -> None:
    assert share(change(STORY), STORY) >= least  # type: ignore[operator]


def test_half_a_copy_is_half() -> None:
    half = STORY[: len(STORY) // 2] + OTHER[len(OTHER) // 2 :]
    assert 0.3 < share(half, STORY) < 0.75


def test_a_few_words_tell_nothing() -> None:
    assert share("The council met behind closed doors.", STORY) == 0.0


def test_an_edited_sentence_is_found_by_its_other_end() -> None:
    text = "Members argued about the price of the new harbour wall for most of the long and windy evening."
    edited = text.replace("Members argued", "Councillors quarrelled")
    (one,), (other,) = passages(text), passages(edited)
    assert one.keys & other.keys
    assert one.keys != other.keys


def test_what_stands_in_quotation_marks_makes_no_key() -> None:
    assert not passages('"We will build it higher this time, whatever the ministry says."')


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text(one: str, other: str) -> None:
    assert 0.0 <= share(one, other) <= 1.0
    assert share(one, one) in (0.0, 1.0)
