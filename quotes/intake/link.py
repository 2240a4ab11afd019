"""One address for one article: what newsrooms, newsletters and phones add to a URL is taken off again.

Scheme and host are lower-cased, default ports, fragments and tracking parameters dropped, the rest kept
as it is, since paths are case-sensitive and parameters may choose the article.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from quotes.intake.draft import Refused

TRACKING = frozenset(
    """
        fbclid gclid dclid msclkid mc_cid mc_eid igshid ref ref_src ref_url cmpid ocid smid ito ns_source
        ns_mchannel ns_campaign at_medium at_campaign taid xtor soc_src soc_trk guccounter guce_referrer sr_share
        share spm amp outputtype
    """.split()
)
LONGEST = 2000


def canonical(url: str) -> str:
    """The address an article is filed under; empty for an empty string. Raises Refused for what is no web address."""
    url = url.strip()
    if not url:
        return ""
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(f"{url[:80]!r} is not a web address.") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in {"http", "https"} or "." not in host or any(c.isspace() for c in url):
        raise Refused(f"{url[:80]!r} is not a web address. It must start with http:// or https://.")
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k)]
    clean = urlunsplit(
        (parts.scheme.lower(), host, quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._"), urlencode(query), "")
    )
    if len(clean) > LONGEST:
        raise Refused(f"The address has {len(clean):,} characters; the most Hearsay takes is {LONGEST:,}.")
    return clean


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith("utm_")
