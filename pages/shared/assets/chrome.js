// What a page needs of its frame: the language it is in, a link to copy, filters that fold, paper.

// Figures are drawn for the width of the screen; on paper they are scaled to their place.
function paper() {
  const app = document.querySelector(".stApp");
  document.documentElement.dataset.ground = app ? getComputedStyle(app).colorScheme : "";
  for (const figure of document.querySelectorAll(".kz-figure .svg-container")) {
    const { offsetWidth: width, offsetHeight: height } = figure;
    if (!width || !height) continue;
    figure.style.setProperty("--shape", `${width} / ${height}`);
    for (const svg of figure.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
}

function screen() {
  for (const figure of document.querySelectorAll(".kz-figure .svg-container")) {
    figure.style.removeProperty("--shape");
    for (const svg of figure.querySelectorAll(".main-svg")) svg.removeAttribute("viewBox");
  }
}

// A finger does not hover, and Plotly selects what was hovered over: without this the first tap is lost.
function finger(event) {
  if (event.pointerType !== "touch" || !event.target.closest?.(".js-plotly-plot")) return;
  const { clientX, clientY } = event;
  event.target.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX, clientY }));
}

// Back on a page that was left by one of our links: down to where one was, as soon as and as long as the
// page that comes in is tall enough. Whoever moves meanwhile knows better.
const MOVES = ["wheel", "touchmove", "keydown", "pointerdown"];
let stay = null;

function back({ state }) {
  stay?.abort();
  if (!state?.down) return;
  stay = new AbortController();
  const { signal } = stay;
  const leave = { signal, capture: true, passive: true };
  for (const move of MOVES) window.addEventListener(move, () => stay.abort(), leave);
  const until = performance.now() + 4000;
  const hold = () => {
    if (signal.aborted) return;
    const main = document.querySelector(".stMain");
    const old = document.querySelector('.stMain [data-stale="true"]');
    if (main && !old && main.scrollHeight - main.clientHeight >= state.down) main.scrollTop = state.down;
    if (performance.now() < until) requestAnimationFrame(hold);
    else stay.abort();
  };
  requestAnimationFrame(hold);
}

// The menu goes by the browser's own history too, as our links do (bulletin.js): Streamlit would write the
// page's name into it first and its filters beside that, and Back would need two presses, the first of them
// to the same page without its filters.
const MENU = '[data-testid="stTopNavLink"], [data-testid="stTopNavDropdownLink"]';

function menu(event) {
  const link = event.target.closest?.(MENU);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  // A section that was opened closes as it does for who thinks better of it.
  if (link.closest('[role="menu"]') || link.role === "menuitem") {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", keyCode: 27, bubbles: true }));
  }
  history.replaceState({ ...history.state, down: document.querySelector(".stMain")?.scrollTop }, "");
  history.pushState({}, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
}

// A server that was started anew knows this page no longer: its links are dead, and the first choice would
// be lost. Streamlit connects again by itself and asks for nothing; so we ask, also of one that does know it.
function reconnected() {
  const app = document.querySelector(".stApp");
  let gone = false;
  new MutationObserver(() => {
    if (app.dataset.testConnectionState !== "CONNECTED") gone = true;
    else if (gone) {
      gone = false;
      window.ketenzichtAgain?.();
    }
  }).observe(app, { attributeFilter: ["data-test-connection-state"] });
}

// Numbers that are being asked anew fade, but only where that takes long: page.css.
const LONG = 400;

function slow() {
  const app = document.querySelector(".stApp");
  let timer = 0;
  new MutationObserver(() => {
    clearTimeout(timer);
    if (app.dataset.testScriptState === "running") timer = setTimeout(() => app.setAttribute("data-slow", ""), LONG);
    else app.removeAttribute("data-slow");
  }).observe(app, { attributeFilter: ["data-test-script-state"] });
}

// Figures come in the colours of the theme that their page was asked in: of a screen that turns dark, or light,
// while one looks we ask again.
function turned() {
  const app = document.querySelector(".stApp");
  const ground = () => getComputedStyle(app).colorScheme;
  let before = ground();
  new MutationObserver(() => {
    if (ground() === before) return;
    before = ground();
    window.ketenzichtAgain?.();
  }).observe(app, { attributeFilter: ["class"] });
}

// Once for the window, however often the frame is drawn.
if (!window.ketenzichtOnce) {
  window.ketenzichtOnce = true;
  document.addEventListener("pointerdown", finger, true);
  window.addEventListener("popstate", back);
  document.addEventListener("click", menu, true);
  window.addEventListener("beforeprint", paper);
  window.addEventListener("afterprint", screen);
  reconnected();
  turned();
  slow();
}

export default function ({ data, parentElement, setTriggerValue }) {
  window.ketenzichtAgain = () => setTriggerValue("again", Date.now());
  document.documentElement.lang = data.language;
  document.documentElement.dataset.page = data.page;
  // Streamlit says it in English only.
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip) skip.textContent = data.skip;

  // Where one is, also while its name stands in a closed menu.
  for (const section of document.querySelectorAll('[data-testid="stTopNavSection"]')) {
    const name = section.querySelector("p");
    const here = Boolean(data.page) && name?.textContent === data.section;
    section.toggleAttribute("data-here", here);
    if (here) name.dataset.page = ` · ${data.page}`;
    else delete name?.dataset.page;
  }

  const bar = parentElement.querySelector("#bar");
  const fold = bar.querySelector("#fold");
  const copy = bar.querySelector("#copy");
  const said = bar.querySelector("#said");

  fold.querySelector("#summary").textContent = data.summary;
  fold.hidden = !data.summary;
  copy.querySelector("span").textContent = data.copy;
  copy.hidden = false;

  const open = () => document.documentElement.dataset.filters === "open";
  const tell = () => fold.setAttribute("aria-expanded", String(open()));
  tell();
  fold.onclick = () => {
    document.documentElement.dataset.filters = open() ? "" : "open";
    tell();
  };

  copy.onclick = async () => {
    const link = `${location.origin}${location.pathname}${data.query}`;
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = data.copied;
    } catch {
      // Without permission to write: the link itself, to be copied by hand.
      said.textContent = link;
    }
    clearTimeout(said.timer);
    said.timer = setTimeout(() => (said.textContent = ""), 8000);
  };
}
