"""The read-only JSON API, at /api/v1/; its OpenAPI description is at /api/v1/openapi.json and, for people, at /api/.

Lists come a page at a time by cursor, newest filed first: what is added meanwhile moves nothing.

Annotations are not postponed here: django-ninja reads them where it wraps a function, outside this module.
"""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as UnreadableCursor
from ninja.pagination import CursorPagination, paginate
from pydantic import ValidationError

from quotes.http import TakenDown, refuse_article_taken_down, refuse_report_taken_down, refuse_taken_down
from quotes.models import Article, Attribution, Outlet, Quote, Speaker
from quotes.models.review import KINDS
from quotes.services import export, sourcing
from quotes.services.search import Search
from quotes.services.summary import reports_of
from quotes.text.query import LONGEST, OPERATORS, parse
from quotes.text.verdict import CLASS_MEANINGS, CLASS_NAMES, GRADES
from quotes.throttle import Rate

MOST_ON_A_PAGE = 100


RATE = Rate("api", settings.HEARSAY_API_RATE)
api = NinjaAPI(
    title="Hearsay",
    version="1",
    description="Who said what, through whom it is known, and how well. It judges sourcing, never truth.",
    docs_url=None,
    urls_namespace="api",
    throttle=[RATE],
)


@api.exception_handler(TakenDown)
def taken_down(request: HttpRequest, exception: TakenDown) -> HttpResponse:
    """Gone, and why in a word."""
    told = sorted({takedown.because for takedown in exception.found})
    response = api.create_response(request, {"detail": f"Taken down because of {' and '.join(told)}."}, status=410)
    response["X-Robots-Tag"] = "noindex"
    return response


class Listed(CursorPagination):
    """Rows of a table by their numbers, the newest first; `told` turns one into what is sent."""

    class Input(CursorPagination.Input):
        page_size: int = Field(25, ge=1, le=MOST_ON_A_PAGE, description="Rows on a page.")
        cursor: str | None = Field(None, max_length=200, description="From `next` or `previous` of another page.")

    class Output(Schema):
        next: str | None = Field(description="Address of the page with older rows.")
        previous: str | None = Field(description="Address of the page with newer rows.")
        results: list[Any]

    def __init__(self, *, told: Callable[[Any, str], dict[str, Any]]) -> None:
        super().__init__(ordering=("-pk",), max_page_size=MOST_ON_A_PAGE)
        self.told = told

    def paginate_queryset(
        self, queryset: QuerySet[Any], pagination: Any, request: HttpRequest, **params: Any
    ) -> dict[str, Any]:
        try:
            page: dict[str, Any] = super().paginate_queryset(queryset, pagination, request, **params)
        except (ValidationError, UnreadableCursor):
            raise HttpError(404, UNREADABLE) from None
        base = request.build_absolute_uri("/")
        return page | {"results": [self.told(row, base) for row in page["results"]]}

    def _find_position(self, queryset: QuerySet[Any], cursor: CursorPagination.Cursor) -> QuerySet[Any]:
        if cursor.p is not None and not cursor.p.isdecimal():
            raise HttpError(404, UNREADABLE)
        return super()._find_position(queryset, cursor)


UNREADABLE = "This cursor cannot be read. Take it from `next` or `previous` of a page, or leave it out."


# --- what is sent ----------------------------------------------------------------------------------

Moment = Annotated[str | None, Field(description="ISO 8601, with zone.", json_schema_extra={"format": "date-time"})]
Class = Annotated[
    str,
    Field(
        alias="class",
        description=" ".join(f"{value}: {CLASS_MEANINGS[value]}" for value in CLASS_NAMES),
        json_schema_extra={"enum": list(CLASS_NAMES)},
    ),
]


