// Fetches a component's script and style, once for all its parts in the window, and hands over to them.
const FAILED = SENTENCES;
// How long we wait, in milliseconds, before what did not come is asked for again.
const AGAIN = [200, 600, 1800, 5400];
let parts = null;

async function text(address) {
  for (const wait of [...AGAIN, null]) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return answer.text();
    if (wait !== null) await new Promise((ready) => setTimeout(ready, wait));
  }
  throw new Error(`${address} did not come`);
}

async function script(address) {
  const held = URL.createObjectURL(new Blob([await text(address)], { type: "text/javascript" }));
  return (await import(held)).default;
}

async function sheet(address) {
  return new CSSStyleSheet().replace(await text(address));
}

export default async function (given) {
  const root = given.parentElement;
  parts ??= Promise.all([script("SCRIPT"), sheet("STYLE")]);
  const loaded = await parts.catch(() => null);
  if (!loaded) {
    // Said in its place, not thrown: Streamlit never draws again what has failed once. The next change of the
    // page asks anew.
    parts = null;
    const failed = root.querySelector(".kz-failed") ?? root.appendChild(document.createElement("p"));
    failed.className = "kz-failed";
    failed.textContent = FAILED[given.data.language] ?? FAILED.en;
    return undefined;
  }
  const [show, style] = loaded;
  root.querySelector(".kz-failed")?.remove();
  const tree = root.getRootNode();
  if (tree.adoptedStyleSheets && !tree.adoptedStyleSheets.includes(style)) tree.adoptedStyleSheets.push(style);
  return show(given);
}
