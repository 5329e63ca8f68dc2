"use strict";
// The wall's own script. It asks for the views again and again, lets them take turns by the server's
// clock, keeps the last good ones when there is no answer, and says so: whether the numbers are
// fresh is judged here, in the browser, for a server that hangs cannot say that it does.

// Begins on the page as it stands; gives what ends it.
window.beginWall = () => {
  const { source, zone, version, late, paused } = document.body.dataset;
  const MINUTE = 60_000, HOUR = 60 * MINUTE;
  const interval = Number(document.body.dataset.seconds) * 1000;
  const [views, fresh, dots, clock, button] =
    ["views", "fresh", "dots", "clock", "pause"].map((id) => document.getElementById(id));
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });

  let etag = document.body.dataset.etag;
  let content = null; // as it was last fetched
  let ahead = Number(document.body.dataset.now) * 1000 - Date.now(); // the server's clock minus ours
  let heard = performance.now(), ticked = Date.now();
  let waiting = 0, asking = false;
  let held = 0, stepped = 0, until = 0; // paused since, and how many views further, until (the server's clock)
  const over = new AbortController(); // this wall makes place for another
  const listen = (on, event, call) => on.addEventListener(event, call, { signal: over.signal });

  // --- asking -------------------------------------------------------------------------------

  // Screens that were switched on together do not keep asking together. Without an answer it asks
  // sooner, so that the numbers are back soon after the server is.
  const jitter = (length) => length * (0.85 + 0.3 * Math.random());

  async function refresh() {
    if (asking) return;
    asking = true;
    clearTimeout(waiting);
    let answered = false;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), Math.min(Math.max(interval, 4000), 10_000));
    try {
      const answer = await fetch(source, {
        cache: "no-store", headers: etag ? { "If-None-Match": etag } : {}, signal: patience.signal,
      });
      const made = answer.headers.get("X-Wall-Version");
      if (made) {
        ahead = Number(answer.headers.get("X-Wall-Now")) * 1000 - Date.now();
        const text = answer.status === 304 ? null : await answer.text();
        answered = true;
        heard = performance.now();
        if (made !== version || now() > night) await anew(patience.signal);
        if (over.signal.aborted) return;
        // Who paused it reads on; what is new is asked for again afterwards.
        if (!held) etag = answer.headers.get("ETag");
        if (!held && text !== null && text !== content) put(content = text);
      }
    } catch {
      // No network, no server, or one that hangs: the last good content stays. `tick` tells.
    } finally {
      clearTimeout(timer);
      asking = false;
      if (!over.signal.aborted) waiting = setTimeout(refresh, jitter(answered ? interval : Math.min(interval, 10_000)));
    }
    tick();
  }

  // Puts the page anew in its own place, once all of it is here. It never navigates: a server that
  // ends between a look and a navigation leaves the browser's own words on the screen, or a proxy's,
  // and nothing that ever asks again.
  async function anew(signal) {
    const answer = await fetch(location.href, { cache: "no-store", signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { lang, dataset } = page.documentElement;
    if (!page.body.dataset.source) return; // a proxy's words, or those of a network's sign-in
    const old = await have(page, "script[src]", signal);
    old.push(...await have(page, "link[rel=stylesheet]", signal));
    window.endWall();
    for (const one of old) one.remove();
    Object.assign(document.documentElement, { lang }).dataset.theme = dataset.theme;
    document.body.replaceWith(page.body);
    window.endWall = window.beginWall();
  }

  // Loads what `page` needs where it is another one than here; gives those it takes the place of.
  async function have(page, what, signal) {
    const at = (one) => one.getAttribute("src") ?? one.getAttribute("href");
    const [needs, old] = [page.querySelector(what), [...document.querySelectorAll(what)]];
    if (old.some((one) => at(one) === at(needs))) return [];
    const twin = document.createElement(needs.localName);
    for (const { name, value } of needs.attributes) twin.setAttribute(name, value);
    document.head.append(twin);
    await new Promise((done, failed) => {
      const without = () => [twin.remove(), failed()];
      Object.assign(twin, { onload: done, onerror: without });
      signal.onabort = without; // of a server that hangs
    });
    return old;
  }

  // Once a night, between three and four, not all screens at once.
  function nextNight() {
    const [hour, minute] = time.format(now()).split(":").map(Number);
    const left = ((27 - hour) % 24) * HOUR - minute * MINUTE;
    return now() + (left < HOUR ? left + 24 * HOUR : left) + Math.random() * HOUR;
  }

  // --- showing ------------------------------------------------------------------------------

  function now() {
    return Date.now() + ahead;
  }

  function put(text) {
    const on = views.querySelector(".on")?.dataset.name;
    views.innerHTML = text;
    // The same view goes on, without a flicker.
    (views.querySelector(`[data-name="${on}"]`) ?? views.firstElementChild).classList.add("on");
  }

  function turn() {
    const all = [...views.children];
    const lengths = all.map((one) => Number(one.dataset.seconds) * 1000);
    let at = (held || now()) % lengths.reduce((sum, one) => sum + one, 0);
    let place = lengths.findIndex((length) => (at -= length) < 0);
    place = (((place + stepped) % all.length) + all.length) % all.length;
    if (!all[place].classList.contains("on")) {
      for (const one of all) one.classList.toggle("on", one === all[place]);
    }
    const row = all.length > 1 ? all.map((_, i) => (i === place ? "●" : "○")).join(" ") : "";
    if (dots.textContent !== row) dots.textContent = row;
    const title = `${all[place].querySelector("h1").textContent} · Ketenzicht`;
    if (document.title !== title) document.title = title;
  }

  function tick() {
    // Time that went by without a tick: the screen was suspended.
    if (Math.abs(Date.now() - ticked) > 5000) setTimeout(refresh, Math.random() * 1000);
    ticked = Date.now();
    if (held && now() > until) pause(false);
    turn();
    for (const one of views.querySelectorAll("[data-until]")) one.hidden = now() > one.dataset.until * 1000;
    // A few pixels to and fro, so that no line burns into the glass.
    const step = Math.floor(now() / (5 * MINUTE));
    const [x, y] = [step % 3, Math.floor(step / 3) % 3].map((one) => `calc(var(--u) * ${(one - 1) * 0.3})`);
    document.body.style.setProperty("--shift", `${x} ${y}`);
    clock.textContent = time.format(now());
    const age = performance.now() - heard;
    const level = age > 5 * interval ? "red" : age > 2 * interval ? "amber" : "";
    let said = "";
    if (level) {
      const foot = views.querySelector(".on .as-of")?.textContent;
      said = late.replace("{time}", time.format(now() - age)) + (foot ? `, ${foot}.` : ".");
    } else if (held) {
      said = paused.replace("{time}", time.format(until));
    }
    fresh.className = `fresh ${level || (held ? "held" : "")}`;
    if (fresh.textContent !== said) fresh.textContent = said;
  }

  // --- pausing ------------------------------------------------------------------------------

  // Nobody is there to switch it on again: a pause ends by itself, and says when.
  function pause(on, steps = 0) {
    held = on ? held || now() : 0;
    until = now() + 15 * MINUTE;
    stepped = on ? stepped + steps : 0;
    button.setAttribute("aria-pressed", String(on));
    if (!on) refresh();
    tick();
  }

  listen(window, "keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === " " && event.target !== button) pause(!held);
    else if (steps && views.children.length > 1) pause(true, steps);
    else return;
    event.preventDefault();
  });
  listen(button, "click", () => pause(!held));
  let moved = 0;
  listen(window, "pointermove", () => {
    document.body.classList.add("pointer");
    clearTimeout(moved);
    moved = setTimeout(() => document.body.classList.remove("pointer"), 3000);
  });

  // --- for months ---------------------------------------------------------------------------

  const night = nextNight();
  // After a lost network or a suspended screen: at once, not after the interval.
  listen(window, "online", refresh);
  listen(window, "pageshow", (event) => event.persisted && refresh());
  listen(document, "visibilitychange", () => document.hidden || refresh());
  const ticking = setInterval(tick, 1000);
  tick();
  waiting = setTimeout(refresh, jitter(interval));
  return () => [over.abort(), clearInterval(ticking), clearTimeout(waiting)];
};
// A newer script that this wall fetched itself only says how it begins.
window.endWall ??= window.beginWall();
