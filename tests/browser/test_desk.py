"""The editors' desk as two editors and a reporter use it: by key alone, at the same moment, and by mouse in an article.

These tests have a server of their own: they decide on much of what it holds.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import DEMO, follow, running, sign_in

pytestmark = pytest.mark.browser
logger = logging.getLogger(__name__)

PARTY = """Fans 😀🎉 filled the hall – “a fine night”, all agreed 🎉.

The dam 💧 will hold, the mayor Ann Lee told Reuters. “It will hold,” she said, “for ever 💧”."""
WAITING = f"""
from quotes.models import Attribution, Quote
from quotes.services import ingest
from quotes.services.flag import raise_flag
from django.contrib.auth.models import User
from tests.factories import make_attribution, make_speaker
for number in range(34):
    make_attribution(f"The dam number {{number}} will hold.", speaker=make_speaker(f"Speaker {{number}}"), confidence=0.3)
edith, rita = User.objects.get(username="edith"), User.objects.get(username="rita")
raise_flag(quote=Quote.objects.get(pk=7), actor=rita, kind="secondhand", reason="The aide alone has it.")
ingest.store(ingest.draft_paste({PARTY!r}, outlet="Harbour Herald", title="The party"))
one, other = make_speaker("Maria Keller", role="minister"), make_speaker("Mary Keller")
make_attribution("We will sign the treaty in spring.", speaker=other)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    prepare = (*DEMO, ("shell", "-c", WAITING))
    with running(tmp_path_factory.mktemp("desk"), prepare=prepare) as address:
        yield address


class Keyboard:
    """A page used by its keys alone, which are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def queue(new_context: Any, address: str = "/review/?kind=reading", name: str = "edith") -> Page:
    page: Page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, name)
    page.goto(address)
    return page


def focused(page: Page) -> str:
    """The row that has the focus; empty when none has it."""
    return str(page.evaluate("document.activeElement.closest('[data-inspect]')?.id ?? ''"))


def rows(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('[data-inspect]')].map((row) => row.id)"))


def shown(page: Page) -> str:
    """The row that the inspector shows."""
    return str(page.get_attribute("#inspector [data-item]", "data-item") or "")


def left(page: Page) -> int:
    """How many wait, as the table's caption says."""
    return int(page.inner_text("table.rows caption").split()[0])


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_have_text(words)


