/* Comfort for who types a pile of cards: a picture of it beside the form, which stays there from card to card.
   The picture is shown from the device itself and goes nowhere. Without this module each card is a page of its own. */

const part = document.querySelector("[data-picture]");
const chooser = part.querySelector("input[type=file]");
const image = part.querySelector("img");
const next = part.querySelector("[data-next]");
let addresses = [];
let shown = 0;
let width = 100; // per cent of the place
let turned = 0;

part.hidden = false;

function show() {
  image.src = addresses[shown];
  image.style.inlineSize = `${width}%`;
  image.style.rotate = `${turned}deg`;
}

chooser.addEventListener("change", () => {
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [...chooser.files].map((file) => URL.createObjectURL(file));
  [shown, width, turned] = [0, 100, 0];
  next.hidden = addresses.length < 2;
  for (const each of part.querySelectorAll("[data-with-picture]")) each.hidden = !addresses.length;
  if (addresses.length) show();
});

part.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.zoom) width = Math.min(500, Math.max(50, width + 50 * Number(button.dataset.zoom)));
  if ("turn" in button.dataset) turned = (turned + 90) % 360;
  if ("next" in button.dataset) shown = (shown + 1) % addresses.length;
  show();
});

/* A card goes without loading the page, so that the picture stays. Whatever goes wrong, the plain form does the same once. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("card" in form.dataset) || !addresses.length) return;
  event.preventDefault();
  const given = new FormData(form, event.submitter);
  const answer = await fetch(form.action, { method: "POST", body: given }).catch(() => null);
  if (!answer || ![200, 422].includes(answer.status)) return form.submit();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["card", "pile"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
  const trouble = document.querySelector("#card .problems");
  (trouble ?? document.querySelector("#card [autofocus]"))?.focus();
  return undefined;
});
