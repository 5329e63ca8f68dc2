// Figures of our own: what is said of the mark under the pointer or chosen with the arrow keys, and which
// one somebody clicked. The figures themselves come as SVG; the marks of one follow each other across, or
// down where it says so.
const HERE = 5;

function marksOf(figure) {
  return [...figure.querySelectorAll(".mark")].sort((one, other) => one.dataset.at - other.dataset.at);
}

function placeOf(figure) {
  return Number(figure.dataset.place);
}

// Where a figure stands now that stood at `place`: alone, or by its name, or where it stood if it has none.
function figureOnce(root, names, place) {
  const figures = [...root.querySelectorAll(".one")];
  if (figures.length < 2) return figures[0];
  const now = names.length ? root.data.names.indexOf(names[place]) : place;
  return figures.find((figure) => placeOf(figure) === now);
}

function down(figure) {
  return figure.dataset.runs === "down";
}

// Several lines in one field: up and down lead from one to the other.
function plane(figure) {
  return figure.dataset.runs === "plane";
}

// Where a mark is in the window. Of points that is asked of the figure once: of each by itself it takes long.
function middleOf(mark, around) {
  if (mark.cx && around) return [around.left + mark.cx.baseVal.value, around.top + mark.cy.baseVal.value];
  const box = mark.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

// The mark whose label the pointer is at, or else that which lies nearest to it across: of rows below each
// other only those of the row it is in, of several lines the one that passes nearest by.
function nearest(figure, { clientX, clientY, target }) {
  const label = target.closest("[data-at]");
  if (label) return figure.querySelector(`.mark[data-at="${label.dataset.at}"]`);
  const { row } = target.dataset;
  const around = down(figure) ? null : figure.getBoundingClientRect();
  const found = new Map();
  for (const mark of marksOf(figure)) {
    if ((row || down(figure)) && (mark.dataset.row ?? mark.dataset.of) !== row) continue;
    const [x, y] = middleOf(mark, around);
    const far = Math.abs(x - clientX);
    const held = found.get(mark.dataset.of);
    // Of two in one place the later one lies on top.
    if (!held || far <= held.far) found.set(mark.dataset.of, { mark, far, aside: Math.abs(y - clientY) });
  }
  const lines = [...found.values()].sort((one, other) => one.far + one.aside - (other.far + other.aside));
  return lines[0]?.mark ?? null;
}

// Where an arrow key leads to.
function stepped(figure, from, key) {
  const marks = marksOf(figure);
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
  // First the last period, or the first row: that is what the figure is opened for.
  if (!marks.includes(from)) return marks.at(down(figure) ? 0 : -1);
  if (!plane(figure)) return marks[marks.indexOf(from) + step] ?? from;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const line = marks.filter((mark) => mark.dataset.of === from.dataset.of);
    return line[line.indexOf(from) + step] ?? from;
  }
  const { left, top } = from.getBoundingClientRect();
  // Of each other line the mark at the same place, or nearest to it; the next one that lies that way.
  const others = new Map();
  for (const mark of marks) {
    const box = mark.getBoundingClientRect();
    const far = Math.abs(box.left - left);
    const held = others.get(mark.dataset.of);
    if (mark.dataset.of !== from.dataset.of && (!held || far < held.far)) others.set(mark.dataset.of, { mark, far, on: (box.top - top) * step });
  }
  const that = [...others.values()].filter(({ on }) => on >= 0).sort((one, other) => one.on - other.on);
  return that[0]?.mark ?? from;
}

// What a mark tells when it is chosen: itself, and the name of its line or figure; nothing where it tells none.
function toldBy({ marks, names }, mark) {
  const key = marks[Number(mark.dataset.at)];
  const of = Number(mark.dataset.of ?? placeOf(mark.closest(".one")));
  return key ? [key, ...names.slice(of, of + 1)] : null;
}

