// What HTML alone does not do: open a dialog, tick all, keep focus after a swap, close an open menu, show where one is.
// Every page works without this file.

const closest = (event, what) => event.target instanceof Element && event.target.closest(what);

// A link with data-dialog="<id>" opens that dialog instead of the page it leads to.
document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

// The box in a table's head ticks every row of the page; the number of ticked rows stands where data-ticked says.
function count(form) {
  const rows = [...form.querySelectorAll("input[type=checkbox][data-row]")];
  const ticked = rows.filter((row) => row.checked).length;
  const all = form.querySelector("input[type=checkbox][data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  form.querySelectorAll("[data-ticked]").forEach((place) => { place.textContent = ticked; });
  form.querySelectorAll("[data-when-ticked]").forEach((place) => { place.hidden = ticked === 0; });
}
document.addEventListener("change", (event) => {
  const form = closest(event, "form");
  if (!form) return;
  if (event.target.matches("[data-all]"))
    form.querySelectorAll("input[data-row]").forEach((row) => { row.checked = event.target.checked; });
  if (event.target.matches("[data-all], [data-row]")) count(form);
});
function countAll() {
  document.querySelectorAll("input[data-all]").forEach((all) => { if (all.form) count(all.form); });
}
addEventListener("pageshow", countAll);

// A filter says on its button what is ticked in it, before the next page does.
document.addEventListener("change", (event) => {
  const menu = closest(event, "details[data-menu]");
  const place = menu?.querySelector("[data-chosen]");
  if (!place) return;
  const ticked = [...menu.querySelectorAll("input")].filter((one) => (one.type === "date" ? one.value : one.checked));
  place.textContent = ticked.length ? `: ${ticked.length === 1 ? ticked[0].parentElement.textContent.trim() : ticked.length}` : "";
  menu.querySelector("summary").classList.toggle("filter-on", ticked.length > 0);
});

// What takes search and filters away stands there while one is on; of days alone the style sheet can't tell.
document.addEventListener("change", (event) => {
  const form = closest(event, "form");
  const days = form && event.target.type === "date" ? [...form.querySelectorAll("input[type=date]")] : [];
  if (days.length) form.querySelector(".clear")?.classList.toggle("is-narrowed", days.some((day) => day.value));
});

// One menu at a time; Escape and a click elsewhere close it.
const openMenus = () => [...document.querySelectorAll("details[data-menu][open]")];
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// After a swap that took the focus away, it goes to the first error, else to what the new part offers.
let wasInside = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  wasInside = event.detail.target.contains(document.activeElement) && document.activeElement !== document.body;
});
document.addEventListener("htmx:afterSettle", (event) => {
  countAll();
  const place = event.detail.elt;
  const wrong = place.querySelector("[aria-invalid=true]");
  if (wrong) return wrong.focus();
  if (!wasInside || document.activeElement !== document.body) return;
  const next = place.querySelector("[data-focus], h1, h2") || place;
  if (!next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
});

// A row of tabs, or the side bar, that is too long for its place begins where the reader is.
function showCurrent() {
  document.querySelectorAll(".views [aria-current], .side nav [aria-current]").forEach((current) => {
    const row = current.closest(".views, nav");
    const [here, own] = [row.getBoundingClientRect(), current.getBoundingClientRect()];
    if (own.right > here.right || own.left < here.left) row.scrollLeft += own.left - here.left - (here.width - own.width) / 2;
    if (own.bottom > here.bottom || own.top < here.top) row.scrollTop += own.top - here.top - (here.height - own.height) / 2;
  });
}
showCurrent();

// A page that came back with a refused form starts at its first error.
document.querySelector("[aria-invalid=true]")?.focus();

// A form that is on its way is not sent again; it is free after a moment, and when the person comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || event.submitter?.formMethod === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// A request that got no answer says so, and the word goes once one comes through again. While a list is fetched, it shows.
const noAnswer = (hidden) => { const place = document.getElementById("no-answer"); if (place) place.hidden = hidden; };
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => noAnswer(false));
document.addEventListener("htmx:afterOnLoad", () => noAnswer(true));
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
