"""A quote as linked data: schema.org `Quotation` with its chain in PROV, and each attribution as a W3C Web Annotation.

schema.org has no property for an intermediary, so the chain stands in PROV-O: the report was quoted from what each
intermediary told, which was quoted from the quotation. `Quotation` is in schema.org's *pending* part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin

from django.urls import reverse

from quotes.models import Article, Attribution, Flag, Outlet, Quote, Relay, Span, Speaker
from quotes.models.quote import FIRSTHAND
from quotes.services.versions import BY_HAND

CONTEXT: list[Any] = ["https://schema.org", {"prov": "http://www.w3.org/ns/prov#"}]
ANNOTATION = "http://www.w3.org/ns/anno.jsonld"
MOST_REPORTS = 500
"""Reports of one quote that are told in full."""

SPEAKER_TYPES = {
    "person": "Person",
    "organisation": "Organization",
    "outlet": "NewsMediaOrganization",
    "group": "Organization",
    "unnamed": "Person",
}
"""Kind of speaker -> schema.org type. A document is a CreativeWork, which cannot speak: see `_agent`."""

PROV_TYPES = {"Person": "prov:Person"}


class Linked:
    """Writes linked data for one site; `base` is its address, with its last slash."""

    def __init__(self, base: str) -> None:
        self.base = base

    def quotation(
        self, quote: Quote, reports: Sequence[Attribution], flags: Iterable[Flag] = (), *, citation: str = ""
    ) -> dict[str, Any]:
        """JSON-LD whose graph begins with the Quotation; then each report with its chain. No query after with_evidence.

        With an upheld *wrong speaker* the outlets' claim stays in `spokenByCharacter`, and `creator` is left out.
        """
        is_wrong = any(flag.kind == "wrong_speaker" and flag.state == Flag.State.UPHELD for flag in flags)
        speaker = self._agent(quote.speaker, quote.speaker_printed)
        told = [relay for report in reports for relay in report.relays.all() if relay.is_stated]
        relays = {relay.label: relay for relay in told}
        node = {
            "@id": self._quote(quote),
            "@type": ["Quotation", "prov:Entity"],
            "url": self._quote(quote),
            "text": quote.words,
            "inLanguage": quote.language,
            "spokenByCharacter": speaker,
            "creator": None if is_wrong else speaker,
            "dateCreated": quote.said_on.isoformat() if quote.said_on else None,
            "datePublished": quote.first_seen.isoformat() if quote.first_seen else None,
            "isPartOf": [self._article(article) for article in {r.revision.article: None for r in reports}],
            "citation": citation,
            "contributor": [
                {"@type": "Role", "roleName": "intermediary", "contributor": self._teller(relay)}
                for relay in relays.values()
            ],
        }
        graph = [_filled(node)]
        for report in reports[:MOST_REPORTS]:
            graph += self._report(quote, report)
        return {"@context": CONTEXT, "@graph": graph}

    def _report(self, quote: Quote, report: Attribution) -> list[dict[str, Any]]:
        """The report, and what each intermediary told: every link quoted from the one before it."""
        identity = self._attribution(report)
        relays = [*report.relays.all()]
        tellings = [
            {
                "@id": f"{identity}#told-{relay.position}",
                "@type": "prov:Entity",
                "prov:qualifiedAttribution": self._credited(relay),
                "prov:wasAttributedTo": self._teller(relay) if relay.is_stated else None,
            }
            for relay in relays
        ]
        article = report.revision.article
        printed = {
            "@id": identity,
            "@type": ["CreativeWork", "prov:Entity"],
            "url": self._url(report.get_absolute_url()),
            "isPartOf": {"@id": self._article_id(article)},
            "prov:value": report.variant_words,
            "prov:specializationOf": {"@id": self._quote(quote)},
            "prov:wasAttributedTo": self._outlet(article.outlet),
            "prov:hadPrimarySource": {"@id": self._quote(quote)} if report.sourcing in FIRSTHAND[:2] else None,
        }
        nodes: list[dict[str, Any]] = [{"@id": self._quote(quote)}, *tellings, printed]
        for source, node in pairwise(nodes):
            node["prov:wasQuotedFrom"] = {"@id": source["@id"]}
        return [_filled(node) for node in nodes[1:]]

    def _credited(self, relay: Relay) -> dict[str, Any]:
        role = {"@id": self._url(reverse("method_detail")) + "#intermediary"}
        found = {"@type": "prov:Attribution", "prov:agent": self._teller(relay), "prov:hadRole": role}
        return _filled(found) if relay.is_stated else {}

    def _teller(self, relay: Relay) -> dict[str, Any]:
        found = self._agent(relay.intermediary, relay.description) or {}
        return _filled({**found, "jobTitle": relay.role if "Person" in found.get("@type", ()) else ""})

    def _agent(self, speaker: Speaker | None, printed: str) -> dict[str, Any] | None:
        """A person or organisation; None when nobody is named or described, or a document speaks."""
        if speaker is None:
            return {"@type": ["Person", "prov:Agent"], "name": printed} if printed else None
        if speaker.kind == Speaker.Kind.DOCUMENT:
            return None
        kind = SPEAKER_TYPES[speaker.kind]
        same = f"http://www.wikidata.org/entity/{speaker.wikidata_id}" if speaker.wikidata_id else ""
        return _filled(
            {
                "@id": self._url(speaker.get_absolute_url()),
                "@type": [kind, PROV_TYPES.get(kind, "prov:Organization")],
                "name": speaker.name,
                "disambiguatingDescription": speaker.role,
                "sameAs": same,
            }
        )

    def _article(self, article: Article) -> dict[str, Any]:
        return _filled(
            {
                "@id": self._article_id(article),
                "@type": "NewsArticle",
                "headline": article.title,
                "url": article.canonical_url or self._url(article.get_absolute_url()),
                "inLanguage": article.language,
                "datePublished": article.published.isoformat() if article.published else None,
                "publisher": self._outlet(article.outlet),
            }
        )

    def _outlet(self, outlet: Outlet | None) -> dict[str, Any] | None:
        if outlet is None:
            return None
        kind = ["NewsMediaOrganization", "prov:Organization"]
        return {"@id": self._url(outlet.get_absolute_url()), "@type": kind, "name": outlet.name}

    # --- Web Annotations ---------------------------------------------------------------------------

    def annotation(self, report: Attribution) -> dict[str, Any]:
        """One attribution: its class, speaker and relays as bodies, its words as target. No query after with_evidence.

        Positions count the characters of the clean text that Hearsay keeps, at `cached`.
        """
        return {"@context": ANNOTATION, **self._annotated(report)}

    def annotations(self, quote: Quote, reports: Sequence[Attribution]) -> dict[str, Any]:
        """All attributions of a quote, as a collection with one page."""
        items = [self._annotated(report) for report in reports[:MOST_REPORTS]]
        identity = self._url(reverse("data_reports", args=[quote.pk]))
        page = {"id": f"{identity}#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
        return {
            "@context": ANNOTATION,
            "id": identity,
            "type": "AnnotationCollection",
            "label": f"Attributions of quote {quote.pk}",
            "total": len(items),
            "first": page,
        }

    def _annotated(self, report: Attribution) -> dict[str, Any]:
        spans = [*report.spans.all()]
        who = report.speaker.name if report.speaker else report.speaker_printed
        bodies = [{"type": "TextualBody", "purpose": "classifying", "value": report.sourcing, "format": "text/plain"}]
        if who:
            bodies.append({"type": "TextualBody", "purpose": "identifying", "value": f"Speaker: {who}"})
        for relay in report.relays.all():
            value = f"Intermediary {relay.position}: {relay.label}"
            bodies.append({"type": "TextualBody", "purpose": "identifying", "value": value})
        evidence = [self._place(report, span) | {"purpose": "describing"} for span in spans if span.role != "content"]
        return {
            "id": self._attribution(report),
            "type": "Annotation",
            "motivation": "classifying",
            **self._generator(report),
            "generated": report.revision.seen_at.isoformat(),
            "body": [*bodies, *evidence],
            "target": [self._place(report, span) for span in spans if span.role == "content"],
        }

    def _generator(self, report: Attribution) -> dict[str, Any]:
        """What read it; nothing for what an editor added."""
        if report.extractor == BY_HAND:
            return {}
        software = {"id": self._url(reverse("method_detail")), "type": "Software", "name": report.extractor}
        return {"generator": software}

    def _place(self, report: Attribution, span: Span) -> dict[str, Any]:
        """Where words stand, by the words and by their position."""
        article = report.revision.article
        cached = f"{self._url(article.get_absolute_url())}?version={report.revision.number}"
        quoted = {"type": "TextQuoteSelector", "exact": span.exact, "prefix": span.prefix, "suffix": span.suffix}
        return {
            "type": "SpecificResource",
            "source": article.canonical_url or cached,
            "selector": [
                {name: value for name, value in quoted.items() if value},
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            ],
            "state": {"type": "TimeState", "sourceDate": report.revision.seen_at.isoformat(), "cached": cached},
        }

    # --- addresses ---------------------------------------------------------------------------------

    def _url(self, path: str) -> str:
        return urljoin(self.base, path)

    def _quote(self, quote: Quote) -> str:
        return self._url(quote.get_absolute_url())

    def _attribution(self, report: Attribution) -> str:
        return self._url(reverse("attribution_detail", args=[report.pk]))

    def _article_id(self, article: Article) -> str:
        return self._url(article.get_absolute_url())


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
