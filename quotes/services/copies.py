"""Finds articles that copy one another, and says which is the copy.

A new text is held against the articles that share keys of its sentences (quotes.text.copies). The copy is the one that
credits the other's outlet; else the later one. Each article points at the one it shares most with.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from quotes.models import Article, Attribution, PassageKey, Revision
from quotes.services import summary
from quotes.services.turns import beside_others, in_turn
from quotes.text.copies import Passage, passages, share_in
from quotes.text.credits import credited
from quotes.text.gazetteer import newsroom

COMMON = 50
"""Articles sharing a key from which it is a standing phrase (*This is a developing story*) and finds nobody."""

MOST_COMPARED = 10
"""Articles a new one is held against, those that share most keys."""

PARTLY = 0.4
"""The share of an article's own words from which it is called a copy in part."""


@dataclass(frozen=True)
class Text:
    """An article as it is compared."""

    article: Article
    passages: tuple[Passage, ...]
    credits: frozenset[str]

    @property
    def outlet(self) -> str:
        return self.article.outlet.name if self.article.outlet else ""

    def is_credited_by(self, other: Text) -> bool:
        return bool(self.outlet) and self.outlet != other.outlet and newsroom(self.outlet) in other.credits


def note(revision: Revision, *, anew: bool) -> None:
    """Files a text's sentences, notes who copies whom, and counts the origins of their quotes again.

    About eight queries and 8 ms of reading for each article it is compared with, and then one short transaction. One query
    when the text is filed as it is; `anew` compares it all the same, because its outlet or date have changed.
    """
    new = _text(revision.article, revision.text)
    keys = {key for passage in new.passages for key in passage.keys}
    filed = PassageKey.objects.filter(article=revision.article_id)
    if keys and not anew and keys == set(filed.values_list("key", flat=True)):
        return
    near = [(other, _shares(new, other)) for other in _near(keys, revision.article_id)]
    alone = new.article.copied_from_id is None and all(max(shares.values()) < PARTLY for _, shares in near)
    with beside_others(f"article {revision.article_id}") if alone else in_turn():
        filed.delete()
        PassageKey.objects.bulk_create([PassageKey(key=key, article_id=revision.article_id) for key in sorted(keys)])
        changed = _set(new.article, None, 0.0, "")
        for other, shares in near:
            changed |= _weigh(new, other, shares)
        summary.refresh(_quotes_in(changed))


def _shares(new: Text, other: Text) -> dict[int, float]:
    """How much of each article's own words stands in the other, by article."""
    return {
        new.article.pk: share_in(new.passages, other.passages),
        other.article.pk: share_in(other.passages, new.passages),
    }


def _text(article: Article, text: str) -> Text:
    return Text(article, passages(text), frozenset(map(newsroom, credited(text, article.byline))))


def _near(keys: set[int], article: int) -> list[Text]:
    """The articles that share most sentences, each with the text it has now."""
    holders = PassageKey.objects.filter(key__in=keys)
    common = holders.values("key").annotate(articles=Count("article")).filter(articles__gt=COMMON)
    telling = holders.exclude(article=article).exclude(key__in=[row["key"] for row in common])
    shared = telling.values("article").annotate(keys=Count("key")).order_by("-keys", "article")[:MOST_COMPARED]
    found = Article.objects.select_related("outlet").prefetch_related("revisions")
    near = found.filter(pk__in=[row["article"] for row in shared]).order_by("pk")
    return [_text(other, other.current_revision.text) for other in near if other.current_revision]


def _weigh(new: Text, other: Text, shares: dict[int, float]) -> set[int]:
    """Notes the copy among two texts, when one is. The articles whose note changed."""
    if max(shares.values()) < PARTLY:
        return set()
    copy, source, because = _direction(new, other)
    share = round(shares[copy.article.pk], 3)
    known = copy.article.copied_share if copy.article.copied_from_id else 0.0
    if share < PARTLY or share <= known:
        return set()
    changed = _set(copy.article, source.article, share, because)
    if source.article.copied_from_id == copy.article.pk:  # what is known now says that it was the other way round
        changed |= _set(source.article, None, 0.0, "")
    return changed


def _direction(one: Text, other: Text) -> tuple[Text, Text, str]:
    """(copy, source, why)."""
    for copy, source in ((one, other), (other, one)):
        if source.is_credited_by(copy):
            return copy, source, f"It credits {source.outlet}."
    first, second = sorted(
        (one, other), key=lambda text: (text.article.published or text.article.added_at, text.article.pk)
    )
    both = sorted(one.credits & other.credits)
    if both:
        return second, first, f"Both credit “{both[0].title()}”; the other one came out first."
    if not (first.article.published and second.article.published):
        return second, first, "Which came out first is not known; this one was added later."
    if first.article.published == second.article.published:
        return second, first, "Both came out at the same time; this one was added later."
    return second, first, "The other one came out first."


def _set(article: Article, source: Article | None, share: float, because: str) -> set[int]:
    if (article.copied_from_id, article.copied_share) == (source.pk if source else None, share):
        return set()
    article.copied_from, article.copied_share, article.copied_because = source, share, because[:300]
    article.save(update_fields=["copied_from", "copied_share", "copied_because"])
    return {article.pk}


def _quotes_in(articles: set[int]) -> set[int]:
    """The quotes that these articles report."""
    standing = Attribution.objects.standing().filter(revision__article__in=articles, variant__isnull=False)
    return set(standing.values_list("variant__quote", flat=True))
