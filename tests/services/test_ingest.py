from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Article, Outlet, Revision
from quotes.services import ingest
from quotes.services.extract import read_revision
from quotes.services.ingest import Draft, Stored, draft_paste, store
from tests.factories import PUBLISHED, TEXT, make_article, make_outlet
from tests.services.conftest import Together

OTHER = 'Ann Lee said: "We will not rebuild the bridge before winter." She stayed late.'
URL = "https://post.example/bridge"


def draft(text: str = TEXT, **kwargs: Any) -> Draft:
    return draft_paste(text, **{"outlet": "Newspoint", "published": PUBLISHED, **kwargs})


def counts() -> tuple[int, int, int]:
    return Article.objects.count(), Revision.objects.count(), Outlet.objects.count()


@pytest.mark.django_db
def test_a_new_story(editor: User) -> None:
    stored = store(draft(url=URL, title="The bridge", byline="Jo Penhale"), added_by=editor)
    article = stored.article
    assert stored.outcome == "new"
    assert (article.title, article.byline, article.canonical_url) == ("The bridge", "Jo Penhale", URL)
    assert (article.outlet and article.outlet.slug, article.published) == ("newspoint", PUBLISHED)
    assert (article.stage, article.added_by, article.language) == ("new", editor, "en")
    assert (stored.revision.number, stored.revision.text) == (1, TEXT)
    assert article.current_revision == stored.revision


@pytest.mark.django_db
@pytest.mark.parametrize(
    "again",
    [
        URL,
        f"{URL}?utm_source=mail&utm_medium=x",
        f"{URL}?fbclid=1",
        f"{URL}#comments",
        "HTTPS://POST.example:443/bridge",
        "post.example/bridge",
        f"  {URL}  ",
    ],
)
def test_the_same_address_again_is_known(again: str) -> None:
    first = store(draft(url=URL))
    second = store(draft(url=again, title="Another headline"))
    assert second == Stored(first.article, first.revision, "known")
    assert counts() == (1, 1, 1)
    assert Article.objects.get().title == first.article.title


@pytest.mark.django_db
def test_a_parameter_that_chooses_the_article_counts() -> None:
    store(draft(url=f"{URL}?id=1"))
    assert store(draft(OTHER, url=f"{URL}?id=2")).outcome == "new"


@pytest.mark.django_db
def test_other_words_at_the_address_are_a_new_revision_to_be_read() -> None:
    first = store(draft(url=URL))
    read_revision(first.revision)
    assert Article.objects.get().stage == "read"
    second = store(draft(OTHER, url=URL))
    assert (second.outcome, second.article, second.revision.number) == ("revision", first.article, 2)
    assert Article.objects.get().stage == "new"
    assert [revision.text for revision in Revision.objects.all()] == [TEXT, OTHER]
    read_revision(second.revision)
    assert Article.objects.get().stage == "read"


@pytest.mark.django_db
def test_a_known_article_stays_read() -> None:
    read_revision(store(draft(url=URL)).revision)
    assert store(draft(url=URL)).article.stage == "read"


@pytest.mark.django_db
def test_an_article_that_goes_back_to_its_first_words_shows_them() -> None:
    store(draft(url=URL))
    store(draft(OTHER, url=URL))
    store(draft(url=URL))
    revision = Article.objects.get().current_revision
    assert revision is not None
    assert revision.text == TEXT


@pytest.mark.django_db
def test_the_same_text_at_another_outlet_is_a_story_of_its_own() -> None:
    first = store(draft())
    second = store(draft(outlet="City Brief"))
    assert second.outcome == "new"
    assert second.article != first.article
    assert second.revision.digest == first.revision.digest
    assert set(Article.objects.with_same_text(first.revision.digest)) == {first.article, second.article}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"outlet": ""}, {"outlet": ""}),
        ({"outlet": "Newspoint"}, {"outlet": "Newspoint"}),
        ({"outlet": "Newspoint"}, {"outlet": ""}),
        ({"outlet": ""}, {"outlet": "Newspoint"}),
        ({"outlet": "Newspoint", "url": URL}, {"outlet": "Newspoint"}),
        ({"outlet": "Newspoint", "url": URL}, {"outlet": ""}),
        ({"outlet": "Newspoint"}, {"outlet": "Newspoint", "title": "Another", "byline": "Jo", "published": None}),
    ],
)
def test_the_same_text_again_is_known(first: dict[str, Any], again: dict[str, Any]) -> None:
    stored = store(draft(**first))
    assert store(draft(**again)) == Stored(stored.article, stored.revision, "known")
    assert Article.objects.count() == Revision.objects.count() == 1


@pytest.mark.django_db
def test_an_address_learned_later_is_kept() -> None:
    store(draft())
    assert store(draft(url=URL)).outcome == "known"
    assert Article.objects.get().canonical_url == URL
    assert store(draft(OTHER, url=URL)).outcome == "revision"


@pytest.mark.django_db
def test_the_same_words_in_another_letter_are_another_text() -> None:
    store(draft())
    assert store(draft(TEXT.replace("winter", "Winter"))).outcome == "new"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["NEWSPOINT", "newspoint", "  Newspoint  ", "NewsPoint"])
