// What is drawn under this key as it stands on the page: a figure of Plotly's, or of ours.
function plotOf(key) {
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`);
  if (!place) return null;
  const held = [...place.querySelectorAll("*")].map((one) => one.shadowRoot?.querySelector(".kz-drawn"));
  return place.querySelector(".js-plotly-plot") || held.find(Boolean);
}

const ANY = ["fill", "display", "transform"];
const SHAPE = [...ANY, "opacity", "stroke", "stroke-width", "stroke-dasharray", "vector-effect", "y", "height", "r"];
const TEXT = [...ANY, "text-anchor", "font-family", "font-size", "font-weight"];
// What says nothing in a file, or nothing that every program reads.
const UNSAID = new Set(["none", "auto", "normal"]);
const CLEAR = "rgba(0, 0, 0, 0)";

// In a file around a figure of ours, which goes to its very edge, in pixels.
const EDGE = 8;

// The ground around a word, so that no line runs through it: as a word of its own behind it, for not every
// program knows in which order the parts of one are painted.
function haloOf(word, look) {
  const halo = word.cloneNode(true);
  halo.setAttribute("stroke", look.stroke);
  halo.setAttribute("stroke-width", look.strokeWidth);
  halo.setAttribute("stroke-linejoin", "round");
  halo.setAttribute("aria-hidden", "true");
  return halo;
}

// Figures of our own where they stand, each part with its own look: a file knows no style sheet of ours.
function drawnIn(plot) {
  const around = plot.getBoundingClientRect();
  return [...plot.querySelectorAll("svg.one")].map((one) => {
    const copy = one.cloneNode(true);
    const parts = [...copy.querySelectorAll("*")];
    [...one.querySelectorAll("*")].forEach((part, i) => {
      const look = getComputedStyle(part);
      const names = { text: TEXT, tspan: TEXT, svg: ["width", "overflow"] }[part.tagName] ?? SHAPE;
      for (const name of names) {
        const value = look.getPropertyValue(name);
        const said = value === CLEAR ? "none" : value;
        if (!UNSAID.has(said) || ["fill", "stroke", "display"].includes(name)) parts[i].setAttribute(name, said);
      }
    });
    // When each part of a word has its own look, which goes along.
    [...one.querySelectorAll("*")].forEach((part, i) => {
      const look = getComputedStyle(part);
      if (part.tagName === "text" && look.stroke !== "none") parts[i].before(haloOf(parts[i], look));
    });
    // What only the pointer is for is in no file.
    copy.querySelectorAll(".catch, .here").forEach((part) => part.remove());
    const place = one.getBoundingClientRect();
    copy.removeAttribute("style");
    const at = {
      x: place.x - around.x + EDGE, y: place.y - around.y + EDGE,
      width: place.width, height: place.height, overflow: "visible",
    };
    Object.entries(at).forEach(([name, value]) => copy.setAttribute(name, value));
    return copy;
  });
}

const SVG = "http://www.w3.org/2000/svg";
// What stands above a figure in a file: how large and heavy each line is, and how far from the next.
const TITLE = { size: 15, weight: 600, step: 20 };
const ABOUT = { size: 12, weight: 400, step: 16 };

// A sentence in as many lines as it takes.
function linesOf(words, wide, font) {
  const paper = document.createElement("canvas").getContext("2d");
  paper.font = font;
  const lines = [];
  for (const word of words.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && paper.measureText(longer).width <= wide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// Of what a figure is, with which filters, and up to when: on the page that stands around it, in a file it
// would be lost. Gives how high it is as well.
function headOf({ dataset, parentElement }, width) {
  const look = getComputedStyle(parentElement);
  const ink = getComputedStyle(document.querySelector(".stApp")).color;
  const parts = [];
  let y = 0;
  for (const [words, fill, { size, weight, step }] of [
    [dataset.title, ink, TITLE],
    [dataset.about, look.color, ABOUT],
  ]) {
    const font = `${weight} ${size}px ${look.fontFamily}`;
    for (const line of words ? linesOf(words, width - 2 * EDGE, font) : []) {
      y += step;
      const text = document.createElementNS(SVG, "text");
      const said = { x: EDGE, y, fill, "font-family": look.fontFamily, "font-size": size, "font-weight": weight };
      Object.entries(said).forEach(([name, value]) => text.setAttribute(name, value));
      text.textContent = line;
      parts.push(text);
    }
  }
  return { parts, high: y && y + EDGE };
}

// Its layers laid over each other in one drawing, below what it is of.
function drawing(plot, offer) {
  const ours = plot.matches(".kz-drawn");
  const around = plot.getBoundingClientRect();
  const [width, height] = [around.width, around.height].map((side) => side + (ours ? 2 * EDGE : 0));
  const head = headOf(offer, width);
  const all = document.createElementNS(SVG, "svg");
  all.setAttribute("xmlns", SVG);
  all.setAttribute("width", width);
  all.setAttribute("height", height + head.high);
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  const layers = ours
    ? drawnIn(plot)
    : [...plot.querySelectorAll("svg.main-svg")].map((one) => one.cloneNode(true));
  const below = document.createElementNS(SVG, "g");
  below.setAttribute("transform", `translate(0 ${head.high})`);
  below.append(...layers);
  all.append(ground, ...head.parts, below);
  const text = new XMLSerializer().serializeToString(all);
  return { width, height: height + head.high, blob: new Blob([text], { type: "image/svg+xml" }) };
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// The file behind a link; where it is not there (any more), the sentence that says so, beside the link: a
// browser says of a download that failed no more than that.
async function take(link) {
  const place = link.closest(".take");
  place.querySelector(".gone")?.remove();
  const answer = await fetch(link.href).catch(() => null);
  if (answer?.ok) {
    const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition"));
    save(await answer.blob(), name ? name[1] : "");
    return;
  }
  const said = document.createElement("strong");
  said.className = "gone";
  said.setAttribute("role", "alert");
  said.textContent = answer ? await answer.text() : place.dataset.down;
  place.append(" ", said);
}

// `offer` is what says of which figure it is.
function picture(offer, as) {
  const key = offer.dataset.picture;
  const plot = plotOf(key);
  if (!plot) return;
  const { width, height, blob } = drawing(plot, offer);
  if (as === "svg") return save(blob, `${key}.svg`);
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    const paper = canvas.getContext("2d");
    paper.scale(2, 2);
    paper.drawImage(image, 0, 0, width, height);
    URL.revokeObjectURL(image.src);
    canvas.toBlob((made) => save(made, `${key}.png`));
  };
  image.src = URL.createObjectURL(blob);
}

// To another of our pages within the session: a fresh load of the whole page takes seconds. Streamlit
// asks the server for the page of an address that the browser goes to by itself (Back), so the history
// holds each page once; by a switch on the server it would hold the next address at this page too.
function go(to) {
  // How far down one was, for who comes back (chrome.js).
  history.replaceState({ ...history.state, down: document.querySelector(".stMain")?.scrollTop }, "");
  history.pushState({}, "", to);
  dispatchEvent(new PopStateEvent("popstate"));
}

// Shows this one, and not the other that stands beside it under another key.
function takePlace(parentElement, other) {
  const place = (one) => one?.closest('[data-testid="stElementContainer"]') ?? one;
  const mine = place(parentElement.host ?? parentElement);
  if (mine) mine.style.display = "";
  const theirs = place(document.querySelector(`.st-key-${CSS.escape(other)}`));
  if (theirs) theirs.style.display = "none";
}

// Says it where a table is wider than its place.
function tellWider(root) {
  root.querySelectorAll(".kz-held").forEach((held) => {
    const [box, said] = [held.firstElementChild, held.querySelector(".sideways")];
    if (!said) return;
    // The observer looks at once too, when the browser knows how wide all is: to ask it sooner costs as
    // much again.
    new ResizeObserver(() => {
      said.hidden = box.scrollWidth - box.clientWidth < 8;
    }).observe(box);
  });
}

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
    tellWider(root);
  }
  root.lang = data.language;
  if (data.insteadOf && root.turn !== data.turn) {
    root.turn = data.turn;
    takePlace(parentElement, data.insteadOf);
  }
  // A picture can be taken of what is drawn; what is not, offers none.
  const offer = () =>
    root.querySelectorAll("[data-picture]").forEach((one) => {
      one.hidden = !plotOf(one.dataset.picture);
    });
  root.onpointerenter = offer;
  if (!root.listens) root.addEventListener("focusin", offer);
  // Figures are drawn after tables.
  [800, 2500, 6000].forEach((later) => setTimeout(offer, later));

  root.onclick = (event) => {
    const link = event.target.closest("a[href]");
    // A new tab or window is the browser's business: the link holds the whole address.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    // The second click of a double one: it would put the same page in the history twice, or hit whatever
    // came under the pointer meanwhile.
    if (event.detail > 1) {
      event.preventDefault();
      return;
    }
    if (link.dataset.as) {
      event.preventDefault();
      picture(link.parentElement, link.dataset.as);
      return;
    }
    if (link.hasAttribute("download")) {
      event.preventDefault();
      take(link);
      return;
    }
    if (link.dataset.process && data.opens) {
      event.preventDefault();
      setTriggerValue("opened", { process: link.dataset.process, kpi: link.dataset.kpi || "" });
      return;
    }
    const to = link.getAttribute("href");
    if (!link.target && ("go" in link.dataset || /^[a-z.-]+(\?|$)/.test(to))) {
      event.preventDefault();
      go(link.href);
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
