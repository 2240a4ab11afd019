"""Every address. The name `<module>_<function>` points to quotes/views/<module>.py::<function>."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from quotes.api import api as json_api
from quotes.views import (
    account,
    add,
    api,
    article,
    attribution,
    cite,
    compare,
    data,
    decision,
    desk,
    errors,
    flag,
    home,
    match,
    method,
    outlet,
    people,
    problem,
    quote,
    reading,
    review,
    search,
    speaker,
    watch,
)

account_pages: list[URLPattern | URLResolver] = [
    path("", account.detail, name="account_detail"),
    path("erase/", account.erase, name="account_erase"),
    path("sessions/<int:pk>/end/", account.end_session, name="account_end_session"),
    path("", include("allauth.account.urls")),
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("single-sign-on/", include("allauth.socialaccount.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    path("", home.index, name="home_index"),
    path("look/", home.look, name="home_look"),
    path("seen/", home.seen, name="home_seen"),
    path("quotes/", quote.browse, name="quote_browse"),
    path("quotes/<int:pk>/", quote.detail, name="quote_detail"),
    path("quotes/<int:pk>/cite.<str:kind>", cite.quote, name="cite_quote"),
    path("quotes/<int:pk>.jsonld", data.quote, name="data_quote"),
    path("quotes/<int:pk>/annotations.jsonld", data.reports, name="data_reports"),
    path("attributions/<int:pk>/", attribution.detail, name="attribution_detail"),
    path("attributions/<int:pk>.jsonld", data.attribution, name="data_attribution"),
    path("quotes/<int:pk>/flag/", flag.add, name="flag_add"),
    path("quotes/<int:pk>/problem/", problem.add, name="problem_add"),
    path("flags/<int:pk>/", flag.detail, name="flag_detail"),
    path("articles/", article.browse, name="article_browse"),
    path("articles/<int:pk>/", article.detail, name="article_detail"),
    path("speakers/", speaker.browse, name="speaker_browse"),
    path("speakers/suggest/", speaker.suggest, name="speaker_suggest"),
    path("speakers/<int:pk>/edit/", people.edit, name="people_edit"),
    path("speakers/<int:pk>/merge/", people.merge, name="people_merge"),
    path("speakers/<int:pk>/split/", people.split, name="people_split"),
    path("review/mentions/<int:pk>/", people.resolve, name="people_resolve"),
    path("speakers/<int:pk>/", speaker.detail, name="speaker_detail"),
    path("outlets/", outlet.browse, name="outlet_browse"),
    path("outlets/<slug:slug>/", outlet.detail, name="outlet_detail"),
    path("compare/", compare.detail, name="compare_detail"),
    path("method/", method.detail, name="method_detail"),
    path("add/", add.paste, name="add_paste"),
    path("add/file/", add.file, name="add_file"),
    path("review/", review.queue, name="review_queue"),
    path("review/act/", review.act, name="review_act"),
    path("review/several/", review.several, name="review_several"),
    path("review/item/<str:kind>/<int:pk>/", review.item, name="review_item"),
    path("review/attributions/<int:pk>/", reading.correct, name="reading_correct"),
    path("articles/<int:pk>/add/", reading.add, name="reading_add"),
    path("review/matches/", match.queue, name="match_queue"),
    path("review/matches/<int:pk>/", match.review, name="match_review"),
    path("quotes/<int:pk>/arrange/", match.arrange, name="match_arrange"),
    path("decisions/undo/", decision.undo, name="decision_undo"),
    path("watches/", watch.browse, name="watch_browse"),
    path("watches/add/", watch.add, name="watch_add"),
    path("watches/<int:pk>/", watch.detail, name="watch_detail"),
    path("watches/feed/<str:key>.atom", watch.feed, name="watch_feed"),
    path("watches/unsubscribe/<str:token>/", watch.unsubscribe, name="watch_unsubscribe"),
    path("api/", api.detail, name="api_detail"),
    path("api/v1/", json_api.urls),
    path("opensearch.xml", search.opensearch, name="search_opensearch"),
    path("account/", include(account_pages)),
    path("desk/", desk.people, name="desk_people"),
    path("admin/", admin.site.urls),
    path("healthz", errors.healthz, name="errors_healthz"),
]

handler400 = "quotes.views.errors.bad_request"
handler403 = "quotes.views.errors.forbidden"
handler404 = "quotes.views.errors.not_found"
handler429 = "quotes.views.errors.too_many"  # allauth's
handler500 = "quotes.views.errors.server_error"
