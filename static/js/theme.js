// The reader's choice of light or dark, set before the page is drawn. Without it the system's choice stands.
"use strict";

const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
