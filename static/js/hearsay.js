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
const keysOff = () => localStorage.getItem("keys") === "off";

const showKeys = () => {
  const note = document.getElementById("keys");
  if (!note) return;
  const control = document.getElementById("keys-switch");
  note.hidden = false;
  control.textContent = keysOff() ? "Switch keys on" : "Switch keys off";
  document.body.classList.toggle("keys-off", keysOff());
};

document.addEventListener("click", (event) => {
  if (event.target.id !== "keys-switch") return;
  localStorage.setItem("keys", keysOff() ? "on" : "off");
  showKeys();
});

const moveRow = (by) => {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement.closest("tr")?.querySelector("[data-row]"));
  rows[Math.min(rows.length - 1, Math.max(0, at + by))].focus();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const by = { j: 1, k: -1 }[event.key];
  if (by && moveRow(by)) return event.preventDefault();
  if (event.repeat) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!named) return;
  event.preventDefault();
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
