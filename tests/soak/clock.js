"use strict";
// Makes time in a page run only when told. Requests are real, so each step waits until they are
// answered, or until they are plainly not: then the page's own patience runs out in its own time.
(() => {
  const real = { Date, fetch: window.fetch.bind(window), now: performance.now.bind(performance) };
  const begun = Number("%BEGIN%");
  // This screen's own clock is wrong by so much; the server's is not.
  const wrong = Number("%WRONG%");
  let now = begun, next = 1, open = 0;
  const timers = new Map();

  window.Date = class extends real.Date {
    constructor(...given) { given.length ? super(...given) : super(now); }
    static now() { return now; }
  };
  performance.now = () => now - begun;
  // How often the page was put anew: each begins, and says how it ends.
  let end;
  window.begun = -1;
  Object.defineProperty(window, "endWall", {
    get: () => end,
    set: (call) => { end = call; window.begun += 1; },
  });
  const add = (call, wait, every) => {
    timers.set(next, { call, at: now + Math.max(Number(wait) || 0, 0), every });
    return next++;
  };
  window.setTimeout = (call, wait) => add(call, wait, 0);
  window.setInterval = (call, wait) => add(call, wait, wait);
  window.clearTimeout = window.clearInterval = (id) => timers.delete(id);
  window.fetch = async (place, asked = {}) => {
    open += 1;
    try {
      // The server's clock is the one of whoever asks it.
      const headers = { ...asked.headers, "X-Soak-Now": String(now - wrong) };
      const answer = await real.fetch(place, { ...asked, headers });
      const text = await answer.text(); // it takes no time of the page either
      const { status, headers: said } = answer;
      return new Response(status === 304 ? null : text, { status, headers: said });
    } finally { open -= 1; }
  };

  const rest = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { channel.port1.close(); done(); };
    channel.port2.postMessage(0);
  });
  async function answered(patience) {
    const since = real.now();
    do await rest(); while (open && real.now() - since < patience);
    // What was answered is read and shown, before time goes on.
    for (let i = 0; i < 5; i++) await rest();
  }

  // So many milliseconds of the page's time; `patience` are real ones, for one answer.
  window.soak = async (length, patience) => {
    const until = now + length;
    for (;;) {
      let first = null;
      for (const [id, one] of timers) if (one.at <= until && (!first || one.at < first.at)) first = { id, ...one };
      if (!first) break;
      now = Math.max(now, first.at);
      if (first.every) timers.get(first.id).at += first.every; else timers.delete(first.id);
      first.call();
      if (open) await answered(patience);
    }
    now = until;
    await answered(patience);
    return now;
  };
  // Suspended: time goes by, and nothing runs meanwhile.
  window.sleepFor = (length) => {
    now += length;
    for (const one of timers.values()) one.at = Math.max(one.at, now);
  };
})();
