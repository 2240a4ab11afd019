"""Notices in which a newsroom says that it changed a story: corrections, clarifications, editor's notes."""

from __future__ import annotations

import re

LONGEST = 1500
MOST = 20

WHEN = (
    r"(?:[ ,]+(?:of|from|on|at|issued|added|posted|appended|published|\d{1,4}(?:st|nd|rd|th)?|\d{1,2}[:.]\d{2}|[ap]\.?m\.?|[A-Z]{2,4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tues|wednes|thurs|fri|satur|sun)[a-z]*\.?))*"
)
LABEL = re.compile(
    r"^\W*(?:this (?:article|story|post|report)[\s:,–—-]+|update[\s:,–—-]+)?"
    r"(?:corrections?(?: and clarifications?)?|clarifications?|erratum|errata|corrigendum|retraction|"
    r"editor(?:['’]s|s['’]?) (?:note|comment)|editorial note|note to readers)"
    rf"{WHEN}(?:\s*[:(—]|\s+[–-]\s|\.\s|\.?$)",
    re.I,
)
"""*Correction: …*, *Clarification (June 3): …*, *Editor's note — …* at the start of a paragraph."""

STORY = "(?:article|story|post|piece|report)"
AMENDED = re.compile(
    rf"\b(?:this {STORY}|(?:the|an earlier) (?:headline|caption|version) (?:of|on|for|to|in) this {STORY})\b[^.]{{0,80}}?\b"
    r"(?:was|were|has been|have been)\s+(?:\w+\s+)?"
    r"(?:amended|corrected|clarified|retracted|withdrawn|revised|removed|edited|changed|updated to (?:correct|clarify|reflect|remove|add))\b"
    rf"|\b(?:an|the) (?:earlier|previous|original|initial) (?:version|headline|caption) (?:of|for|on|to) this {STORY}\b"
    rf"|\bthis {STORY} (?:originally|previously|initially|incorrectly|wrongly|mistakenly|erroneously) "
    rf"|\bwe (?:have|’ve|'ve) (?:corrected|amended|clarified|retracted) (?:this|our) (?:{STORY}|headline|caption)",
    re.I,
)
"""*This article was amended on …*, *An earlier version of this story misstated …*"""


def corrections(text: str) -> tuple[str, ...]:
    """The paragraphs of an article's text that say it was changed, as printed, in their order.

    A label that stands alone brings the paragraph behind it along. A story *about* a correction is told from one that
    bears it by the label's place, first in its paragraph, or by *this article*.
    """
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    found: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        label = LABEL.match(paragraph)
        if label and label.end() == len(paragraph) and number + 1 < len(paragraphs):
            found.append(f"{paragraph} {paragraphs[number + 1]}"[:LONGEST])
        elif (label and label.end() < len(paragraph)) or AMENDED.search(paragraph[:LONGEST]):
            found += [paragraph[:LONGEST]] if not found or paragraph not in found[-1] else []
    return tuple(dict.fromkeys(found))[:MOST]