def edges(page: Page, selector: str) -> tuple[float, float]:
    """The top and the bottom of what is shown, in pixels from the top of the view."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]


def inspect(page: Page, row: str) -> None:
    """Waits until the inspector shows a row."""
    page.wait_for_selector(f"#inspector [data-item='{row}']")


def to_row(page: Page, row: str) -> None:
    """Puts the focus on a row, and waits for its inspector."""
    page.focus(f"#{row} a[data-row]")
    inspect(page, row)


def in_focus(page: Page, row: str) -> None:
    """Waits until a row has the focus, as it has soon after an act."""
    page.wait_for_function("(row) => document.activeElement.closest('[data-inspect]')?.id === row", arg=row)


# --- by key alone ---


def test_twenty_are_cleared_by_key_alone_with_one_undo_and_one_bulk(new_context: Any) -> None:
    """At most three keys a decision in all; the next row has the focus after each; what is done and left is said."""
    page = queue(new_context)
    keys, decided, waiting = Keyboard(page), 0, left(page)
    assert waiting >= 25
    assert focused(page) == ""
    keys.press("j")
    for number in range(16):
        row, following = focused(page), rows(page)[rows(page).index(focused(page)) + 1]
        inspect(page, row)
        before = keys.pressed
        if number % 3 == 2:
            keys.press("n")
            page.wait_for_selector(".why")
            keys.press("1")
        else:
            keys.press("u")
        decided, waiting = decided + 1, waiting - 1
        said(page, f"{'Rejected' if number % 3 == 2 else 'Accepted'}. {waiting} left here.")
        assert keys.pressed - before <= 3
        in_focus(page, following)
        assert row not in rows(page)
        inspect(page, following)
        if number == 7:
            expect(page.locator("#done")).to_contain_text("Undo")
            with page.expect_navigation():
                keys.press("z")
            in_focus(page, row)  # it is back
            waiting, decided = waiting + 1, decided - 1
            assert left(page) == waiting
            expect(page.locator(".messages")).to_contain_text("Undone.")
            expect(page.locator(".messages")).to_be_in_viewport(ratio=1)
            assert edges(page, ".messages")[1] <= edges(page, f"#{row} a[data-row]")[0]
            inspect(page, row)
    before = keys.pressed
    for _ in range(4):
        keys.press("x", "j")
    keys.press("x")
    assert page.locator("#ticked input:checked").count() == 5
    with page.expect_navigation():
        keys.press("o")
    assert page.inner_text("main h2 >> nth=0") == "5 ticked"
    keys.press("u")
    with page.expect_navigation():
        keys.press("Enter")
    assert page.inner_text("main h2 >> nth=0") == "Done: 5"
    decided, waiting = decided + 5, waiting - 5
    assert keys.pressed - before <= 15
    page.goto("/review/?kind=reading")
    assert left(page) == waiting
    assert decided == 20
    assert keys.pressed <= 3 * decided, (keys.pressed, decided)
    logger.info("%s decisions, %s keys", decided, keys.pressed)


def test_a_bulk_is_undone_by_a_key_too(new_context: Any) -> None:
    page = queue(new_context)
    before, keys = left(page), Keyboard(page)
    keys.press("j", "x", "j", "x")
    with page.expect_navigation():
        keys.press("o")
    keys.press("n")
    page.fill("#bulk_reason", "It is a caption.")
    follow(page, "text=Do it to all of them")
    assert page.inner_text("main h2 >> nth=0") == "Done: 2"
    with page.expect_navigation():
        keys.press("z")
    expect(page.locator(".messages")).to_contain_text("2 decisions undone.")
    page.goto("/review/?kind=reading")
    assert left(page) == before


def test_nothing_is_decided_while_no_row_is_in_focus(new_context: Any) -> None:
    page = queue(new_context)
    before = left(page)
    inspect(page, rows(page)[0])  # the first row is shown, and nothing is in focus
    for key in ("u", "n", "t", "s", "x", "1", "Enter"):
        page.keyboard.press(key)
    page.focus("#queue_q")
    page.keyboard.press("Tab")  # a button outside the table
    for key in ("u", "n", "1"):
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    assert page.inner_text("#said") == ""
    assert page.locator("#ticked input:checked").count() == 0
    page.reload()
    assert left(page) == before


def test_keys_rest_in_fields_and_with_other_keys_held(new_context: Any) -> None:
    page = queue(new_context)
    before, first = left(page), rows(page)[0]
    page.keyboard.press("j")
    inspect(page, first)
    for held in ("Control", "Alt", "Meta"):
        for key in ("u", "n", "x"):
            page.keyboard.press(f"{held}+{key}")
    page.keyboard.press("n")
    page.wait_for_selector("#written")
    page.fill("#written", "")
    page.focus("#written")
    page.keyboard.type("jknux?1")
    assert page.input_value("#written") == "jknux?1"
    page.keyboard.press("Escape")
    page.focus("#queue_q")
    page.keyboard.type("un/jx")
    assert page.input_value("#queue_q") == "un/jx"
    page.wait_for_timeout(400)
    assert page.inner_text("#said") == ""
    page.reload()
    assert left(page) == before
    assert rows(page)[0] == first


def test_the_slash_leads_to_the_search_and_the_question_mark_to_the_keys(new_context: Any) -> None:
    page = queue(new_context)
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "queue_q"
    assert page.input_value("#queue_q") == ""
    page.focus(f"#{rows(page)[0]} a[data-row]")
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('keys').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_j_and_k_stop_at_the_ends_and_o_opens_the_row(new_context: Any) -> None:
    page = queue(new_context)
    all_rows = rows(page)
    page.keyboard.press("k")
    assert focused(page) == all_rows[0]
    page.keyboard.press("k")
    assert focused(page) == all_rows[0]
    for _ in range(len(all_rows) + 3):
        page.keyboard.press("j")
    assert focused(page) == all_rows[-1]
    page.keyboard.press("k")
    assert focused(page) == all_rows[-2]
    number = all_rows[-2].rsplit("-", 1)[1]
    with page.expect_navigation():
        page.keyboard.press("o")
    assert page.url.endswith(f"/review/attributions/{number}/")


def test_a_key_may_be_exchanged_and_keys_may_be_off(new_context: Any) -> None:
    page = queue(new_context)
    before = left(page)
    page.click("#keys summary")
    page.fill("[data-remap=u]", "a")
    page.press("[data-remap=u]", "Tab")
    page.fill("[data-remap=n]", "a")  # taken
    page.press("[data-remap=n]", "Tab")
    assert page.input_value("[data-remap=n]") == "n"
    first, second = rows(page)[:2]
    page.focus(f"#{first} a[data-row]")
    inspect(page, first)
    expect(page.locator("#inspector button[value=yes] kbd")).to_have_text("a")
    page.keyboard.press("u")  # no key any more
    page.wait_for_timeout(300)
    assert page.inner_text("#said") == ""
    page.keyboard.press("a")
    said(page, f"Accepted. {before - 1} left here.")
    in_focus(page, second)
    page.reload()  # what was chosen stays chosen
    page.keyboard.press("j")
    inspect(page, second)
    page.keyboard.press("a")
    said(page, f"Accepted. {before - 2} left here.")
    page.click("#keys summary")
    page.click("#keys-switch")
    assert page.inner_text("#keys-switch") == "Switch keys on"
    third = rows(page)[0]
    page.focus(f"#{third} a[data-row]")
    inspect(page, third)
    for key in ("a", "j", "x", "n", "z"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert focused(page) == third
    page.reload()
    assert left(page) == before - 2
    page.click("#keys summary")
    page.click("#keys-reset")
    page.click("#keys-switch")
    assert page.input_value("[data-remap=u]") == "u"


def test_holding_a_key_decides_once(new_context: Any) -> None:
    """A key held down repeats itself; only the first press counts."""
    page = queue(new_context)
    before = left(page)
    page.keyboard.press("j")
    inspect(page, rows(page)[0])
    for _ in range(6):
        page.keyboard.down("u")
    page.keyboard.up("u")
    said(page, f"Accepted. {before - 1} left here.")
    page.wait_for_timeout(500)
    page.reload()
    assert left(page) == before - 1


def test_the_desk_can_be_used_without_javascript(new_context: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page)
    page.goto("/review/?kind=reading")
    before = left(page)
    boxes = page.locator("#ticked input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    follow(page, "#several")
    page.check("input[name=act][value=yes]")
    follow(page, "text=Do it to all of them")
    assert page.inner_text("main h2 >> nth=0") == "Done: 2"
    follow(page, "text=Undo all 2")
    page.goto("/review/?kind=reading")
    assert left(page) == before
    follow(page, "[data-row] >> nth=0")
    page.fill("#decide_reason", "It is a caption.")
    follow(page, "button[name=reject]")
    expect(page.locator(".messages")).to_contain_text("Saved.")
    follow(page, ".history button:has-text('Undo')")
    expect(page.locator(".messages")).to_contain_text("Undone.")


# --- two editors ---


def test_the_second_editor_sees_what_the_first_did_and_loses_nothing(new_context: Any) -> None:
    edith, edgar = queue(new_context), queue(new_context, name="edgar")
    row = rows(edith)[-1]
    to_row(edgar, row)
    edgar.keyboard.press("n")
    edgar.wait_for_selector("#written")
    edgar.fill("#written", "It is a caption, I think.")
    to_row(edith, row)
    edith.keyboard.press("u")
    expect(edith.locator("#said")).to_contain_text("Accepted.")
    edgar.press("#written", "Enter")
    edgar.wait_for_selector("#inspector [role=alert]")
    words = edgar.inner_text("#inspector")
    assert "Somebody else changed this attribution while you were looking at it." in words
    assert "edith accepted" in words
    assert edgar.input_value("#kept") == "It is a caption, I think."
    assert row in rows(edgar)
    edgar.click("#inspector button[value=no]")  # sees both, and still thinks so
    expect(edgar.locator("#said")).to_contain_text("Rejected.")
    number = row.rsplit("-", 1)[1]
    edith.goto(f"/review/attributions/{number}/")
    history = edith.inner_text(".history")
    assert "edgar rejected" in history
    assert "It is a caption, I think." in history


def test_on_the_page_of_a_reading_nothing_typed_is_lost(new_context: Any) -> None:
    edith, edgar = queue(new_context), queue(new_context, name="edgar")
    address = f"/review/attributions/{rows(edith)[-1].rsplit('-', 1)[1]}/"
    edith.goto(address)
    edgar.goto(address)
    edgar.fill("#correct_speaker", "Eve Hart")
    edgar.fill("#correct_reason", "It was her.")
    follow(edith, "button[name=accept]")
    follow(edgar, "button[name=correct]")
    assert "Somebody else changed this attribution" in edgar.inner_text("#reading [role=alert]")
    assert "edith accepted" in edgar.inner_text(".history")
    assert (edgar.input_value("#correct_speaker"), edgar.input_value("#correct_reason")) == ("Eve Hart", "It was her.")
    follow(edgar, "button[name=correct]")  # sent again, as it is
    expect(edgar.locator(".messages")).to_contain_text("Saved.")
    assert "Eve Hart" in edgar.inner_text(".card >> nth=0")


def test_who_is_on_a_flag_shows_to_the_other(new_context: Any) -> None:
    edith, edgar = (queue(new_context, "/review/?kind=flag", name) for name in ("edith", "edgar"))
    row = edith.locator("tr:has-text('Secondhand')").get_attribute("id")
    to_row(edith, row)
    to_row(edgar, row)
    edith.keyboard.press("t")
    expect(edith.locator("#said")).to_contain_text("Taken up.")
    expect(edith.locator(f"#{row}")).to_contain_text("edith since")
    in_focus(edith, row)  # it stays, and stays in focus
    edgar.keyboard.press("u")
    edgar.wait_for_selector(".why")
    edgar.keyboard.press("1")
    edgar.wait_for_selector("#inspector [role=alert]")
    assert re.search(r"edith has been on this flag since \d\d:\d\d", edgar.inner_text("#inspector"))
    edgar.reload()
    expect(edgar.locator(f"#{row}")).to_contain_text("edith since")
    edith.keyboard.press("u")
    edith.wait_for_selector(".why")
    edith.keyboard.press("2")
    expect(edith.locator("#said")).to_contain_text("Upheld.")
    edgar.goto("/quotes/7/")
    assert "Secondhand: upheld" in edgar.inner_text(".verdict")


# --- a serious flag ---


def test_a_serious_flag_from_the_reporter_to_the_firsthand_report(new_context: Any) -> None:
    rita, edith, edgar, reader = (new_context().new_page() for _ in range(4))
    for page, name in ((rita, "rita"), (edith, "edith"), (edgar, "edgar")):
        sign_in(page, name)
    reader.goto("/quotes/?q=via:ushakov+phone")
    follow(reader, "table.quotes tbody tr >> nth=0 >> td.said a >> nth=0")
    quote = reader.url
    words = reader.inner_text("figure.words blockquote").strip("“”")
    speaker = reader.inner_text("figure.words figcaption a >> nth=0")
    assert "Known only through" in reader.inner_text(".verdict")

    rita.goto(quote)
    rita.click("summary:has-text('Flag this quote')")
    rita.select_option("#flags select[name=kind]", "out_of_context")
    rita.fill("#flag_reason", "It was said of something else.")
    follow(rita, "text=Raise the flag")
    assert "Out of context" in rita.inner_text("#flags")
    reader.reload()
    assert "Out of context: open" in reader.inner_text(".verdict")

    edith.goto(quote)
    follow(edith, "a:has-text('Work on this flag: Out of context')")
    flag = edith.url
    edith.check("input[name=result][value=upheld]")
    edith.fill("#settle_reason", "The transcript shows it.")
    follow(edith, "text=Record the result")
    assert "A serious flag needs 2 items of evidence" in edith.inner_text("main")
    assert edith.input_value("#settle_reason") == "The transcript shows it."
    for kind in ("transcript", "article"):
        edith.click("summary:has-text('Add evidence')")
        edith.select_option("#evidence_kind", kind)
        edith.fill("#evidence_note", f"The {kind} has the question before it.")
        follow(edith, "button:has-text('Add it')")
        expect(edith.locator(".messages")).to_contain_text("Evidence added.")
    edith.check("input[name=result][value=upheld]")
    edith.fill("#settle_reason", "The transcript shows it.")
    follow(edith, "text=Record the result")
    assert "edith found first: Upheld. “The transcript shows it.”" in edith.inner_text("main")
    reader.reload()
    assert "a second editor is needed" in reader.inner_text("#flags")
    assert "Disputed" not in reader.inner_text(".verdict")

    edgar.goto("/review/?view=second")
    row = rows(edgar)[0]
    to_row(edgar, row)
    assert "edith found first" in edgar.inner_text("#inspector")
    edgar.keyboard.press("u")
    edgar.fill("#written", "I read the transcript too.")
    edgar.press("#written", "Enter")
    expect(edgar.locator(".empty")).to_contain_text("Nothing waits here.")  # that was the last
    reader.reload()
    assert "Disputed" in reader.inner_text(".verdict")
    assert "Out of context: upheld" in reader.inner_text(".verdict")
    reader.goto("/quotes/?q=via:ushakov+phone")
    assert "Out of context" in reader.inner_text("table.quotes")

    rita.goto("/add/")
    rita.fill("#id_text", f"{speaker} spoke at the White House on Monday. “{words}” {speaker} told reporters. He left.")
    rita.fill("#id_outlet", "Firsthand Gazette")
    rita.fill("#id_published", "2025-05-21")
    follow(rita, "text=Read it")
    assert "/articles/" in rita.url
    assert quote.removeprefix(quote.split("/quotes/")[0]) in [
        link.get_attribute("href") for link in rita.locator("article.card blockquote a").all()
    ], rita.inner_text("main")
    reader.goto(quote)
    assert "Out of context: reopened" in reader.inner_text(".verdict")
    assert "Disputed" not in reader.inner_text(".verdict")
    assert "Hearsay reopened flag" in reader.inner_text(".history")
    edith.goto(flag)
    assert "A firsthand report was linked." in edith.inner_text(".history")
    edith.goto("/review/?view=reopened")
    assert "Out of context" in edith.inner_text("table.rows")


# --- words by mouse ---


def select(page: Page, words: str, *, nth: int = 0, backwards: bool = False) -> None:
    """Selects words of the text by pressing the mouse at their beginning and letting it go at their end."""
    box = page.evaluate(
        """([words, nth]) => {
          const walker = document.createTreeWalker(document.getElementById("marking"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(), left = nth; node; node = walker.nextNode()) {
            for (let at = node.data.indexOf(words); at >= 0; at = node.data.indexOf(words, at + 1)) {
              if (left--) continue;
              node.parentElement.scrollIntoView({block: "center"});
              const range = document.createRange();
              range.setStart(node, at); range.setEnd(node, at + words.length);
              const rects = [...range.getClientRects()];
              const first = rects[0], last = rects[rects.length - 1];
              return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
            }
          }
        }""",
        [words, nth],
    )
    ends = [(box[0] + 0.5, box[1]), (box[2] - 0.5, box[3])]
    start, end = reversed(ends) if backwards else ends
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()").strip() == words


def party(page: Page) -> None:
    """Opens the page on which a quote is added to the article with the emoji."""
    page.goto("/articles/?q=party")
    follow(page, "main a:has-text('The party')")
    follow(page, "text=Add a missed quote")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")  # another font moves the words


def saved_spans(page: Page) -> list[tuple[int, int, str]]:
    """Where the words of the attribution on the page stand, as the public data say: (start, end, words)."""
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    told = json.loads(page.request.get(f"/attributions/{number}.jsonld").text())
    found: list[tuple[int, int, str]] = []

    def look(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                look(each)
        elif isinstance(node, dict):
            selectors = node.get("selector")
            if isinstance(selectors, list):
                place = next(s for s in selectors if s["type"] == "TextPositionSelector")
                exact = next(s for s in selectors if s["type"] == "TextQuoteSelector")["exact"]
                found.append((place["start"], place["end"], exact))
            for each in node.values():
                look(each)

    look(told)
    return found


def stored_text(page: Page) -> str:
    """The article's text as far as the page shows it, at the places it says."""
    parts = page.evaluate(
        "[...document.querySelectorAll('#marking p')].map((p) => [Number(p.dataset.start), p.textContent])"
    )
    text = ""
    for start, words in parts:
        text = text.ljust(start, "\n") + words
    return text


@pytest.mark.parametrize("backwards", [False, True])
def test_words_selected_by_mouse_become_the_words_of_a_field(new_context: Any, backwards: bool) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, "edgar")
    party(page)
    text = stored_text(page)
    content, source, cue = (
        ("a fine night", "all", "agreed") if backwards else ("It will hold,", "the mayor Ann Lee", "told")
    )
    for words, name, label in (
        (content, "content", "What was said"),
        (source, "source", "Who said it"),
        (cue, "cue", "That it was said"),
    ):
        select(page, words, backwards=backwards)
        page.click(f"#mark-as button:has-text('{label}') >> nth=0")
        assert page.input_value(f"#reading [name={name}]") == words
        assert int(page.input_value(f"#reading [name={name}_at]")) == text.index(words)
        expect(page.locator("#marked")).to_have_text(f"{label}: {words}")
    page.fill("#add_speaker", "Ann Lee")
    follow(page, "button[name=add]")
    expect(page.locator(".messages")).to_contain_text("Added.")
    assert page.inner_text("#marking .m-content") == content
    assert (text.index(content), text.index(content) + len(content), content) in saved_spans(page)
    assert page.inner_text("#marking .m-source") == source


