"""Saving pages to an archive, where a setting asks for it, so that what an article said can be seen by others."""

from __future__ import annotations

from django.conf import settings

from quotes.intake.archive import archived
from quotes.models import Job, Link
from quotes.services import jobs
from quotes.services.web import lane_name, page_at


def queue(link: Link) -> None:
    """Queues a page to be saved, unless none is to be or an archive has it. Three queries, none without the setting."""
    if settings.HEARSAY_ARCHIVE and not link.archived:
        lane = jobs.lane(lane_name(settings.HEARSAY_ARCHIVE))
        Job.objects.get_or_create(page=link, defaults={"kind": "archive", "lane": lane})


def save(job: Job) -> None:
    """Asks the archive to save a page, and notes where it keeps it. Raises Later or Failed."""
    link = job.page
    assert link is not None
    page = page_at(f"{settings.HEARSAY_ARCHIVE}{link.url}", job=job)
    if archived(page.url) is None:
        raise jobs.Failed("The archive did not say where it keeps the page.")
    Link.objects.filter(pk=link.pk).update(archived=page.url[:2000])
    jobs.finish(job)
