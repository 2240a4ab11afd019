"""Every constraint of every table, broken on purpose at the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Event,
    Feed,
    Flag,
    Inbox,
    Job,
    KeyIndex,
    Lane,
    Link,
    Match,
    Outlet,
    Quote,
    Refusal,
    Relay,
    Revision,
    Span,
    Speaker,
    Takedown,
    Variant,
    Watch,
)
from tests import factories
from tests.factories import (
    make_article,
    make_attribution,
    make_flag,
    make_outlet,
    make_problem,
    make_quote,
    make_revision,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in apps.get_app_config("quotes").get_models()
    for constraint in model._meta.constraints
}


def in_itself(row: models.Model, field: str) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{field: F("pk")})


def in_state(path: str = "/1", **changes: object) -> None:
    job = factories.make_job(f"https://a.example{path}")
    Job.objects.filter(pk=job.pk).update(**changes)


def make_refusal(message: str = "No.") -> Refusal:
    return Refusal.objects.create(upload=factories.make_upload(), line=1, message=message)


def copy(row: models.Model, **changes: object) -> models.Model:
    """The same row once more, with a few fields changed."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)._default_manager.create(**{**values, **changes})


def make_alias(**kwargs: object) -> Alias:
    values = {"text": "Mayor", "kind": "title", **kwargs}
    return Alias.objects.create(**{"speaker": make_speaker(), **values})


def make_match(**kwargs: object) -> Match:
    one, other = (make_quote().variants.get() for _ in range(2))
    return Match.objects.create(**{"one": one, "other": other, "score": 0.7, **kwargs})


def make_relay(**kwargs: object) -> Relay:
    return Relay.objects.create(
        **{"attribution": make_attribution(), "position": 1, "description": "an aide", **kwargs}
    )


def make_decision(**kwargs: object) -> Decision:
    return Decision.objects.create(**{"actor": User.objects.get(username="edith"), "verb": "accepted", **kwargs})


def make_evidence(**kwargs: object) -> object:
    edith = User.objects.get(username="edith")
    return factories.make_evidence(make_flag(make_quote(), edith), edith, **kwargs)


def make_event(**kwargs: object) -> Event:
    return Event.objects.create(**{"quote": make_quote(), "kind": "report", "article": make_article(), **kwargs})


def make_watch(**kwargs: object) -> Watch:
    aimed = {} if kwargs.keys() & {"speaker", "outlet", "search"} else {"quote": make_quote()}
    values = {"person": User.objects.get(username="edith"), "target": "something", **aimed, **kwargs}
    return Watch.objects.create(**values)


def make_match_with_itself() -> None:
    variant = make_quote().variants.get()
    make_match(one=variant, other=variant)


def turned(match: Match) -> None:
    Match.objects.filter(pk=match.pk).update(one=F("other"), other=F("one"))


def bad_span(**changes: object) -> None:
    copy(make_attribution().spans.get(), **changes)


def relay_span_twice() -> None:
    relay = make_relay()
    first = copy(relay.attribution.spans.get(), relay_id=relay.pk, role="relay")
    copy(first)


def settled(**changes: object) -> None:
    make_flag(make_quote(), User.objects.get(username="edith"), **{"state": "upheld", **changes})


def second_active_flag() -> None:
    quote, edith = make_quote(), User.objects.get(username="edith")
    make_flag(quote, edith)
    make_flag(quote, edith, state="reopened")


