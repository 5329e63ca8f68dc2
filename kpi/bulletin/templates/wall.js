"use strict";
// The wall's own script. It asks for the content again and again, keeps the last good one when
// there is no answer, and says so: whether the numbers are fresh is judged here, in the browser,
// for a server that hangs cannot say that it does.

const { source, zone, version, late } = document.body.dataset;
const interval = Number(document.body.dataset.seconds) * 1000;
const view = document.getElementById("view");
const fresh = document.getElementById("fresh");
const clock = document.getElementById("clock");
const time = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
});

let etag = document.body.dataset.etag;
let heard = Date.now();
let waiting = 0;
// When another view has its turn, by the server's clock; 0: never.
let turn = Number(document.body.dataset.next) * 1000;

// Screens that were switched on together do not keep asking together; a turn is kept, nearly.
function pause() {
  const usual = interval * (0.85 + 0.3 * Math.random());
  return turn ? Math.min(usual, turn + 50 + 400 * Math.random()) : usual;
}

async function refresh() {
  clearTimeout(waiting);
  turn = 0; // known again when there is an answer
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), Math.max(interval, 4000));
  try {
    const answer = await fetch(source, {
      cache: "no-store", headers: etag ? { "If-None-Match": etag } : {}, signal: patience.signal,
    });
    if (answer.ok || answer.status === 304) {
      if (answer.headers.get("X-Wall-Version") !== version) return location.reload();
      if (answer.ok) await show(await answer.text());
      etag = answer.headers.get("ETag");
      turn = Number(answer.headers.get("X-Wall-Next") || 0) * 1000;
      heard = Date.now();
    }
  } catch {
    // No network, no server, or one that hangs: the last good content stays. `tick` tells.
  } finally {
    clearTimeout(timer);
    waiting = setTimeout(refresh, pause());
  }
  tick();
}

async function show(content) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!still) {
    view.classList.add("leaving");
    await new Promise((done) => setTimeout(done, 300));
  }
  view.innerHTML = content;
  view.classList.remove("leaving");
  document.title = `${view.querySelector("h1").textContent} · Ketenzicht`;
}

function tick() {
  clock.textContent = time.format(new Date());
  const age = Date.now() - heard;
  const level = age > 5 * interval ? "red" : age > 2 * interval ? "amber" : "";
  fresh.className = `fresh ${level}`;
  const said = level ? late.replace("{time}", time.format(new Date(heard))) : "";
  if (fresh.textContent !== said) fresh.textContent = said;
}

// After a suspended screen or a lost network: at once, not after the interval.
addEventListener("online", refresh);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
setInterval(tick, 1000);
tick();
waiting = setTimeout(refresh, pause());
