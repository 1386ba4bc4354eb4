// Search from anywhere: / or Ctrl+K opens it, the arrows walk through what was found. The links lead to /search/ without it.

const palette = () => document.getElementById("palette");
const writes = (element) => element instanceof Element && element.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  const dialog = palette();
  if (!dialog || dialog.open) return;
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !writes(event.target);
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if ((!slash && !k) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  dialog.showModal();
  dialog.querySelector("input[type=search]").select();
});

document.addEventListener("keydown", (event) => {
  const dialog = palette();
  if (!dialog?.open) return;
  const field = dialog.querySelector("input[type=search]");
  const hits = [...dialog.querySelectorAll("[data-palette-found] a")];
  const here = hits.indexOf(document.activeElement);
  const go = (to) => { event.preventDefault(); (hits[to] || field).focus(); };
  if (event.key === "ArrowDown" && hits.length) go(Math.min(here + 1, hits.length - 1));
  if (event.key === "ArrowUp" && here >= 0) go(here - 1);
  if (event.key === "Enter" && document.activeElement === field && hits.length && dialog.dataset.answers === field.value) {
    event.preventDefault();
    hits[0].click();
  }
});

// Enter takes the first hit only when what is shown answers what is typed.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "palette-found") palette().dataset.answers = new URL(event.detail.xhr.responseURL).searchParams.get("q");
});
