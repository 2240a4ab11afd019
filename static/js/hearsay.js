// Lights an attribution's card with its words in the text, and back. Pages work without this.
"use strict";

const pair = (element) => {
  const link = element.closest("[data-attribution]");
  return link ? document.querySelectorAll(`[data-attribution="${link.dataset.attribution}"]`) : [];
};

const light = (on) => (event) => {
  for (const element of pair(event.target)) {
    element.classList.toggle(element.classList.contains("card") ? "lit" : "lit-text", on);
  }
};

for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(begin, light(true));
  document.addEventListener(end, light(false));
}