BREAKS: dict[str, list[Callable[[], object]]] = {
    "article_stage_known": [lambda: make_article(stage="lost"), lambda: make_article(stage="")],
    "article_url_null_or_given": [lambda: make_article(canonical_url="")],
    "article_copied_share_is_a_share": [
        lambda: make_article(copied_share=1.01),
        lambda: make_article(copied_share=-0.01),
    ],
    "article_not_copied_from_itself": [lambda: in_itself(make_article(), "copied_from")],
    "revision_text_once_per_article": [lambda: copy(make_article().current_revision, number=2)],
    "revision_number_once_per_article": [lambda: copy(make_article().current_revision, digest="0" * 64)],
    "revision_number_from_1": [lambda: copy(make_article().current_revision, number=0, digest="0" * 64)],
    "revision_has_text": [lambda: make_revision(make_article(), "")],
    "attribution_once_per_revision": [lambda: copy(make_attribution())],
    "attribution_form_known": [lambda: make_attribution(form="sung"), lambda: make_attribution(form="")],
    "attribution_in_one_known_status": [lambda: make_attribution(status="maybe")],
    "attribution_sourcing_known": [
        lambda: make_attribution(sourcing="fourthhand"),
        lambda: make_attribution(sourcing=""),
    ],
    "attribution_confidence_is_a_share": [
        lambda: make_attribution(confidence=1.01),
        lambda: make_attribution(confidence=-0.01),
    ],
    "span_not_empty": [lambda: bad_span(start=3, end=3, exact="")],
    "span_as_long_as_its_words": [lambda: copy_span_past_the_end()],
    "span_role_known": [lambda: bad_span(role="verb")],
    "span_once_per_attribution": [lambda: bad_span()],
    "span_once_per_relay": [relay_span_twice],
    "relay_one_per_position": [lambda: copy(make_relay())],
    "relay_positions_from_1": [lambda: make_relay(position=0)],
    "match_once_per_pair": [lambda: copy(make_match())],
    "match_score_is_a_share": [lambda: make_match(score=1.1), lambda: make_match(score=-0.1)],
    "match_in_one_known_outcome": [lambda: make_match(outcome="perhaps")],
    "key_index_is_one": [lambda: KeyIndex.objects.create(pk=2, version="1")],
    "match_lower_wording_first": [lambda: turned(make_match()), lambda: make_match_with_itself()],
    "outlet_country_is_a_code": [lambda: make_outlet(country="gb"), lambda: make_outlet(country="G")],
    "outlet_has_a_name": [lambda: make_outlet(name="")],
    "quote_not_merged_into_itself": [lambda: in_itself(make_quote(), "merged_into")],
    "quote_articles_within_reports": [lambda: make_quote(report_count=1, article_count=2)],
    "quote_first_seen_before_last": [
        lambda: make_quote(first_seen=datetime(2025, 5, 22, tzinfo=UTC), last_seen=datetime(2025, 5, 21, tzinfo=UTC))
    ],
    "variant_once_per_quote": [lambda: copy(make_quote().variants.get(), wording="We will REBUILD the bridge")],
    "variant_has_words": [lambda: copy(make_quote().variants.get(), wording="", fingerprint="0")],
    "flag_one_active_of_a_kind": [second_active_flag],
    "flag_has_a_reason": [lambda: make_flag(make_quote(), User.objects.get(username="edith"), reason="")],
    "flag_settled_with_reason_and_name": [
        lambda: settled(settled_reason="Checked."),
        lambda: settled(settled_by=User.objects.get(username="edith")),
        lambda: settled(state="not_upheld"),
        lambda: settled(state="duplicate"),
    ],
    "flag_claimed_at_some_time": [lambda: settled(state="claimed")],
    "flag_first_editor_did_not_raise_it": [
        lambda: settled(state="open", first_by=User.objects.get(username="edith"), first_result="upheld")
    ],
    "flag_not_a_duplicate_of_itself": [
        lambda: in_itself(make_flag(make_quote(), User.objects.get(username="edith")), "duplicate_of")
    ],
    "evidence_says_what_it_shows": [lambda: make_evidence(note="")],
    "evidence_kind_known": [lambda: make_evidence(kind="rumour")],
    "problem_says_something": [lambda: make_problem(make_quote(), words="")],
    "problem_settled_by_name": [lambda: make_problem(make_quote(), state="dismissed")],
    "problem_flagged_has_its_flag": [
        lambda: make_problem(make_quote(), state="flagged", settled_by=User.objects.get(username="edith")),
        lambda: make_problem(make_quote(), flag=make_flag(make_quote(), User.objects.get(username="edith"))),
    ],
    "event_kind_known": [lambda: make_event(kind="rain"), lambda: make_event(kind="")],
    "event_once_per_article": [lambda: copy(make_event())],
    "watch_once_per_target": [lambda: copy(make_watch())],
    "watch_period_known": [lambda: make_watch(period="hourly"), lambda: make_watch(period="")],
    "watch_of_exactly_one_thing": [
        lambda: make_watch(quote=None),
        lambda: make_watch(quote=make_quote(), search="bridge"),
        lambda: make_watch(quote=make_quote(), speaker=make_speaker()),
        lambda: make_watch(intermediary=make_speaker()),
        lambda: make_watch(outlet=make_outlet(), speaker=make_speaker()),
        lambda: make_watch(outlet=make_outlet(), intermediary=make_speaker()),
        lambda: make_watch(search=""),
        lambda: make_watch(search="bridge", intermediary=make_speaker()),
    ],
    "feed_has_an_address": [lambda: Feed.objects.create(url="")],
    "feed_read_within_bounds": [
        lambda: Feed.objects.create(url="https://a.example/", every=timedelta(seconds=1)),
        lambda: Feed.objects.create(url="https://a.example/", every=timedelta(days=2)),
    ],
    "link_has_an_address": [lambda: Link.objects.create(url="")],
    "lane_has_a_name": [lambda: Lane.objects.create(name="")],
    "job_state_known": [lambda: in_state(state="lost")],
    "job_about_exactly_one_thing": [
        lambda: in_state(kind="rain"),
        lambda: in_state(link=None),
        lambda: in_state(upload=factories.make_upload()),
        lambda: in_state(feed=factories.make_feed()),
        lambda: in_state(kind="batch"),
        lambda: in_state(kind="feed"),
    ],
    "job_failed_for_a_reason": [lambda: in_state(state="failed")],
    "job_running_gives_signs": [lambda: in_state(state="running")],
    "job_one_running_a_lane": [lambda: [in_state(f"/{n}", state="running", beat_at=timezone.now()) for n in "12"]],
    "job_once_per_part_of_a_file": [lambda: copy(Job.objects.create(kind="batch", upload=factories.make_upload()))],
    "upload_has_name_and_place": [lambda: factories.make_upload(name=""), lambda: factories.make_upload(path="")],
    "upload_size_from_0": [lambda: factories.make_upload(size=-1)],
    "refusal_once_per_line": [lambda: copy(make_refusal())],
    "refusal_for_a_reason": [lambda: make_refusal(message="")],
    "takedown_category_known": [
        lambda: Takedown.objects.create(quote=make_quote(), category="whim"),
        lambda: Takedown.objects.create(quote=make_quote()),
    ],
    "takedown_of_exactly_one_thing": [
        lambda: Takedown.objects.create(category="legal"),
        lambda: Takedown.objects.create(quote=make_quote(), article=make_article(), category="legal"),
    ],
    "decision_is_about_something": [make_decision],
    "decision_has_a_verb": [lambda: make_decision(verb="", quote=make_quote())],
    "speaker_has_a_name": [lambda: make_speaker("")],
    "speaker_not_merged_into_itself": [lambda: in_itself(make_speaker(), "merged_into")],
    "speaker_wikidata_id_well_formed": [
        lambda: make_speaker(wikidata_id="22686"),
        lambda: make_speaker(wikidata_id="Q0"),
        lambda: make_speaker(wikidata_id="q22686"),
        lambda: make_speaker(wikidata_id="see Q22686"),
    ],
    "alias_once_from_a_day": [lambda: copy(make_alias(valid_from=date(2025, 1, 1)))],
    "alias_once_without_a_day": [lambda: copy(make_alias())],
    "alias_has_text": [lambda: make_alias(text="")],
    "alias_kind_known": [lambda: make_alias(kind="nickname")],
    "alias_ends_after_it_begins": [
        lambda: make_alias(valid_from=date(2025, 1, 1), valid_until=date(2025, 1, 1)),
        lambda: make_alias(valid_from=date(2025, 1, 2), valid_until=date(2025, 1, 1)),
    ],
}