class QuoteRow(Schema):
    """One quote, as in a list."""

    id: int
    words: str = Field(description="Its best version.")
    verbatim: bool = Field(description="The best version stands in quotation marks as a whole.")
    speaker: str = Field(description="Empty when nobody is named or described.")
    sourcing: Class
    grade: str = Field(
        description=" ".join(f"{value}: {meaning}" for value, meaning in GRADES.items()),
        json_schema_extra={"enum": list(GRADES)},
    )
    through: list[str] = Field(description="Everybody through whom it is known.")
    outlets: list[str]
    articles: int
    origins: int = Field(description="Independent ones: copies and one newsroom count once.")
    first_seen: Moment
    last_seen: Moment
    language: str
    flags: list[str] = Field(description="Kinds of flag that are open or upheld.")
    url: str


class RelayRow(Schema):
    """One step between the speaker and the article, the one nearest to the speaker first."""

    name: str | None
    description: str = Field(description="As printed, for somebody unnamed.")
    role: str
    interest: str
    inferred: bool = Field(description="From the passage, not from the sentence.")


class AttributionRow(Schema):
    """One article's report of a quote."""

    id: int
    words: str = Field(description="Its wording.")
    speaker: str
    article: str = Field(description="The address of the article, else of its page here.")
    article_id: int
    outlet: str | None
    published: Moment
    revision: int
    content: list[tuple[int, int]] = Field(description="Characters of the kept text: start, and end (not included).")
    source: list[tuple[int, int]]
    relays: list[RelayRow]
    form: str = Field(json_schema_extra={"enum": list(Attribution.Form.values)})
    hedged: bool
    sourcing: Class
    status: str = Field(json_schema_extra={"enum": list(Attribution.Status.values)})
    confidence: float = Field(ge=0, le=1)
    url: str = Field(description="Its place in the article.")


class QuoteWhole(QuoteRow):
    """One quote with how it is known."""

    verdict: str
    safe_wording: str = Field(description="A sentence that is safe to print; empty when nobody reports it.")
    wordings: list[str]
    attributions: list[AttributionRow] = Field(description="At most 500, in order of publication.")


class SpeakerRow(Schema):
    """Somebody who is said to have said something."""

    id: int
    name: str
    kind: str = Field(json_schema_extra={"enum": list(Speaker.Kind.values)})
    role: str = Field(description="As an article printed it first.")
    wikidata_id: str
    said: int = Field(description="Quotes put down to them.")
    relayed: int = Field(description="Quotes of others known through them.")
    url: str


class OutletRow(Schema):
    """A newspaper, broadcaster, agency or site."""

    id: int
    slug: str
    name: str
    kind: str
    country: str = Field(description="ISO 3166, or empty.")
    articles: int
    since: Moment
    invented: bool = Field(description="Made up for the demonstration.")
    url: str


class ArticleRow(Schema):
    """An article that was read. Its text is not sent."""

    id: int
    title: str
    outlet: str | None
    byline: str
    published: Moment
    language: str
    original: str | None = Field(description="Where it stands.")
    copied_from: int | None = Field(description="The article whose copy it is.")
    url: str


class Refusal(Schema):
    detail: str | list[dict[str, Any]]


def _attribution(report: Attribution, base: str) -> dict[str, Any]:
    told = export.attribution_row(report)
    place = urljoin(base, report.get_absolute_url())
    return {
        **told,
        "id": report.pk,
        "words": report.variant_words,
        "speaker": report.speaker.name if report.speaker else report.speaker_printed,
        "article": report.revision.article.canonical_url or place,
        "class": report.sourcing,
        "url": place,
    }


# --- what may be asked -----------------------------------------------------------------------------

REFUSED = {404: Refusal, 410: Refusal, 422: Refusal, 429: Refusal}
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
SEARCH = "Words, exact phrases, `-not` and operators, as in the search box: " + ", ".join(
    f"`{name}:` ({meaning})" for name, meaning in OPERATORS.items()
)

SearchLine = Annotated[str, Query(max_length=LONGEST, description=SEARCH)]
NamePart = Annotated[str, Query(max_length=200, description="Part of a name or alias.")]
Slug = Annotated[str, Query(max_length=200, description="Slug of an outlet.")]


@api.get("/quotes", response={200: list[QuoteRow], **REFUSED}, by_alias=True, summary="Search quotes")
@paginate(Listed, told=export.quote_row)
def quotes(request: HttpRequest, q: SearchLine = "") -> QuerySet[Quote]:
    """Without `q`, all quotes. What cannot be read in `q` is repaired as on the page: GET /search says how."""
    return export.with_quote_details(Search(parse(q, KINDS)).quotes())


