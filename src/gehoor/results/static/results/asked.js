/* Looks again every second while the worker makes the figures, and shows what became of it in the same place: nothing
   moves away from under the reader. Without this module the link on the page does the same. */

const SECOND = 1000;
const LONGEST = 300; // somebody who leaves the page open all day need not ask all day

async function look(times) {
  const old = document.getElementById("asked");
  if (times > LONGEST) return;
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("asked");
    if (!fresh) return;
    if (!fresh.isEqualNode(old)) {
      old.replaceChildren(...fresh.childNodes);
      old.toggleAttribute("data-waiting", fresh.hasAttribute("data-waiting"));
    }
    if (!old.hasAttribute("data-waiting")) return;
  } catch {
    // The network is away for a moment: look once more.
  }
  setTimeout(look, SECOND, times + 1);
}

setTimeout(look, SECOND, 1);
