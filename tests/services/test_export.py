from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Article, Quote, Revision
from quotes.services.export import quote_lines
from tests.factories import make_article, make_attribution, make_flag, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def test_one_line_a_quote_and_offsets_into_the_stored_text(founding_article: Article) -> None:
    lines = list(quote_lines())
    assert [line["id"] for line in lines] == list(Quote.objects.order_by("pk").values_list("pk", flat=True))
    text = Revision.objects.get().text
    for line in lines:
        assert set(line) == {"id", "speaker", "words", "sourcing", "origins", "variants", "flags", "attributions"}
        (attribution,) = line["attributions"]
        words = " … ".join(" ".join(text[start:end].split()) for start, end in attribution["content"])
        assert line["words"] in words
        assert line["variants"] == [line["words"]]
        assert all(text[start:end] for start, end in attribution["source"])
    assert json.loads(json.dumps(lines)) == lines


def test_who_and_through_whom(founding_article: Article) -> None:
    (line,) = [line for line in quote_lines() if "Putin's calls" in line["words"]]
    (attribution,) = line["attributions"]
    assert (line["speaker"], line["sourcing"], attribution["sourcing"]) == ("Donald Trump", "secondhand", "secondhand")
    assert [(relay["name"], relay["inferred"]) for relay in attribution["relays"]] == [("Yuri Ushakov", False)]
    assert (attribution["form"], attribution["status"], attribution["revision"]) == ("mixed", "proposed", 1)
    assert attribution["article"] == founding_article.pk


def test_what_is_rejected_or_unreported_is_left_out() -> None:
    make_quote("Nobody reports this.")
    make_attribution("Rejected.", status="rejected")
    kept = make_attribution("Kept.", article=make_article("She said: Kept.", canonical_url="https://a.example/1"))
    assert kept.variant is not None
    make_attribution("Kept.", quote=kept.variant.quote, status="rejected")
    (line,) = quote_lines()
    assert (line["words"], line["speaker"]) == ("Kept.", None)
    assert [attribution["article"] for attribution in line["attributions"]] == ["https://a.example/1"]


def test_nothing_to_export() -> None:
    assert list(quote_lines()) == []


@pytest.mark.parametrize("number", [1, 8])
def test_cost_does_not_grow_with_the_quotes(number: int, django_assert_max_num_queries: Any) -> None:
    for n in range(number):
        make_attribution(f"Words {n}.", speaker=make_speaker(), via=(make_speaker("Bob Stone"),))
    with django_assert_max_num_queries(10):
        assert len(list(quote_lines())) == number


def test_a_flag_in_force_is_exported(editor: User) -> None:
    attribution = make_attribution()
    assert attribution.variant is not None
    make_flag(attribution.variant.quote, editor, state="upheld", settled_by=editor, settled_reason="Checked.")
    make_flag(
        attribution.variant.quote, editor, kind="denied", state="not_upheld", settled_by=editor, settled_reason="No."
    )
    (line,) = quote_lines()
    assert line["flags"] == [{"kind": "secondhand", "state": "upheld"}]
