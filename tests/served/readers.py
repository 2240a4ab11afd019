"""Articles about the same few people, read by several processes at once; run by the site's own manage.py."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from quotes.intake.draft import Draft
from quotes.models import Article, Attribution, Quote, Speaker
from quotes.services import checks, ingest
from quotes.services.arrival import take_in

ARTICLES = 36
PEOPLE = ("Ann Lee", "Bob Stone", "Cy Moor", "Dee Fox", "Eva Brandt", "Fay Horak")
SAID = (
    "We will rebuild the stone bridge over the river before the first snow falls",
    "Nobody in this council has promised that the ferry would be free for children",
    "I have not seen the contract for the harbour and do not expect to see it soon",
    "Our teachers deserve a better wage than the county has offered them this spring",
    "The library stays open on Sundays as long as I am responsible for its budget",
    "They sold the old theatre for less than a family pays for a small apartment",
    "The hospital needs forty more nurses and has the money for hardly a dozen",
    "Every tram in this city will run on electricity made by wind within a decade",
    "Whoever parks on the market square at night should expect to walk home afterwards",
    "A tunnel under the lake costs three times as much as the engineers had told us",
)
CROWD = "It rained on the square outside, and {} people stood under the trees until the evening came."


def article(number: int) -> str:
    """Two people, of whom others tell in other articles, each with a remark that others repeat; one of them relayed."""
    one, two, three = (PEOPLE[(number + step) % len(PEOPLE)] for step in (0, 1 + number % 2, 3))
    first, second = (SAID[(number // divisor) % len(SAID)] for divisor in (1, 3))
    return (
        f"The council met for the {number + 2}th time this year and spoke for {number * 7 + 20} minutes about money.\n\n"
        f"{one} said: “{first}.”\n\n{CROWD.format(number * 13 + 4)}\n\n"
        f"According to {three}, {two} said: “{second}.”"
    )


def draft(number: int) -> Draft:
    published = f"2025-05-{10 + number % 3}T09:00:00Z"
    row = {
        "text": article(number),
        "outlet": f"Paper {number % 4}",
        "published": published,
        "title": f"Council {number}",
    }
    return ingest.json_draft(json.dumps(row).encode())


def read(first: int, readers: int) -> None:
    """Every so many-th article, in an order of one's own, and one that all the others read, too."""
    own = list(range(first, ARTICLES, readers))
    for number in [*own[first:], *own[:first], 0]:
        take_in(draft(number))


def account(path: str) -> None:
    """What is there, and what cannot be."""
    words = Counter(Quote.objects.shown().values_list("speaker__name", "words"))
    found = {
        "articles": Article.objects.filter(stage="read").count(),
        "attributions": Attribution.objects.filter(variant__isnull=False).count(),
        "speakers": sorted(Speaker.objects.values_list("name", flat=True)),
        "quotes": sorted(f"{name}: {said}" for name, said in words),
        "doubled": [f"{name}: {said}" for (name, said), number in words.items() if number > 1],
        "wrong": [str(finding) for finding in checks.run(repair=False, tell=lambda name, done, total: None)],
    }
    Path(path).write_text(json.dumps(found))
