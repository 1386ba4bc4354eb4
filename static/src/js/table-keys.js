// Rows of a table from the keyboard: arrows or j and k move, Enter opens, x ticks, ? tells. Tab reaches everything without it.

{
  const typing = (event) => event.ctrlKey || event.metaKey || event.altKey
    || (event.target instanceof Element && event.target.closest("textarea, select, [contenteditable], dialog, details[open], input:not([type=checkbox])"));
  const rows = () => [...document.querySelectorAll("table[data-keys] tbody tr")];
  const link = (row) => row?.querySelector("th[scope=row] a");
  let last = 0; // the row that was left, so that a page that comes back starts there

  function here() {
    return rows().findIndex((row) => row.contains(document.activeElement));
  }

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const now = here();
    last = now < 0 ? Math.min(last, all.length - 1) : Math.max(0, Math.min(now + step, all.length - 1));
    link(all[last])?.focus();
    all[last].scrollIntoView({ block: "nearest" });
  }

  function tick() {
    const box = rows()[here()]?.querySelector("input[type=checkbox][data-row]");
    if (!box) return false;
    box.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (typing(event) || document.querySelector("dialog[open]") || !document.querySelector("table[data-keys]")) return;
    const inTable = here() >= 0;
    const arrows = { ArrowDown: 1, ArrowUp: -1 }; // outside the table they scroll the page
    const letters = { j: 1, k: -1 };
    if (event.key in letters) go(letters[event.key]);
    else if (event.key in arrows && inTable) go(arrows[event.key]);
    else if (event.key === "Enter" && inTable && document.activeElement.matches("input[data-row]")) link(rows()[here()])?.click();
    else if (event.key === "x" && inTable && tick()) { /* ticked */ }
    else if (event.key === "?") document.getElementById("keyboard")?.showModal();
    else return;
    event.preventDefault();
  });

  // Help about keys stands where keys work.
  function offerHelp() {
    document.querySelectorAll("[data-dialog=keyboard]").forEach((button) => { button.hidden = false; });
  }
  document.addEventListener("htmx:afterSettle", () => { last = 0; offerHelp(); });
  offerHelp();
}