// Which marks tell the same.
function alike(root, told) {
  const sign = JSON.stringify(told);
  return [...root.querySelectorAll(".mark")].filter((mark) => JSON.stringify(toldBy(root.data, mark)) === sign);
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector("#drawn");
  if (!root) {
    root = document.createElement("div");
    root.id = "drawn";
    parentElement.appendChild(root);
  }
  // What is pointed at, by keys or pointer, is so still in what comes in its place.
  const told = root.at && toldBy(root.data, root.at);
  const held = told && { told, turn: alike(root, told).indexOf(root.at) };
  const focused = root.getRootNode().activeElement?.closest?.(".one");
  const names = root.data?.names ?? [];
  const another = root.shown !== data.html;
  root.data = data;
  root.lang = data.language;
  if (another) {
    root.shown = data.html;
    root.innerHTML = data.html;
    root.at = null;
    root.telling = document.createElement("div");
    root.telling.className = "telling";
    root.telling.setAttribute("role", "status");
    root.telling.hidden = true;
    root.querySelector(".kz-drawn").append(root.telling);
    const { classList } = parentElement.host ?? parentElement;
    classList.add("kz-drawing");
    // On paper its whole place goes to the next sheet (page.css): of many small ones each may by itself.
    classList.toggle("kz-whole", !root.querySelector(".kz-small"));
  }

  const away = () => {
    root.at = null;
    root.querySelector(".here")?.remove();
    root.telling.hidden = true;
  };

  const tell = (figure, mark) => {
    if (root.at === mark) return;
    away();
    if (!mark) return;
    root.at = mark;
    const here = mark.cloneNode();
    here.setAttribute("class", "here");
    if (!down(figure)) here.setAttribute("r", HERE);
    mark.parentNode.append(here);
    const place = placeOf(figure);
    const of = Number(mark.dataset.of ?? place);
    const lines = [...root.data.names.slice(of, of + 1), ...root.data.said[place][Number(mark.dataset.at)]];
    root.telling.replaceChildren(
      ...lines.map((line, i) => {
        const one = document.createElement(i ? "span" : "b");
        one.textContent = line;
        return one;
      }),
    );
    root.telling.hidden = false;
    const around = root.telling.parentNode.getBoundingClientRect();
    const point = mark.getBoundingClientRect();
    const { width, height } = root.telling.getBoundingClientRect();
    if (down(figure)) {
      // Below a bar: beside it stand its figures.
      const left = Math.max(24, point.left - around.left);
      root.telling.style.left = `${Math.max(Math.min(left, around.width - width), 0)}px`;
      root.telling.style.top = `${point.bottom + 6 - around.top}px`;
      return;
    }
    const right = point.right + 10 - around.left;
    const fits = right + width <= around.width;
    root.telling.style.left = `${Math.max(fits ? right : point.left - 10 - around.left - width, 0)}px`;
    root.telling.style.top = `${point.top - around.top - height / 2}px`;
  };

  const figureOf = (event) => event.target.closest(".one");
  const choose = () => {
    const told = root.at && root.data.chosen && toldBy(root.data, root.at);
    // What is of several at once tells of none.
    if (told) setTriggerValue("chosen", told);
  };

  root.onpointermove = (event) => {
    const figure = figureOf(event);
    if (figure) tell(figure, nearest(figure, event));
    else away();
  };
  root.onpointerleave = away;
  root.onclick = (event) => {
    const figure = figureOf(event);
    if (!figure) return;
    tell(figure, nearest(figure, event));
    choose();
  };
  root.onkeydown = (event) => {
    const figure = figureOf(event);
    if (!figure) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      tell(figure, stepped(figure, root.at, event.key));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose();
    } else if (event.key === "Escape") {
      away();
    }
  };
  root.onfocusout = away;
  if (another && focused) figureOnce(root, names, placeOf(focused))?.focus({ preventScroll: true });
  if (held) {
    const mark = alike(root, held.told)[held.turn];
    away();
    tell(mark?.closest(".one"), mark);
  }
}
