/* Comfort for readers: ticking a proposal changes the result at once, and selected words can be hidden with one press.
   Without this module the page does the same through the server. */

const form = document.querySelector("[data-hide-form]");
const box = form.querySelector("textarea");
const raw = document.getElementById("raw");
const status = form.querySelector("[data-hide-status]");
const boxes = [...form.querySelectorAll("input[name=hide]")];

function isOn(mark) {
  return boxes.some((tick) => tick.value === mark.dataset.number && tick.checked);
}

/* The result as the server would make it from the same ticks. */
function result() {
  return [...raw.childNodes]
    .map((node) => (node.nodeName === "MARK" && isOn(node) ? node.dataset.hidden : node.textContent))
    .join("");
}

function showMarks() {
  for (const mark of raw.querySelectorAll("mark")) mark.classList.toggle("is-off", !isOn(mark));
}

/* What was typed by hand is not thrown away: then the button "use these choices" stays. */
let made = result();
const apply = form.querySelector("[data-without-script]");

function onTick() {
  showMarks();
  if (box.value === made) {
    made = result();
    box.value = made;
    if (apply) apply.hidden = true;
  } else if (apply) apply.hidden = false;
}

function selectedWords() {
  if (box.selectionStart !== box.selectionEnd) return box.value.slice(box.selectionStart, box.selectionEnd);
  return String(window.getSelection()).trim();
}

function hideSelection(button) {
  const words = selectedWords().trim();
  if (!words || !box.value.includes(words)) {
    status.textContent = status.dataset.none;
    return;
  }
  box.value = box.value.split(words).join(button.dataset.hidden);
  box.setSelectionRange(0, 0);
  status.textContent = status.dataset.done;
}

if (apply) apply.hidden = box.value === made;
for (const tick of boxes) tick.addEventListener("change", onTick);
for (const part of form.querySelectorAll("[data-with-script]")) part.hidden = false;
const button = form.querySelector("[data-hide-selection]");
button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
button.addEventListener("click", () => hideSelection(button));
showMarks();