def test_the_second_of_two_equal_words_after_emoji_is_the_one_that_was_marked(new_context: Any) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, "edgar")
    party(page)
    text = stored_text(page)
    at = text.index("hold", text.index("hold") + 1)
    select(page, "hold", nth=1)
    page.click("#mark-as button[data-marks=content]")
    assert int(page.input_value("[name=content_at]")) == at
    follow(page, "button[name=add]")
    expect(page.locator(".messages")).to_contain_text("Added.")
    assert (at, at + 4, "hold") in saved_spans(page)


def test_words_over_two_paragraphs_and_emoji_are_marked_whole(new_context: Any) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, "edgar")
    party(page)
    text = stored_text(page)
    page.evaluate(
        """() => {
          const [one, two] = document.querySelectorAll("#marking p"), range = document.createRange();
          const node = one.lastChild, last = two.firstChild;
          range.setStart(node, node.data.indexOf("agreed")); range.setEnd(last, last.data.indexOf(" will"));
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.click("#mark-as button[data-marks=content]")
    assert page.input_value("#reading [name=content]") == "agreed 🎉. The dam 💧"
    follow(page, "button[name=add]")
    expect(page.locator(".messages")).to_contain_text("Added.")
    start, end = text.index("agreed"), text.index("The dam 💧") + len("The dam 💧")
    assert (start, end) in [span[:2] for span in saved_spans(page)]


def test_without_a_selection_nothing_is_filled(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page, "edgar")
    party(page)
    page.click("#mark-as button[data-marks=content]")
    expect(page.locator("#marked")).to_have_text("Select words in the text first.")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")  # words outside the text
    page.click("#mark-as button[data-marks=content]")
    expect(page.locator("#marked")).to_have_text("Select words in the text first.")
    assert page.input_value("#reading [name=content]") == ""


# --- speakers ---


def test_two_speakers_are_merged_after_a_look_and_parted_from_the_history(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page)
    page.goto("/speakers/?q=Mary+Keller")
    follow(page, "main a:has-text('Mary Keller')")
    gone = page.url
    page.goto(f"{gone.rstrip('/')}/merge/")
    page.focus("#into_into")
    page.keyboard.type("Maria K")
    page.wait_for_selector("#people option[value='Maria Keller']", state="attached")
    page.fill("#into_into", "Maria Keller")
    follow(page, "text=Show what would move")
    assert "1 report of what Mary Keller said, in 1 quote" in page.inner_text("main")
    assert "We will sign the treaty in spring." in page.inner_text("main")
    assert page.goto(gone).status == 200  # nothing has moved yet
    page.go_back()
    page.fill("#merge_reason", "One minister, spelt in two ways.")
    follow(page, "text=They are one: merge")
    expect(page.locator(".messages")).to_contain_text("Mary Keller is Maria Keller now.")
    assert "edith merged two speakers" in page.inner_text(".history")
    kept = page.url.replace("edit/", "")
    page.goto(gone)
    assert page.url == kept
    assert "We will sign the treaty in spring." in page.inner_text("main")
    page.goto(f"{kept}edit/")
    follow(page, ".history button:has-text('Undo')")
    expect(page.locator(".messages")).to_contain_text("Undone.")
    page.goto(gone)
    assert page.url == gone
    assert "We will sign the treaty in spring." in page.inner_text("main")
    page.goto(kept)
    assert "We will sign the treaty in spring." not in page.inner_text("main")
