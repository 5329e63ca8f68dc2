// Fetches a component's script and style, once for all its parts in the window, and hands over to them.
let parts = null;

async function text(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

async function script(address) {
  const held = URL.createObjectURL(new Blob([await text(address)], { type: "text/javascript" }));
  return (await import(held)).default;
}

async function sheet(address) {
  return new CSSStyleSheet().replace(await text(address));
}

export default async function (given) {
  // What did not come is asked for anew by the next.
  parts ??= Promise.all([script("SCRIPT"), sheet("STYLE")]).catch((problem) => {
    parts = null;
    throw problem;
  });
  const [show, style] = await parts;
  const root = given.parentElement.getRootNode();
  if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets.push(style);
  return show(given);
}
