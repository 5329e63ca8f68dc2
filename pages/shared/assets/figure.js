// One figure of Plotly's. It stays where it is: what changes is drawn into what there is, which takes the
// browser half of what another figure in its place takes.
const CONFIG = { displayModeBar: false };
let library = null;

// The library, once for the window, when its first figure is there.
function plotly(source) {
  library ??= new Promise((ready, fail) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => ready(window.Plotly);
    script.onerror = () => {
      // The next figure tries again.
      library = null;
      script.remove();
      fail(new Error(`${source} did not load`));
    };
    document.head.append(script);
  });
  return library;
}

// As wide as its place; what is folded has no width until it is opened.
function fit(figure, Plotly) {
  const width = figure.clientWidth;
  if (!width) return;
  figure.wide = width;
  if (figure.layout && width !== figure.layout.width) Plotly.relayout(figure, { width });
}

// What a mark tells of itself when it is chosen.
function saidOf(mark) {
  return [mark].flat().filter((one) => one != null).map(String);
}

// What the arrow keys go by, in the order of drawing; what is drawn of two parts is one.
function marksOf(figure) {
  const found = new Map();
  (figure.data ?? []).forEach((trace, curveNumber) => {
    if (trace.hoverinfo === "skip" || !Array.isArray(trace.customdata)) return;
    trace.customdata.forEach((mark, pointNumber) => {
      const said = saidOf(mark);
      const there = trace.y?.[pointNumber] ?? null;
      if (there !== null && !found.has(said.join("\n"))) found.set(said.join("\n"), { curveNumber, pointNumber, said });
    });
  });
  return [...found.values()];
}

// Arrow keys point at one mark after another, Enter chooses it.
function pressed(figure, event, Plotly) {
  const marks = marksOf(figure);
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (step && marks.length) {
    event.preventDefault();
    const to = (figure.at ?? (step > 0 ? -1 : marks.length)) + step;
    point(figure, marks, Math.min(Math.max(to, 0), marks.length - 1), Plotly);
  } else if ((event.key === "Enter" || event.key === " ") && marks[figure.at]) {
    event.preventDefault();
    figure.choose?.(marks[figure.at].said);
  } else if (event.key === "Escape") {
    away(figure, Plotly);
  }
}

function point(figure, marks, at, Plotly) {
  figure.at = at;
  const { curveNumber, pointNumber } = marks[at];
  // Of several fields below each other the one that it lies in: Plotly takes the first.
  const { xaxis = "x", yaxis = "y" } = figure.data[curveNumber];
  Plotly.Fx.hover(figure, [{ curveNumber, pointNumber }], `${xaxis}${yaxis}`);
}

function away(figure, Plotly) {
  figure.at = undefined;
  Plotly.Fx.unhover(figure);
}

// What the keys point at is still pointed at, as it is now; what is there no longer is told no longer.
function follow(figure, held, Plotly) {
  const marks = marksOf(figure);
  const at = marks.findIndex(({ said }) => said.join("\n") === held);
  if (at < 0) away(figure, Plotly);
  else point(figure, marks, at, Plotly);
}

function draw(figure, traces, layout, Plotly) {
  const held = figure.at === undefined ? null : marksOf(figure)[figure.at]?.said.join("\n");
  // Of one that could not be drawn before there is a sentence.
  if (!figure.data) figure.textContent = "";
  // Whoever asks the browser for a width has it lay out the page first.
  figure.wide ??= figure.clientWidth || undefined;
  layout.width = figure.wide;
  Plotly.react(figure, traces, layout, CONFIG);
  if (figure.at !== undefined) follow(figure, held, Plotly);
  if (figure.watch) return;
  figure.watch = new ResizeObserver(() => fit(figure, Plotly));
  figure.watch.observe(figure);
  figure.on("plotly_click", ({ points }) => {
    const said = points[0]?.customdata;
    if (said != null) figure.choose?.(saidOf(said));
  });
  figure.onkeydown = (event) => pressed(figure, event, Plotly);
  figure.onblur = () => away(figure, Plotly);
}

function failed(figure, said) {
  figure.watch?.disconnect();
  figure.watch = figure.at = undefined;
  window.Plotly?.purge(figure);
  // Tried again when the page is drawn next.
  figure.spec = null;
  figure.textContent = said;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let figure = parentElement.querySelector(".kz-figure");
  if (!figure) {
    figure = document.createElement("div");
    figure.className = "kz-figure";
    figure.setAttribute("role", "img");
    parentElement.append(figure);
  }
  figure.setAttribute("aria-label", data.said);
  figure.choose = data.chosen ? (said) => setTriggerValue("chosen", said) : null;
  figure.tabIndex = data.chosen ? 0 : -1;
  if (figure.spec !== data.spec) {
    figure.spec = data.spec;
    const { data: traces, layout } = JSON.parse(data.spec);
    figure.style.height = `${layout.height}px`;
    plotly(data.library)
      .then((Plotly) => {
        // Another one came while the library did, or the page is gone.
        if (figure.spec === data.spec && figure.isConnected) draw(figure, traces, layout, Plotly);
      })
      .catch(() => failed(figure, data.failed));
  }
  return () => {
    // Also called for a run of this that another one overtook.
    if (figure.isConnected) return;
    figure.watch?.disconnect();
    window.Plotly?.purge(figure);
  };
}
