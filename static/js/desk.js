// The queue by keyboard: a row in focus, its inspector beside it, acts by key, the next row in focus after each.
"use strict";

const rows = () => [...document.querySelectorAll("[data-inspect]")];
const link = (row) => row.querySelector("[data-row]");
const current = () => document.querySelector("tr.current");
const inspector = document.getElementById("inspector");
const UNDO_MS = 10_000;
// At once: a key pressed in between would send the form past htmx.
const SWAP = "innerHTML settle:0ms";

const choose = (row, isShown = false) => {
  if (!row || row === current()) return;
  current()?.classList.remove("current");
  row.classList.add("current");
  if (!isShown) inspector.replaceChildren(); // until the row's own is there, no key can act on the one before
  if (!isShown) htmx.ajax("GET", row.dataset.inspect, { target: "#inspector", swap: SWAP });
};

const focus = (row, isShown = false) => {
  if (!row) return;
  choose(row, isShown);
  link(row).focus();
};

const move = (by) => {
  const all = rows();
  const at = all.indexOf(current());
  const here = document.activeElement.closest("[data-inspect], #inspector");
  focus(all[here ? Math.min(all.length - 1, Math.max(0, at + by)) : Math.max(at, 0)]);
};

document.addEventListener("focusin", (event) => choose(event.target.closest("[data-inspect]")));

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-inspect]");
  if (row && !event.target.closest("a, input, label")) focus(row);
});

// What the keys do besides pressing the buttons of the inspector.
const ticked = () => document.querySelectorAll("#ticked input:checked").length;
const opens = () => (ticked() ? document.getElementById("several") : link(current() ?? rows()[0]))?.click();
window.deskKeys = {
  j: () => move(1),
  k: () => move(-1),
  o: opens,
  x: () => document.activeElement.closest("[data-inspect]")?.querySelector("input").click(),
  "/": () => document.getElementById("queue_q").focus(),
  "?": () => {
    const keys = document.getElementById("keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  },
};

// An act tells the server where it was done, and which row comes next.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.path.endsWith("/act/")) return;
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at + 1] ?? all[at - 1];
  event.detail.parameters.following = next ? next.id.replace("row-", "") : "";
  event.detail.path += location.search;
});

let timer = 0;
document.addEventListener("acted", (event) => {
  const row = document.getElementById(event.detail.row);
  if (event.detail.gone && row) {
    const all = rows();
    const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    row.remove();
    if (next) focus(next, true);
    else location.assign(location.pathname + location.search);
  } else if (row) {
    row.classList.add("current");
    link(row).focus();
  }
  clearTimeout(timer);
  timer = setTimeout(() => document.querySelector("#done form")?.remove(), UNDO_MS);
});

// What was asked for may come when another row is in focus already; and a button that is gone takes the focus with it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig?.path;
  if (event.detail.target === inspector && asked?.includes("/item/") && asked !== current()?.dataset.inspect) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const isAct = event.detail.requestConfig?.verb === "post";
  if (isAct && document.activeElement === document.body && current()) link(current()).focus();
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target !== inspector) return;
  document.getElementById("said").textContent = "It could not be done: the row waits no more, or you are signed out. Load the page again.";
});

// After an undo the page comes back with the link of the row in its address. The browser itself puts the focus there, at a
// moment of its own: were it the row that the address names, which takes no focus, it would take the focus away instead.
if (rows().length) {
  const back = rows().find((row) => `#${link(row).id}` === location.hash);
  if (back) focus(back);
  else choose(rows()[0]); // shown, while nothing is in focus
}
