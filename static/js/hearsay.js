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

// A key presses the button or follows the link that names it, unless somebody is typing or has switched keys off.
// Each key may be exchanged for another; `data-key`, `data-kbd` and `data-remap` name the one it had at first.
const keysOff = () => localStorage.getItem("keys") === "off";

const keymap = () => {
  try {
    return JSON.parse(localStorage.getItem("keymap")) ?? {};
  } catch {
    return {};
  }
};

const keyNow = (first) => keymap()[first] ?? first;

const firstKey = (pressed) => {
  const chosen = Object.entries(keymap()).find(([, key]) => key === pressed);
  if (chosen) return chosen[0];
  return keyNow(pressed) === pressed ? pressed : "";
};

const showKeys = (root = document) => {
  document.body.classList.toggle("keys-off", keysOff());
  for (const shown of root.querySelectorAll("[data-kbd]")) shown.textContent = keyNow(shown.dataset.kbd);
  const control = document.getElementById("keys-switch");
  if (!control) return;
  document.getElementById("keys").hidden = false;
  control.textContent = keysOff() ? "Switch keys on" : "Switch keys off";
  for (const field of document.querySelectorAll("[data-remap]")) field.value = keyNow(field.dataset.remap);
};

document.addEventListener("click", (event) => {
  if (event.target.id === "keys-switch") localStorage.setItem("keys", keysOff() ? "on" : "off");
  else if (event.target.id === "keys-reset") localStorage.removeItem("keymap");
  else return;
  showKeys();
});

document.addEventListener("change", (event) => {
  const first = event.target.dataset.remap;
  if (!first) return;
  const key = event.target.value.trim().toLowerCase();
  const taken = [...document.querySelectorAll("[data-remap]")].some((field) => field !== event.target && field.value === key);
  if (key && !taken) localStorage.setItem("keymap", JSON.stringify({ ...keymap(), [first]: key }));
  showKeys();
});

document.addEventListener("htmx:afterSettle", () => showKeys());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysOff()) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
  const key = firstKey(event.key.toLowerCase());
  const does = window.deskKeys?.[key];
  if (does) {
    event.preventDefault();
    return does();
  }
  if (event.repeat || !key) return;
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!named || !named.checkVisibility()) return;
  const around = named.closest("[data-needs-focus]")?.dataset.needsFocus;
  if (around && !document.activeElement.closest(around)) return; // nothing is decided on a row that is not in focus
  event.preventDefault();
  if (named.type === "radio") named.focus(); // so that Enter sends its form
  named.click();
});

// Copies the text that a button names; without this the text is there to be selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const said = button.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    said.textContent = "Copied.";
  } catch {
    said.textContent = "Could not be copied: select the words instead.";
  }
});

// Light, dark, or as the system has it.
const themes = document.getElementById("themes");

const showTheme = () => {
  const theme = localStorage.getItem("theme") ?? "system";
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of themes.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", button.value === theme);
  }
};

themes.addEventListener("click", (event) => {
  if (!event.target.value) return;
  if (event.target.value === "system") localStorage.removeItem("theme");
  else localStorage.setItem("theme", event.target.value);
  showTheme();
});

showTheme();
showKeys();
