"""The app, and the groups that every installation has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models.signals import post_migrate

from quotes.text import tagger

EDITORS = ("add_article", "review_attribution", "judge_match", "settle_flag", "mend_speaker", "manage_feed")
GROUPS = {
    "reporters": ("add_article",),
    "editors": EDITORS,
    "desk heads": (*EDITORS, "manage_desk", "take_down"),
}
"""Group -> what its members may do beyond reading."""


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Hearsay"

    def ready(self) -> None:
        if settings.HEARSAY_OIDC_GROUP not in GROUPS:
            raise ImproperlyConfigured(
                f"HEARSAY_OIDC_GROUP must be one of {', '.join(GROUPS)}, not {settings.HEARSAY_OIDC_GROUP!r}."
            )
        tagger.use(model_folder(settings.HEARSAY_MODEL))
        post_migrate.connect(make_cache_table, sender=self)
        post_migrate.connect(make_groups, sender=self)


def model_folder(setting: str) -> Path | None:
    """The folder that HEARSAY_MODEL names: the shipped one when it is empty, none for "none"."""
    if setting.strip().lower() == "none":
        return None
    return Path(setting) if setting.strip() else tagger.SHIPPED


@register(Tags.database)
def letters_in_plain_order(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warns of a database that orders names by the rules of a language: lists would be ordered otherwise than on SQLite."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 'B' < 'a'")
            if not cursor.fetchone()[0]:
                hint = "Create the database with LOCALE 'C.UTF-8' (docs/operations.md) to have them as SQLite does."
                found.append(
                    Warning(f"The database “{alias}” orders names by its locale.", hint=hint, id="quotes.W001")
                )
    return found


def make_cache_table(**kwargs: Any) -> None:
    """Makes the table of the cache that all workers share, where it is missing."""
    from django.core.management import call_command

    call_command("createcachetable", database=kwargs["using"], verbosity=0)


def make_groups(**kwargs: Any) -> None:
    """Makes missing groups and grants them their rights; rights given by hand stay."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    using = kwargs["using"]
    create_permissions(kwargs["app_config"], verbosity=0, using=using)  # not made yet on a first migrate
    ours = Permission.objects.using(using).filter(content_type__app_label="quotes")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*ours.filter(codename__in=codenames))
