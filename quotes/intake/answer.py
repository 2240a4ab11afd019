"""What a site answers, read without trust: the page, where it moved to, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urljoin

from quotes.intake.guard import Closed
from quotes.intake.waiting import wished

PRINTABLE = re.compile(r"[\x20-\x7e]{1,1000}")
MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)", re.I)
MOVED = {301, 302, 303, 307, 308}
IN_WORDS = {
    401: "The site asks for a password.",
    402: "The page is only for people who pay.",
    403: "The site refuses to show this page.",
    404: "The page is gone.",
    410: "The page is gone.",
    429: "The site asks us to come back later.",
    451: "The page is blocked for legal reasons.",
    503: "The site is down for now.",
}
TEMPORARY = {202, 408, 425, 429}


class FetchFailed(Exception):
    """Nothing was fetched; the message tells a journalist why.

    `is_temporary`: another try may go better; `retry_after`: the seconds the site asks to be left alone, if it does;
    `status`: what it answered with, if it was that which failed.
    """

    def __init__(
        self, message: str, *, is_temporary: bool, retry_after: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary
        self.retry_after = retry_after
        self.status = status


@dataclass(frozen=True, slots=True)
class Known:
    """What the site called the page's version when it was fetched before."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What was found at an address; `url` is where the redirects ended, `redirects` the addresses before it."""

    url: str
    status: int
    content_type: str
    """In lower case, without parameters; empty when the site does not say."""
    charset: str
    """As the site says, which may be wrong; empty when it does not."""
    body: bytes = field(repr=False)
    etag: str = ""
    modified: str = ""
    redirects: tuple[str, ...] = ()
    not_modified: bool = False

    @property
    def is_downgraded(self) -> bool:
        """A redirect led from an encrypted address to one that is not."""
        return any(url.startswith("https:") for url in self.redirects) and self.url.startswith("http:")


def page(url: str, status: int, headers: dict[str, str]) -> Page:
    said = headers.get("content-type", "")
    kind, charset = MEDIA_TYPE.match(said), CHARSET.search(said)
    return Page(
        url=url,
        status=status,
        content_type=kind[1].lower() if kind else "",
        charset=charset[1].lower() if charset else "",
        body=b"",
        etag=_kept(headers.get("etag", "")),
        modified=_kept(headers.get("last-modified", "")),
        not_modified=status == 304,
    )


def _kept(version: str) -> str:
    return version if PRINTABLE.fullmatch(version) else ""


def moved(asked: str, location: str) -> str:
    """The address a redirect names, which sites write in UTF-8 however much the standard asks for ASCII."""
    if not location:
        raise FetchFailed("The site redirects, but does not say where to.", is_temporary=False)
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        pass
    try:
        return urljoin(asked, location.replace(" ", "%20"))
    except ValueError:
        raise Closed(f"{location[:80]!a} is not a web address.") from None


def failure(status: int, headers: dict[str, str]) -> FetchFailed:
    is_temporary = status in TEMPORARY or status >= 500
    retry_after = wished(headers.get("retry-after", ""), datetime.now(UTC)) if is_temporary else None
    if status < 300:
        words = "The site says the page is not ready yet." if status == 202 else "The site answered without a page."
    elif status >= 500:
        words = IN_WORDS.get(status, f"The site has a fault of its own (error {status}).")
    else:
        words = IN_WORDS.get(status, f"The site did not give out the page (error {status}{_phrase(status)}).")
    return FetchFailed(words, is_temporary=is_temporary, retry_after=retry_after, status=status)


def _phrase(status: int) -> str:
    return f", {HTTPStatus(status).phrase.lower()}" if status in HTTPStatus._value2member_map_ else ""
