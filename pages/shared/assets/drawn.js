// Figures of our own: what is said of the mark under the pointer or chosen with the arrow keys, and which
// one somebody clicked. The figures themselves come as SVG; the marks of one follow each other across, or
// down where it says so.
const HERE = 5;

function marksOf(figure) {
  return [...figure.querySelectorAll(".mark")];
}

function placeOf(figure) {
  return Number(figure.dataset.place);
}

// Where a figure stands now that stood at `place`: by its name, or where it stood if it has none.
function figureOnce(root, names, place) {
  const now = names.length ? root.data.names.indexOf(names[place]) : place;
  return root.querySelector(`.one[data-place="${now}"]`);
}

function down(figure) {
  return figure.dataset.runs === "down";
}

// The mark that lies nearest to the pointer across: of rows below each other only those of the row it is in.
function nearest(figure, { clientX, target }) {
  const { row } = target.dataset;
  let found = null;
  let least = Infinity;
  for (const mark of marksOf(figure)) {
    if (down(figure) && mark.dataset.row !== row) continue;
    const box = mark.getBoundingClientRect();
    const far = Math.abs(box.left + box.width / 2 - clientX);
    // Of two in one place the later one lies on top.
    if (far <= least) [found, least] = [mark, far];
  }
  return found;
}

// Which of those that tell the same of themselves a mark is; nothing where it tells nothing.
function heldIn(marks, at) {
  const tells = marks[at];
  return tells ? { tells, turn: marks.slice(0, at).filter((one) => one === tells).length } : null;
}

// Where that one is now.
function placeIn(marks, { tells, turn }) {
  return marks.flatMap((one, at) => (one === tells ? [at] : []))[turn] ?? -1;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector("#drawn");
  if (!root) {
    root = document.createElement("div");
    root.id = "drawn";
    parentElement.appendChild(root);
  }
  // What is pointed at, by keys or pointer, is so still in what comes in its place.
  const mark = root.at && heldIn(root.data.marks, Number(root.at.dataset.at));
  const held = mark && { mark, place: placeOf(root.at.closest(".one")) };
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
    // On paper its whole place goes to the next sheet (page.css): of many small ones each may by itself.
    (parentElement.host ?? parentElement).classList.toggle("kz-whole", !root.querySelector(".kz-small"));
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
    const lines = [...root.data.names.slice(place, place + 1), ...root.data.said[place][Number(mark.dataset.at)]];
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
  const choose = (figure) => {
    if (!root.at || !root.data.chosen) return;
    const { names, marks } = root.data;
    const place = placeOf(figure);
    const mark = marks[Number(root.at.dataset.at)];
    // What is of several at once tells of none.
    if (mark) setTriggerValue("chosen", [mark, ...names.slice(place, place + 1)]);
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
    choose(figure);
  };
  root.onkeydown = (event) => {
    const figure = figureOf(event);
    if (!figure) return;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const marks = marksOf(figure);
      const now = marks.indexOf(root.at);
      // First the last period, or the first row: that is what the figure is opened for.
      const first = marks.at(down(figure) ? 0 : -1);
      tell(figure, now < 0 ? first : (marks[now + step] ?? root.at));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(figure);
    } else if (event.key === "Escape") {
      away();
    }
  };
  root.onfocusout = away;
  if (another && focused) figureOnce(root, names, placeOf(focused))?.focus({ preventScroll: true });
  if (held) {
    const figure = figureOnce(root, names, held.place);
    away();
    tell(figure, figure?.querySelector(`.mark[data-at="${placeIn(data.marks, held.mark)}"]`));
  }
}
