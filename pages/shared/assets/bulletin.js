// Shows HTML of our own renderer and tells Python which process somebody opened.
export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector("#bulletin");
  if (!root) {
    root = document.createElement("div");
    root.id = "bulletin";
    parentElement.appendChild(root);
  }
  if (root.shown !== data.html) {
    root.shown = data.html;
    root.innerHTML = data.html;
  }
  root.lang = data.language;

  root.onclick = (event) => {
    const link = event.target.closest("a[href]");
    // A new tab or window is the browser's business: the link holds the whole address.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.dataset.process) {
      event.preventDefault();
      setTriggerValue("opened", { process: link.dataset.process, kpi: link.dataset.kpi || "" });
      return;
    }
    // To another of our pages within the session: a fresh load of the whole page takes seconds.
    const to = link.getAttribute("href");
    if (!link.target && ("go" in link.dataset || /^[a-z.-]+(\?|$)/.test(to))) {
      event.preventDefault();
      setTriggerValue("opened", { to });
    }
  };
  // A note that opens on hover can be put away (Escape) without moving the pointer.
  const notes = (shown) =>
    root.querySelectorAll(".kz").forEach((block) => block.classList.toggle("no-tips", !shown));
  root.onkeydown = (event) => {
    // Braces: a handler that returns false would take the key away from the browser.
    if (event.key === "Escape") notes(false);
  };
  const moved = (event) => {
    if (root.under === event.target) return;
    root.under = event.target;
    notes(true);
  };
  root.onpointermove = moved;
  if (!root.listens) root.addEventListener("focusin", moved);
  root.listens = true;
}
