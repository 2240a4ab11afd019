"""The admin: for names, titles, outlets and looking things up.

What carries an editor's responsibility (attributions, flags, decisions) is read-only here: it changes on
the site's own pages, where every act leaves a decision.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator  # by way of the modules that register what is taken off below
from allauth.socialaccount.admin import SocialApp, SocialToken
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Event,
    Evidence,
    Feed,
    Flag,
    Inbox,
    Job,
    Link,
    Match,
    Outlet,
    Problem,
    Quote,
    Relay,
    Revision,
    Span,
    Speaker,
    Upload,
    Variant,
    Watch,
)
from quotes.models.review import KINDS
from quotes.services import summary
from quotes.services.turns import in_turn

if TYPE_CHECKING:  # the stubs' generics do not exist at run time
    Admin = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    Admin = admin.ModelAdmin
    Inline = admin.TabularInline

admin.site.site_header = "Hearsay"
admin.site.site_title = "Hearsay admin"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # throttled, with its second factor


class ReadOnly:
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister([SocialApp, SocialToken, Authenticator])  # single sign-on is set by the environment alone


@admin.register(Authenticator)
class AuthenticatorAdmin(Admin):
    """For taking a lost second factor off an account; its secret is not shown."""

    fields = ["user", "type", "created_at", "last_used_at"]
    list_display = ["user", "type", "created_at", "last_used_at"]
    readonly_fields = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionInline(ReadOnly, Inline):
    model = Revision
    fields = ["number", "seen_at", "digest"]
    readonly_fields = ["number", "seen_at", "digest"]


class AliasInline(Inline):
    model = Alias
    extra = 0


class VariantInline(ReadOnly, Inline):
    model = Variant
    fields = ["wording"]


class RelayInline(ReadOnly, Inline):
    model = Relay
    fields = ["position", "intermediary", "description", "role", "inferred"]


class SpanInline(ReadOnly, Inline):
    model = Span
    fields = ["role", "start", "end", "exact"]


MOST_COUNTED = 2_000
"""Quotes that are counted again while somebody waits for a page."""


class Counted(Admin):
    """What quotes show and are found by rests on these rows: when one changes, its quotes are counted again."""

    ways: tuple[str, ...] = ()
    """From an attribution to the row."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """In turn from before the row is looked at: it is written whole, with what others wrote up to then."""
        with in_turn() if request.method == "POST" else nullcontext():
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        quotes = self._quotes(obj) if change else set()
        if len(quotes) <= MOST_COUNTED:
            summary.refresh(quotes, is_news=False)
        else:
            words = "Its quotes are too many to be counted again at once: run manage.py check_data --repair."
            messages.warning(request, words)

    def _quotes(self, row: Any) -> set[int]:
        """The quotes that rest on a row, or more than MOST_COUNTED of them. A query for each way, on its index."""
        told = [Attribution.objects.filter(**{way: row}, variant__isnull=False) for way in self.ways]
        numbers = (some.order_by().values_list("variant__quote", flat=True).distinct() for some in told)
        return {number for some in numbers for number in some[: MOST_COUNTED + 1]}


@admin.register(Outlet)
class OutletAdmin(Counted):
    ways = ("revision__article__outlet",)
    list_display = ["name", "kind", "is_demo"]
    list_filter = ["is_demo", "kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Article)
class ArticleAdmin(Counted):
    ways = ("revision__article",)
    list_display = ["title", "outlet", "published", "stage"]
    list_filter = ["stage", "language", "outlet"]
    list_select_related = ["outlet"]
    search_fields = ["title", "canonical_url", "byline"]
    autocomplete_fields = ["outlet", "copied_from"]
    readonly_fields = ["stage", "current_number", "added_at", "added_by"]
    date_hierarchy = "published"
    inlines = [RevisionInline]


@admin.register(Speaker)
class SpeakerAdmin(Counted):
    ways = ("speaker", "relays__intermediary")
    list_display = ["name", "kind", "role", "wikidata_id", "merged_into"]
    list_filter = ["kind"]
    search_fields = ["name", "aliases__text", "wikidata_id"]
    readonly_fields = ["merged_into", "wikidata_id", "wikidata_by", "wikidata_at", "version"]
    exclude = ["apart_from"]
    inlines = [AliasInline]


@admin.register(Alias)
class AliasAdmin(Admin):
    list_display = ["text", "kind", "speaker", "valid_from", "valid_until", "source"]
    list_filter = ["kind"]
    list_select_related = ["speaker"]
    search_fields = ["text", "speaker__name"]
    autocomplete_fields = ["speaker"]


@admin.register(Quote)
class QuoteAdmin(ReadOnly, Admin):
    list_display = ["words", "speaker", "sourcing", "report_count", "first_seen"]
    list_filter = ["sourcing"]
    list_select_related = ["speaker"]
    search_fields = ["words", "speaker__name"]
    date_hierarchy = "first_seen"
    inlines = [VariantInline]


@admin.register(Attribution)
class AttributionAdmin(ReadOnly, Admin):
    list_display = ["__str__", "form", "sourcing", "status", "confidence", "extractor"]
    list_filter = ["status", "sourcing", "form", "hedged", "extractor"]
    search_fields = ["variant__wording", "speaker__name", "speaker_printed"]
    inlines = [RelayInline, SpanInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attribution]:
        return super().get_queryset(request).select_related("speaker", "variant")


@admin.register(Match)
class MatchAdmin(ReadOnly, Admin):
    list_display = ["one", "other", "score", "outcome"]
    list_filter = ["outcome", "is_suggestion"]
    list_select_related = ["one", "other"]
    search_fields = ["one__wording", "other__wording"]


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Flag)
class FlagAdmin(ReadOnly, Admin):
    list_display = ["label", "quote", "state", "raised_by", "raised_at", "settled_by"]
    list_filter = [KindFilter, "state"]
    list_select_related = ["quote", "raised_by", "settled_by"]
    search_fields = ["quote__words", "reason", "settled_reason"]
    date_hierarchy = "raised_at"


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly, Admin):
    list_display = ["label", "flag", "note", "added_by", "added_at"]
    list_select_related = ["flag", "added_by"]
    search_fields = ["note", "url"]
    date_hierarchy = "added_at"


@admin.register(Problem)
class ProblemAdmin(ReadOnly, Admin):
    list_display = ["label", "quote", "state", "made_by", "made_at", "settled_by"]
    list_filter = ["state"]
    list_select_related = ["quote", "made_by", "settled_by"]
    search_fields = ["words", "quote__words"]
    date_hierarchy = "made_at"


@admin.register(Decision)
class DecisionAdmin(ReadOnly, Admin):
    list_display = ["made_at", "actor", "verb", "quote", "attribution", "flag", "reason"]
    list_filter = ["verb", "actor"]
    list_select_related = ["actor", "quote", "flag", "attribution__variant", "attribution__speaker"]
    search_fields = ["reason", "actor__username", "quote__words"]
    date_hierarchy = "made_at"


@admin.register(Event)
class EventAdmin(ReadOnly, Admin):
    list_display = ["made_at", "label", "quote", "article", "detail"]
    list_filter = ["kind"]
    list_select_related = ["quote", "article"]
    search_fields = ["quote__words", "detail"]
    date_hierarchy = "made_at"


@admin.register(Watch)
class WatchAdmin(ReadOnly, Admin):
    list_display = ["person", "target", "period", "made_at"]
    list_filter = ["period"]
    list_select_related = ["person"]
    search_fields = ["person__username", "target"]


@admin.register(Inbox)
class InboxAdmin(ReadOnly, Admin):
    """Without the secret address of the feed."""

    list_display = ["person", "seen_event", "daily_at", "weekly_at"]
    list_select_related = ["person"]
    search_fields = ["person__username"]
    exclude = ["feed_key"]


@admin.register(Feed)
class FeedAdmin(ReadOnly, Admin):
    list_display = ["__str__", "url", "is_paused", "good_at", "failures", "fault"]
    list_filter = ["is_paused"]
    search_fields = ["url", "title", "outlet"]


@admin.register(Link)
class LinkAdmin(ReadOnly, Admin):
    list_display = ["url", "article", "feed", "checks", "checked_at", "fault"]
    list_filter = ["is_gone"]
    list_select_related = ["article", "feed"]
    search_fields = ["url", "fault"]
    date_hierarchy = "made_at"


@admin.register(Job)
class JobAdmin(ReadOnly, Admin):
    list_display = ["__str__", "lane", "state", "due_at", "tries", "reason"]
    list_filter = ["kind", "state"]
    list_select_related = ["lane", "link__article", "feed", "upload"]
    search_fields = ["reason", "link__url", "feed__url"]


@admin.register(Upload)
class UploadAdmin(ReadOnly, Admin):
    list_display = ["name", "size", "line_count", "added_by", "made_at", "finished_at"]
    list_select_related = ["added_by"]
    search_fields = ["name"]
    date_hierarchy = "made_at"
