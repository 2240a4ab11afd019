// What must be known before the page is drawn, so that nothing moves or flashes: that scripts run, whether text can be
// copied, and the reader's choice of light or dark.
"use strict";

const root = document.documentElement.dataset;
root.script = navigator.clipboard ? "copies" : "runs";

const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") root.theme = chosen;
