"""Which address a fetched page is filed under: its own word for it, where that can be believed.

A page may name another address of its own site, and nobody else's. An AMP page is filed under the page it was made
from, wherever it is served; a page for phones (*m.site*) only where it names the page for all itself.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from tld import get_fld

from quotes.intake.draft import Refused
from quotes.intake.link import canonical

AMP_CACHE = re.compile(
    r"https?://(?:[\w.-]+\.cdn\.ampproject\.org/(?:\w/)?|(?:www\.)?google\.[a-z.]{2,6}/amp/|www\.bing\.com/amp/\w?/?"
    r"|[\w.-]+\.bing-amp\.com/(?:\w/)?)(?P<tls>s/)?(?P<page>[\w-]+(?:\.[\w-]+)+/.*)",
    re.I | re.S,
)
AMP_PATH = re.compile(r"(?:/amp(?=/?$)|\.amp(?=(?:\.html?)?$))")
AMP_HOST = re.compile(r"^amp\.(?=[^.]+\.[^.]+)")


def own_address(claimed: str, fetched: str, *, is_amp: bool = False) -> str:
    """The address for a page fetched at `fetched` that calls itself `claimed` (or nothing). Raises Refused.

    A site's front page is not believed to be a story's address: that is a fault of many sites.
    """
    place = out_of_cache(fetched)
    try:
        own = canonical(urljoin(place, claimed.strip())) if claimed.strip() else ""
    except (Refused, ValueError):
        own = ""
    is_front = own and urlsplit(own).path == "/" and not urlsplit(own).query and urlsplit(place).path.strip("/")
    if own and is_same_site(own, place) and not is_front and canonical(own) != canonical(fetched):
        return own
    return canonical(without_amp(place) if is_amp or place != fetched else place)


def out_of_cache(url: str) -> str:
    """The publisher's own address of an AMP page that a search engine serves; other addresses as they are."""
    found = AMP_CACHE.match(url)
    return f"{'https' if found['tls'] else 'http'}://{found['page']}" if found else url


def without_amp(url: str) -> str:
    """The address an AMP page was most likely made from: without */amp* at its end or *amp.* at its start."""
    parts = urlsplit(url)
    path = AMP_PATH.sub("", parts.path, count=1) or "/"
    return urlunsplit((parts.scheme, AMP_HOST.sub("", parts.netloc.lower()), path, parts.query, ""))


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one owner: *m.site.co.uk* and *www.site.co.uk*, but not two blogs of one host."""
    return _site(one) == _site(other)


def _site(url: str) -> str:
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    return get_fld(f"https://{host}/", fail_silently=True) or host.removeprefix("www.")