def copy_span_past_the_end() -> None:
    """The trigger alone would let this by: past the end, the text has no more letters to give."""
    attribution = make_attribution(article=make_article("Somebody said so. We will rebuild the bridge before winter."))
    span = attribution.spans.get()
    copy(span, end=span.end + 5)


def broken_constraint(message: str) -> str | None:
    """Which constraint a message is about: CHECKs are named in it, UNIQUEs by their columns (on SQLite)."""
    for name, (model, constraint) in CONSTRAINTS.items():
        if name in message.replace(":", " ").replace('"', " ").split():
            return name
        if isinstance(constraint, models.UniqueConstraint):
            columns = [f"{model._meta.db_table}.{model._meta.get_field(f).column}" for f in constraint.fields]
            if message == f"UNIQUE constraint failed: {', '.join(columns)}":
                return name
    return None


def test_every_constraint_has_a_test() -> None:
    assert set(BREAKS) == set(CONSTRAINTS)


@pytest.mark.parametrize(
    ("name", "attempt"),
    [pytest.param(name, attempt, id=f"{name}-{n}") for name in BREAKS for n, attempt in enumerate(BREAKS[name])],
)
def test_the_database_refuses(name: str, attempt: Callable[[], object], editor: User) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        attempt()
    assert broken_constraint(str(refusal.value).splitlines()[0]) == name


