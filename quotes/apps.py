"""The app, and the groups that every installation has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate

from quotes.text import tagger

EDITORS = ("add_article", "review_attribution", "judge_match", "settle_flag", "mend_speaker")
GROUPS = {
    "reporters": ("add_article",),
    "editors": EDITORS,
    "desk heads": (*EDITORS, "manage_desk"),
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


def make_cache_table(**kwargs: Any) -> None:
    """Makes the table of the cache that all workers share, where it is missing."""
    from django.core.management import call_command

    call_command("createcachetable", database=kwargs["using"], verbosity=0)


def make_groups(**kwargs: Any) -> None:
    """Makes missing groups and grants them their rights; rights given by hand stay."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(kwargs["app_config"], verbosity=0, using=kwargs["using"])  # not made yet on a first migrate
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="quotes", codename__in=codenames))
