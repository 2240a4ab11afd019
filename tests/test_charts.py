"""What is drawn: everybody on the way once, in the pattern of the class, inside the drawing."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest

from quotes import charts
from quotes.models import Attribution, Quote
from quotes.services.origins import origins
from quotes.services.summary import reports_of
from tests.factories import PUBLISHED, make_article, make_attribution, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db
WORDS = "We will rebuild the bridge before winter."


def reported(number: int, *, via: tuple[Any, ...] = (), name: str = "Paper", **kwargs: Any) -> Quote:
    """A quote in as many outlets, an hour apart."""
    speaker = make_speaker("Ann Lee")
    quote = make_quote(WORDS, speaker)
    for at in range(number):
        article = make_article(
            f"Somebody said: {WORDS}",
            outlet=make_outlet(name=f"{name} {at}"),
            published=PUBLISHED + timedelta(hours=at),
        )
        make_attribution(WORDS, speaker=speaker, via=via, article=article, quote=quote, **kwargs)
    return quote


def labels(drawing: charts.Drawing) -> list[str]:
    return [" ".join(line for _, line in node.lines) for node in drawing.nodes]


def test_a_shared_intermediary_is_drawn_once() -> None:
    quote = reported(3, via=(make_speaker("Paul Roe", role="aide"),))
    drawn = charts.chains(reports_of(quote))
    assert drawn is not None
    for drawing in drawn:
        assert labels(drawing) == ["Ann Lee", "Paul Roe", "Paper 0", "Paper 1", "Paper 2"]
        assert {node.sourcing for node in drawing.nodes} == {"secondhand"}


def test_a_better_report_gives_its_own_branch_its_class() -> None:
    quote = reported(1, via=(make_speaker("Paul Roe"),))
    make_attribution(
        WORDS,
        speaker=quote.speaker,
        quote=quote,
        article=make_article(f"She said: {WORDS}", outlet=make_outlet(name="Own Ears")),
    )
    across, _ = charts.chains(reports_of(quote)) or pytest.fail("nothing drawn")
    by_label = dict(zip(labels(across), across.nodes, strict=True))
    assert by_label["Own Ears"].sourcing == by_label["Ann Lee"].sourcing == "firsthand"
    assert by_label["Paul Roe"].sourcing == by_label["Paper 0"].sourcing == "secondhand"


def test_third_hand_is_wavy_and_the_rest_is_not() -> None:
    waved = charts.chains(reports_of(reported(1, via=(make_speaker("Paul Roe"), make_speaker("Zoe Poe")))))
    plain = charts.chains(reports_of(reported(1, name="Sheet")))
    assert waved is not None
    assert plain is not None
    assert any("q4 -6" in joint.path for joint in waved[0].joints)
    assert not any("q" in joint.path for joint in plain[0].joints)


def test_many_articles_are_counted() -> None:
    quote = reported(charts.MOST_LEAVES + 5)
    across, down = charts.chains(reports_of(quote)) or pytest.fail("nothing drawn")
    assert labels(across)[-1] == labels(down)[-1] == "5 more, listed below"
    assert len(across.nodes) == charts.MOST_LEAVES + 2


@pytest.mark.parametrize("relays", [0, 1, 2, 4])
@pytest.mark.parametrize("number", [1, 2, 9])
def test_everything_lies_inside_and_names_do_not_overlap(number: int, relays: int) -> None:
    via = tuple(make_speaker(f"A long name of an intermediary, number {at}", role="r" * 90) for at in range(relays))
    quote = reported(number, via=via)
    for drawing in charts.chains(reports_of(quote)) or ():
        for joint in drawing.joints:
            places = [float(value) for value in re.findall(r"[ML](\S+) ", joint.path)]
            assert all(0 <= place <= drawing.width for place in places)
        for node in drawing.nodes:
            lines = [*node.lines, *node.notes]
            assert all(0 < y <= drawing.height for y, _ in lines), node
            width = drawing.width / (relays + 2) if drawing.width == charts.WIDTH else drawing.width - node.text_x
            assert all(len(line) * charts.LETTER <= width for _, line in lines), node
        taken = sorted((node.text_x, y) for node in drawing.nodes for y, _ in (*node.lines, *node.notes))
        assert all(other[1] - one[1] >= charts.LINE for one, other in itertools.pairwise(taken) if one[0] == other[0])


def test_nothing_is_drawn_without_reports() -> None:
    assert charts.chains([]) is None
    assert charts.timeline([]) is None


def test_a_timeline_runs_from_the_first_report_to_the_last() -> None:
    quote = reported(4, via=(make_speaker("Paul Roe"),))
    found = charts.timeline(origins(reports_of(quote)))
    assert found is not None
    (row,) = found.rows
    places = [dot.x for dot in row.dots]
    assert row.label == "Paul Roe"
    assert places == sorted(places)
    assert places[0] > found.left
    assert places[-1] < found.width
    assert (places[1] - places[0]) == pytest.approx(places[3] - places[2], abs=0.2)
    assert found.summary == "4 reports in 3 hours, 1 origin"


def test_no_timeline_when_all_came_at_once() -> None:
    quote = reported(1)
    article = make_article(f"She said: {WORDS}", outlet=make_outlet(name="Same Hour"))
    make_attribution(WORDS, speaker=quote.speaker, quote=quote, article=article)
    assert charts.timeline(origins(reports_of(quote))) is None


def test_no_query_for_a_drawing(django_assert_num_queries: Any) -> None:
    quote = reported(3, via=(make_speaker("Paul Roe"),))
    reports = reports_of(quote)
    assert isinstance(reports[0], Attribution)
    with django_assert_num_queries(0):
        charts.chains(reports)
        charts.timeline(origins(reports))
