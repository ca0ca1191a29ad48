/* Comfort at the recording: a time jumps the player on this page, the turn that is heard is marked, and a file that is too
   large is refused before it is sent. Without this module a time opens the recording from there, and the server refuses. */

const audio = document.querySelector("audio");
const times = [...document.querySelectorAll("[data-at]")];

function onTime() {
  const now = audio.currentTime + 0.05;
  const heard = times.filter((link) => Number(link.dataset.at) <= now).pop();
  for (const link of times) link.closest("li").classList.toggle("is-now", link === heard && !audio.paused);
}

if (audio) {
  for (const link of times) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      audio.currentTime = Number(link.dataset.at);
      audio.play();
    });
  }
  for (const moment of ["timeupdate", "pause", "seeked"]) audio.addEventListener(moment, onTime);
}

const file = document.querySelector("input[data-most]");

if (file) {
  const error = document.getElementById("sound-error");
  file.addEventListener("change", () => {
    const tooLarge = file.files.length > 0 && file.files[0].size > Number(file.dataset.most);
    error.textContent = tooLarge ? file.dataset.tooLarge : "";
    error.hidden = !tooLarge;
    file.setCustomValidity(tooLarge ? file.dataset.tooLarge : "");
  });
}