@pytest.mark.parametrize(
    ("model", "field", "attempt"),
    [
        (Outlet, "name", lambda: [make_outlet(name="Newspoint"), make_outlet(name="Newspoint")]),
        (Outlet, "slug", lambda: [make_outlet(slug="newspoint"), make_outlet(slug="newspoint")]),
        (Inbox, "feed_key", lambda: [Inbox.objects.create(person=make_user(n), feed_key="k") for n in ("ben", "cy")]),
        (Inbox, "person", lambda: [Inbox.objects.create(person=p) for p in [make_user("ben")] * 2]),
        (Article, "canonical_url", lambda: [make_article(canonical_url="https://a.example/1") for _ in range(2)]),
    ],
)
def test_once_in_the_whole_table(model: type[models.Model], field: str, attempt: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=field), transaction.atomic():
        attempt()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: [make_article(canonical_url=None), make_article(canonical_url=None)],
        lambda: [make_alias(speaker=s, kind=k) for s in [make_speaker()] for k in ("title", "epithet", "name")],
        lambda: [
            make_alias(speaker=s, valid_from=d)
            for s in [make_speaker()]
            for d in (None, date(2020, 1, 1), date(2021, 1, 1))
        ],
        lambda: make_alias(valid_until=date(2020, 1, 1)),
        lambda: [make_speaker("Ann Lee"), make_speaker("Ann Lee")],
        lambda: make_speaker(wikidata_id="Q22686"),
        lambda: [copy(m, other_id=make_quote("Other.").variants.get().pk) for m in [make_match()]],
        lambda: make_quote(report_count=2, article_count=2),
        lambda: [make_attribution(confidence=0), make_attribution(confidence=1)],
        lambda: [copy(e, article_id=None) for e in [make_event()] for _ in range(2)],  # a flag may be upheld twice
        lambda: [copy(e, kind="drifted") for e in [make_event()]],
        lambda: [copy(w, person_id=make_user("ben").pk) for w in [make_watch()]],
        lambda: make_watch(speaker=make_speaker(), intermediary=make_speaker("Bob Stone")),
    ],
)
def test_what_looks_alike_and_is_allowed(attempt: Callable[[], object], editor: User) -> None:
    attempt()


def test_a_settled_kind_may_be_raised_again_and_other_kinds_beside_it(editor: User) -> None:
    quote = make_quote()
    for _ in range(2):
        make_flag(quote, editor, state="not_upheld", settled_by=editor, settled_reason="No.")
    make_flag(quote, editor)
    make_flag(quote, editor, kind="denied")
    assert Flag.objects.active().count() == 2


@pytest.mark.parametrize("wikidata_id", ["Q22686\n"])
def test_wikidata_id_ends_with_its_digits(wikidata_id: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_speaker(wikidata_id=wikidata_id)


# --- what stands on something keeps it ---


def kept_by_attribution() -> list[models.Model]:
    ann, bob = make_speaker("Ann Lee"), make_speaker("Bob Stone")
    make_attribution(speaker=ann, via=(bob,))
    return [ann, bob]


def kept_by_article() -> list[models.Model]:
    article = make_article()
    assert article.outlet is not None
    return [article.outlet]


def kept_by_decision() -> list[models.Model]:
    edith = User.objects.get(username="edith")
    attribution, quote = make_attribution(), make_quote()
    flag = make_flag(quote, make_user("frank"))
    for about in ({"attribution": attribution}, {"quote": quote}, {"flag": flag}):
        make_decision(**about)
    return [edith, attribution, attribution.revision, attribution.revision.article, quote, flag, flag.raised_by]


@pytest.mark.parametrize("make_rows", [kept_by_attribution, kept_by_article, kept_by_decision])
def test_what_carries_a_record_cannot_be_deleted(make_rows: Callable[[], list[models.Model]], editor: User) -> None:
    for row in make_rows():
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_a_quote_that_goes_leaves_its_attribution(editor: User) -> None:
    attribution = make_attribution()
    assert attribution.variant is not None
    attribution.variant.quote.delete()
    assert Attribution.objects.get().variant is None
    assert not Variant.objects.exists()
    assert not Quote.objects.exists()


def test_an_article_that_goes_takes_its_reading_along() -> None:
    attribution = make_attribution(via=(make_speaker(),))
    attribution.revision.article.delete()
    assert [m.objects.count() for m in (Revision, Attribution, Span, Relay)] == [0, 0, 0, 0]
    assert Speaker.objects.exists()


def test_foreign_keys_are_checked() -> None:
    def quote_nobody_has() -> None:
        with transaction.atomic():
            Variant.objects.create(quote_id=999_999, wording="Words.", fingerprint="0")
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        quote_nobody_has()
