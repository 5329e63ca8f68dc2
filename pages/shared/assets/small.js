// Small figures: what is said of the period under the pointer or chosen with the arrow keys, and
// which point somebody clicked. The figures themselves come as SVG.
const HERE = 5;

function marksOf(figure) {
  return [...figure.querySelectorAll(".mark")];
}

// The mark of the period that lies nearest below the pointer.
function nearest(figure, x) {
  let found = null;
  let least = Infinity;
  for (const mark of marksOf(figure)) {
    const box = mark.getBoundingClientRect();
    const far = Math.abs(box.left + box.width / 2 - x);
    if (far < least) [found, least] = [mark, far];
  }
  return found;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector("#small");
  if (!root) {
    root = document.createElement("div");
    root.id = "small";
    parentElement.appendChild(root);
  }
  root.data = data;
  root.lang = data.language;
  if (root.shown !== data.html) {
    root.shown = data.html;
    root.innerHTML = data.html;
    root.at = null;
    root.telling = document.createElement("div");
    root.telling.className = "telling";
    root.telling.setAttribute("role", "status");
    root.telling.hidden = true;
    root.querySelector(".kz-small").append(root.telling);
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
    here.setAttribute("r", HERE);
    mark.parentNode.append(here);
    const place = Number(figure.dataset.place);
    const lines = [root.data.names[place], ...root.data.said[place][Number(mark.dataset.at)]];
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
    const right = point.right + 10 - around.left;
    const fits = right + width <= around.width;
    root.telling.style.left = `${Math.max(fits ? right : point.left - 10 - around.left - width, 0)}px`;
    root.telling.style.top = `${point.top - around.top - height / 2}px`;
  };

  const figureOf = (event) => event.target.closest(".one");
  const choose = (figure) => {
    if (!root.at) return;
    const { names, periods } = root.data;
    setTriggerValue("chosen", {
      period: periods[Number(root.at.dataset.at)],
      name: names[Number(figure.dataset.place)],
    });
  };

  root.onpointermove = (event) => {
    const figure = figureOf(event);
    if (figure) tell(figure, nearest(figure, event.clientX));
    else away();
  };
  root.onpointerleave = away;
  root.onclick = (event) => {
    const figure = figureOf(event);
    if (!figure) return;
    tell(figure, nearest(figure, event.clientX));
    choose(figure);
  };
  root.onkeydown = (event) => {
    const figure = figureOf(event);
    if (!figure) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const marks = marksOf(figure);
      const now = marks.indexOf(root.at);
      // First the last period: that is what the figure is opened for.
      tell(figure, now < 0 ? marks.at(-1) : (marks[now + step] ?? root.at));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(figure);
    } else if (event.key === "Escape") {
      away();
    }
  };
  root.onfocusout = away;
}
