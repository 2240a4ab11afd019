// Words selected in the text become the words of a field, and where they stand. Without this they are typed or pasted.
"use strict";

const text = document.getElementById("marking");
const says = document.getElementById("marked");

const place = (node, offset) => {
  const paragraph = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  if (!paragraph || !text.contains(paragraph)) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  // The server counts whole characters; the browser counts some of them twice.
  return Number(paragraph.dataset.start) + [...before.toString()].length;
};

const fill = (field, meaning) => {
  const chosen = document.getSelection();
  const words = chosen.toString().trim();
  const start = chosen.rangeCount ? place(chosen.getRangeAt(0).startContainer, chosen.getRangeAt(0).startOffset) : null;
  if (!words || start === null) {
    says.textContent = "Select words in the text first.";
    return;
  }
  field.value = words.replace(/\s+/g, " ");
  const at = document.querySelector(`[name="${field.name}_at"]`);
  if (at) at.value = start;
  field.closest("details")?.setAttribute("open", "");
  says.textContent = `${meaning}: ${field.value}`;
};

const buttons = document.getElementById("mark-as");
buttons.addEventListener("mousedown", (event) => event.preventDefault()); // keeps what is selected
buttons.addEventListener("click", (event) => {
  const name = event.target.dataset.marks;
  if (name) fill(document.querySelector(`#reading [name="${name}"]`), event.target.textContent);
});