class Understood(Schema):
    """How a search was read."""

    q: str = Field(description="The whole search as it was understood.")
    repairs: list[str] = Field(description="What had to be repaired, in words.")
    total: int = Field(description="Quotes it finds.")


@api.get("/search", response={200: Understood, 422: Refusal, 429: Refusal}, summary="How a search is read")
def understood(request: HttpRequest, q: SearchLine = "") -> dict[str, Any]:
    """What had to be repaired, and how many quotes it finds."""
    found = parse(q, KINDS)
    return {"q": str(found), "repairs": list(found.repairs), "total": Search(found).quotes().count()}


@api.get("/quotes/{pk}", response={200: QuoteWhole, **REFUSED}, by_alias=True, summary="One quote with its reports")
def quote(request: HttpRequest, pk: Number) -> dict[str, Any]:
    """A merged quote is answered by the one it was merged into."""
    merged = get_object_or_404(Quote.objects.select_related("merged_into"), pk=pk).survivor
    refuse_taken_down(merged)
    found = get_object_or_404(export.with_quote_details(Quote.objects.shown()), pk=merged.pk)
    reports, base = reports_of(found), request.build_absolute_uri("/")
    return {
        **export.quote_row(found, base),
        "verdict": sourcing.verdict_of(found, reports),
        "safe_wording": sourcing.safe_wording_of(found, reports, [*found.flags.all()]),
        "wordings": list(dict.fromkeys(report.variant_words for report in reports)),
        "attributions": [_attribution(report, base) for report in reports[:500]],
    }


@api.get("/attributions/{pk}", response={200: AttributionRow, **REFUSED}, by_alias=True, summary="One attribution")
def attribution(request: HttpRequest, pk: Number) -> dict[str, Any]:
    """Those an editor rejected are not found."""
    refuse_report_taken_down(pk)
    found = get_object_or_404(Attribution.objects.shown().with_evidence(), pk=pk)
    return _attribution(found, request.build_absolute_uri("/"))


@api.get("/speakers", response={200: list[SpeakerRow], **REFUSED}, summary="Speakers")
@paginate(Listed, told=export.speaker_row)
def speakers(request: HttpRequest, name: NamePart = "") -> QuerySet[Speaker]:
    """Without `name`, everybody."""
    words = name.replace("\x00", "").strip()
    return (Speaker.objects.matching(words) if words else Speaker.objects.all()).listed().with_counts()


@api.get("/speakers/{pk}", response={200: SpeakerRow, **REFUSED}, summary="One speaker")
def speaker(request: HttpRequest, pk: Number) -> dict[str, Any]:
    """A merged speaker is not found."""
    return export.speaker_row(
        get_object_or_404(Speaker.objects.listed().with_counts(), pk=pk), request.build_absolute_uri("/")
    )


@api.get("/outlets", response={200: list[OutletRow], **REFUSED}, summary="Outlets")
@paginate(Listed, told=export.outlet_row)
def outlets(request: HttpRequest) -> QuerySet[Outlet]:
    """Every outlet with an article here."""
    return Outlet.objects.with_counts()


@api.get("/articles", response={200: list[ArticleRow], **REFUSED}, summary="Articles")
@paginate(Listed, told=export.article_row)
def articles(request: HttpRequest, outlet: Slug = "") -> QuerySet[Article]:
    """Without `outlet`, all articles."""
    slug = outlet.replace("\x00", "")
    found = Article.objects.shown().with_list_details()
    return found.filter(outlet__slug=slug) if slug else found


@api.get("/articles/{pk}", response={200: ArticleRow, **REFUSED}, summary="One article")
def article(request: HttpRequest, pk: Number) -> dict[str, Any]:
    """Its attributions are found with its quotes."""
    found = get_object_or_404(Article.objects.with_list_details().select_related("takedown"), pk=pk)
    refuse_article_taken_down(found)
    return export.article_row(found, request.build_absolute_uri("/"))
