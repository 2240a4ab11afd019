"""One address for one article: what newsrooms, newsletters and phones add to a URL is taken off again.

Scheme and host are lower-cased, default ports, fragments and tracking parameters dropped, the rest kept
as it is, since paths are case-sensitive and parameters may choose the article.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from quotes.intake.draft import Refused
from quotes.text.gazetteer import countries

TRACKING = frozenset(
    """
        fbclid gclid dclid msclkid mc_cid mc_eid igshid ref ref_src ref_url cmpid ocid smid ito ns_source
        ns_mchannel ns_campaign at_medium at_campaign taid xtor soc_src soc_trk guccounter guce_referrer sr_share
        share spm amp outputtype
    """.split()
)
SOLD_WORLDWIDE = frozenset("ai am cc co eu fm gg io is la ly me nu sh st tk to tv un vc ws".split())
LONGEST = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(?:/|$))", re.I)
NOT_IN_ADDRESS = re.compile(r"[\s\\]")
SAFE = "/%:@!$&'()*+,;=~-._"


def canonical(url: str) -> str:
    """The address an article is filed under; empty for an empty string. Raises Refused for what is no web address."""
    url = url.strip()
    if not url:
        return ""
    if "://" not in url and not OTHER_SCHEME.match(url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        url.encode()
    except ValueError:
        raise Refused(f"{url[:80]!a} is not a web address.", field="url") from None
    if parts.scheme.lower() not in DEFAULT_PORTS or not HOST.match(host) or NOT_IN_ADDRESS.search(url):
        raise Refused(f"{url[:80]!r} is not a web address. It must start with http:// or https://.", field="url")
    if port and port != DEFAULT_PORTS[parts.scheme.lower()]:
        host = f"{host}:{port}"
    query = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part.partition("=")[0]))
    path = quote(parts.path or "/", safe=SAFE)
    clean = urlunsplit((parts.scheme.lower(), host, path, quote(query, safe=SAFE + "?"), ""))
    if len(clean) > LONGEST:
        raise Refused(f"The address has {len(clean):,} characters; the most Hearsay takes is {LONGEST:,}.", field="url")
    return clean


def country_of(url: str) -> str:
    """The ISO code in the ending of an address (*.co.uk* is GB); empty for *.com* and for endings sold the world over."""
    ending = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
    if ending.lower() in SOLD_WORLDWIDE:
        return ""
    code = {"UK": "GB"}.get(ending, ending)
    return code if len(code) == 2 and code in countries() else ""


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith("utm_")