def test_an_outlet_in_other_letter_case_is_the_same(name: str) -> None:
    store(draft())
    store(draft(OTHER, outlet=name))
    assert [outlet.name for outlet in Outlet.objects.all()] == ["Newspoint"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "again"), [("Österreich Heute", "österreich heute"), ("Известия", "ИЗВЕСТИЯ")])
def test_an_outlet_in_other_letter_case_of_any_alphabet_is_the_same(name: str, again: str) -> None:
    store(draft(outlet=name))
    store(draft(OTHER, outlet=again))
    assert Outlet.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["100% News", "News_point", "%", "_"])
def test_marks_in_an_outlets_name_stand_for_themselves(name: str) -> None:
    make_outlet(name="100X News")
    make_outlet(name="NewsXpoint")
    assert store(draft(outlet=name)).article.outlet == Outlet.objects.get(name=name)


@pytest.mark.django_db
def test_slugs_that_clash_get_numbers() -> None:
    names = ["The Post!", "The Post", "The-Post", "Правда", "事実"]
    slugs = [
        stored.article.outlet.slug
        for number, name in enumerate(names)
        if (stored := store(draft(f"{TEXT} {number}", outlet=name))).article.outlet
    ]
    assert slugs == ["the-post", "the-post-2", "the-post-3", "outlet", "outlet-2"]


@pytest.mark.django_db
def test_long_names_fit() -> None:
    for number in range(3):
        stored = store(draft(f"{TEXT} {number}", outlet=f"{'The Post ' * 60}{number}"))
    assert stored.article.outlet is not None
    assert len(stored.article.outlet.name) <= 200
    assert len(stored.article.outlet.slug) <= 200


@pytest.mark.django_db
def test_demo_outlets_are_marked() -> None:
    store(draft(), demo=True)
    store(draft(OTHER, outlet="City Brief"))
    assert {outlet.name: outlet.is_demo for outlet in Outlet.objects.all()} == {"Newspoint": True, "City Brief": False}


@pytest.mark.django_db
def test_storing_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    make_article()
    with django_assert_max_num_queries(8 + 4):  # and two locks, and the savepoint around them
        store(draft(url=URL))


@pytest.mark.django_db
def test_a_text_with_half_a_character_can_be_stored() -> None:
    assert store(draft(f"{TEXT} \ud83d \x00 \u200b")).revision.text.startswith(TEXT)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_beyond_the_calendar_is_refused(moment: str) -> None:
    try:
        given = ingest.json_draft(f'{{"text": "He said so on that day of old.", "published": "{moment}"}}'.encode())
    except ingest.Refused:
        return
    store(given)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["title", "outlet", "byline", "language"])
def test_half_a_character_beside_the_text_is_refused_or_dropped(field: str) -> None:
    try:
        given = ingest.json_draft(f'{{"text": "He said so on that day of old.", "{field}": "A \\ud83d b"}}'.encode())
    except ingest.Refused:
        return
    store(given)


def test_a_quotation_is_never_taken_off_as_the_headline() -> None:
    quotation = '"We will rebuild the bridge before winter," Ann Lee said.'
    long = "The pool will stay open all summer, according to Bob Stone, who runs it for the town."
    assert quotation in draft(f"Reporters waited on Tuesday.\n\n{quotation}\n\n{long}").text


# --- at the same moment ---


def test_two_store_the_same_draft_at_once(together: Together) -> None:
    for number in range(4):
        same = draft(f"{TEXT} {number}", url=f"{URL}/{number}", outlet=f"Outlet {number}")
        results = together(*[lambda same=same: store(same)] * 4)
        assert sorted(result.outcome for result in results) == ["known", "known", "known", "new"]
    assert counts() == (4, 4, 4)


def test_two_paste_the_same_text_at_once(together: Together) -> None:
    results = together(*[lambda: store(draft())] * 4)
    assert sorted(result.outcome for result in results) == ["known", "known", "known", "new"]
    assert counts() == (1, 1, 1)


def test_two_revise_at_once(together: Together) -> None:
    store(draft(url=URL))
    texts = [f"{TEXT} Version {number} of it." for number in range(4)]
    results = together(*[lambda text=text: store(draft(text, url=URL)) for text in texts])
    assert [result.outcome for result in results] == ["revision"] * 4
    assert [revision.number for revision in Revision.objects.all()] == [1, 2, 3, 4, 5]


@pytest.mark.django_db
@pytest.mark.parametrize("theirs", ["Newspoint", "City Brief"])
def test_who_comes_second_finds_the_article_known(monkeypatch: pytest.MonkeyPatch, theirs: str) -> None:
    """What a database with several writers does: the other one stores between our look and our writing."""
    look = ingest._same_story

    def overtaken(*args: Any) -> Article | None:
        monkeypatch.setattr(ingest, "_same_story", look)
        found = look(*args)
        make_article(TEXT, canonical_url=URL, outlet=make_outlet(name=theirs))
        return found

    monkeypatch.setattr(ingest, "_same_story", overtaken)
    monkeypatch.setattr(ingest, "_outlet", lambda name, demo: Outlet.objects.filter(name=name).first())
    stored = store(draft(url=URL))
    assert (stored.outcome, Article.objects.count()) == ("known", 1) or stored.outcome == "new"
