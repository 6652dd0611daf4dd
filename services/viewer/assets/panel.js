// The live part of a panel: exchanges the one-time code, keeps the bearer in memory only, fetches the permitted view,
// follows its changes, marks and announces them, and blanks. Decides nothing and words nothing about a person: every
// piece of HTML comes rendered and escaped from the server.
"use strict";
{
  const place = document.getElementById("yt-place");
  const whyPlace = document.getElementById("yt-why");
  const live = document.getElementById("yt-say");
  const CLEAR_AFTER_MS = 1000 * Number(place.dataset.clearAfter || 30);
  const SILENT_AFTER_MS = 25_000; // heartbeats come every 15 s
  const LONGEST_WAIT_MS = 15_000;

  let bearer = null; // never stored, never in an address
  let hostOrigin = null; // the only origin whose messages count
  let lastEvent = "";
  let connection = null; // AbortController of the open stream
  let lastHeard = 0;
  let over = false;
  let shown = ""; // the HTML that stands there, as it was sent
  let marks = new Map(); // key of a row -> "Updated 14:06", until read
  let unread = null; // the sentence about them
  let timers = [];

  // ---------- opening ----------

  async function open() {
    const code = new URL(location.href).searchParams.get("code");
    history.replaceState(null, "", location.pathname); // the code leaves the address before anything else
    if (!code) return end("yt-ended");
    const opening = place.querySelector("[data-opening-text]");
    if (opening) opening.hidden = false;
    const ancestor = location.ancestorOrigins?.[0] ?? null;
    let answer;
    try {
      answer = await fetch("/panel/session", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ code, ancestor }),
        ...QUIET,
      });
    } catch {
      return end("yt-ended"); // the code may be used up: only a new launch can tell
    }
    if (!answer.ok) return (await showIfPage(answer)) ? finish() : end("yt-ended");
    const session = await answer.json();
    bearer = session.bearer;
    hostOrigin = session.origin;
    lastHeard = Date.now();
    await view();
    follow();
  }

  const QUIET = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" };

  function ask(address, options = {}) {
    const headers = { authorization: `Bearer ${bearer}`, accept: "text/html", ...options.headers };
    return fetch(address, { ...QUIET, ...options, headers });
  }

  function isPage(answer) {
    return (answer.headers.get("content-type") ?? "").startsWith("text/html");
  }

  async function showIfPage(answer) {
    if (!isPage(answer)) return false;
    show(await answer.text());
    return true;
  }

  async function view() {
    try {
      const answer = await ask("/panel/view");
      if (answer.status === 401) return end("yt-ended");
      lastEvent = answer.headers.get("yett-event-id") ?? "";
      await showIfPage(answer);
    } catch {
      lastEvent = ""; // the stream brings a whole view
    }
  }

  // ---------- following ----------

  async function follow() {
    let wait = 500;
    while (!over) {
      const heardBefore = lastHeard;
      try {
        await stream();
      } catch {
        // A cut connection: said on the page, then tried again.
      }
      if (over) return;
      notLive();
      if (lastHeard > heardBefore) wait = 500;
      await new Promise((done) => setTimeout(done, wait * (0.75 + Math.random() / 2)));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  async function stream() {
    connection = new AbortController();
    const headers = { accept: "text/event-stream" };
    if (lastEvent) headers["last-event-id"] = lastEvent;
    const answer = await ask("/panel/stream", { headers, signal: connection.signal });
    if (answer.status === 401) return end("yt-ended");
    if (!answer.ok) return showIfPage(answer);
    heard();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const read = parser(handle);
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      read(value);
    }
  }

  function heard() {
    lastHeard = Date.now();
  }

  // Lines of text/event-stream into events. Comments keep the line open and say nothing.
  function parser(emit) {
    let rest = "";
    let event = { type: "message", data: [], id: null };
    return (chunk) => {
      const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (event.data.length) emit({ ...event, data: event.data.join("\n") });
          event = { type: "message", data: [], id: null };
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") event.type = value;
        else if (field === "data") event.data.push(value);
        else if (field === "id") event.id = value;
      }
    };
  }

  function handle(event) {
    if (event.id) lastEvent = event.id;
    if (event.type === "view" || event.type === "blank") show(event.data);
    else if (event.type === "heartbeat") stamp(event.data);
  }

  setInterval(() => {
    if (over || !bearer) return;
    const silence = Date.now() - lastHeard;
    if (silence > SILENT_AFTER_MS) connection?.abort();
    if (silence > CLEAR_AFTER_MS && !place.querySelector("[data-blank]")) {
      lastEvent = "";
      showOwn("yt-disconnected");
    }
  }, 1000);

  function stamp(html) {
    const old = place.querySelector("[data-stamp]");
    const next = parse(html);
    if (old && next && old.outerHTML !== next.outerHTML) old.replaceWith(next);
  }

  function notLive() {
    const line = place.querySelector("[data-stamp]");
    const asOf = line?.querySelector("[data-as-of]");
    if (asOf) line.replaceChildren(document.getElementById("yt-not-live").content.cloneNode(true), asOf);
  }

  // ---------- showing ----------

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  function show(html) {
    if (html.trim() === shown) return; // sent again: what is typed into a form stays, nothing is read out twice
    const next = parse(html);
    if (!next) return;
    shown = html.trim(); // a stream drops the last line break
    const old = place.firstElementChild;
    const bothViews = old?.dataset.clock !== undefined && next.dataset.clock !== undefined;
    const changes = bothViews ? changed(old, next) : null;
    const bannersNew = bothViews ? newBanners(old, next) : [];
    if (!bothViews) forget();
    const kept = remember();
    if (!bothViews || !replaceParts(old, next)) place.replaceChildren(next);
    const news = changes ? [note(changes, next.dataset.clock), ...bannersNew] : [];
    if (news.some(Boolean)) say(news.filter(Boolean).join(" "));
    mark();
    restore(kept);
    countDown();
    const blank = place.querySelector("[data-blank-title]");
    if (blank) {
      closeWhy();
      say(blank.textContent);
    }
  }

  function showOwn(id) {
    show(document.getElementById(id).innerHTML);
  }

  // Parts that are the same stay where they are, with focus, selection and open disclosures. False: lay it out anew.
  function replaceParts(old, next) {
    const parts = (panel) => [...panel.querySelectorAll("[data-part]")];
    const [before, after] = [parts(old), parts(next)];
    const shape = (list) => list.map((part) => part.dataset.part + (part.closest(".yt-col") ? "|" : "")).join(" ");
    if (old.dataset.source !== next.dataset.source || shape(before) !== shape(after)) return false;
    after.forEach((part, at) => {
      if (before[at].outerHTML !== part.outerHTML) before[at].replaceWith(part);
    });
    old.dataset.clock = next.dataset.clock;
    return true;
  }

  function rows(panel) {
    return new Map([...panel.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row]));
  }

  // What a row says, without its time and our own mark.
  function said(row) {
    const copy = row.cloneNode(true);
    copy.querySelectorAll(".yt-asof, [data-mark]").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function title(row) {
    return row.closest("[data-title]")?.dataset.title ?? "this page";
  }

  function changed(old, next) {
    const [before, after] = [rows(old), rows(next)];
    const changes = [];
    for (const [key, row] of after) {
      const was = before.get(key);
      if (!was) changes.push({ key, word: "New", title: title(row) });
      else if (said(was) !== said(row)) changes.push({ key, word: "Updated", title: title(row) });
    }
    for (const [key, row] of before) {
      if (!after.has(key)) changes.push({ key, word: null, title: title(row) });
    }
    return changes;
  }

  // Titles of the banners that were not there before, as sentences.
  function newBanners(old, next) {
    const before = new Set([...old.querySelectorAll("[data-part^=banner-]")].map((one) => one.dataset.part));
    const found = [...next.querySelectorAll("[data-part^=banner-]")].filter((one) => !before.has(one.dataset.part));
    return found.map((one) => `${one.querySelector("h2").textContent.trim()}.`);
  }

  // Keeps what changed until it is read; answers the sentence about it.
  function note(changes, clock) {
    if (!changes.length) return null;
    for (const { key, word } of changes) {
      if (word) marks.set(key, `${word} ${clock}`);
      else marks.delete(key);
    }
    const titles = [...new Set(changes.map((change) => change.title))].join(", ");
    const count = changes.length === 1 ? "1 update" : `${changes.length} updates`;
    unread = { count, clock, titles };
    return `${count} at ${clock}: ${titles}.`;
  }

  // The bar, the word and the time stay until the reader says that they were read, not until a timer ends.
  function mark() {
    for (const [key, row] of rows(place)) {
      const word = marks.get(key);
      row.querySelector("[data-mark]")?.remove();
      row.classList.toggle("yt-new", Boolean(word));
      if (!word) continue;
      const [holder, tag] = [document.createElement("span"), document.createElement("span")];
      holder.dataset.mark = "";
      tag.className = "yt-tag yt-tag--new";
      tag.textContent = word;
      holder.append(" ", tag);
      (row.querySelector("[data-main]") ?? row).append(holder);
    }
    const slot = place.querySelector("[data-updates]");
    if (!slot) return;
    slot.hidden = !unread;
    slot.replaceChildren();
    if (!unread) return;
    slot.append(document.getElementById("yt-updated").content.cloneNode(true));
    const strong = document.createElement("strong");
    strong.textContent = `${unread.count} at ${unread.clock}:`;
    slot.querySelector("[data-text]").append(strong, ` ${unread.titles}.`);
  }

  function forget() {
    marks = new Map();
    unread = null;
  }

  function say(sentence) {
    live.textContent = "";
    setTimeout(() => (live.textContent = sentence), 50);
  }

  // ---------- focus and disclosures ----------

  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

  function remember() {
    const open = [...place.querySelectorAll("details[open][data-keep]")].map((one) => one.dataset.keep);
    const active = document.activeElement;
    if (!place.contains(active)) return { open, find: () => null, active: null };
    const holder = active.closest("[data-key], [data-part]");
    const attribute = holder?.dataset.key !== undefined ? "key" : "part";
    const name = holder?.dataset[attribute];
    const at = holder ? [...holder.querySelectorAll(FOCUSABLE)].indexOf(active) : -1;
    const find = () => {
      const again = [...place.querySelectorAll(`[data-${attribute}]`)].find((one) => one.dataset[attribute] === name);
      return again ? ([...again.querySelectorAll(FOCUSABLE)][at] ?? null) : null;
    };
    return { open, find, active };
  }

  function restore({ open, find, active }) {
    for (const one of place.querySelectorAll("details[data-keep]")) {
      if (open.includes(one.dataset.keep)) one.open = true;
    }
    if (active && !place.contains(active)) {
      (find() ?? place.querySelector("h1"))?.focus({ preventScroll: true });
    }
  }

  // ---------- emergency access ----------

  function countDown() {
    timers.forEach(clearTimeout);
    timers = [];
    const left = Number(place.querySelector("[data-seconds-left]")?.dataset.secondsLeft ?? 0);
    for (const [before, words] of [[300, "5 minutes"], [60, "1 minute"]]) {
      if (left > before) {
        timers.push(setTimeout(() => say(`Emergency access ends in ${words}.`), 1000 * (left - before)));
      }
    }
  }

  async function declare(form) {
    const told = form.querySelector("[data-problem]");
    const button = form.querySelector("button[type=submit]");
    const entries = new FormData(form);
    const body = JSON.stringify({ reason: entries.get("reason"), why: String(entries.get("why") ?? "").trim() });
    const headers = { "content-type": "application/json" };
    if (button.ariaDisabled === "true") return; // one at a time
    told.hidden = true;
    button.ariaDisabled = "true"; // not `disabled`, which would let go of the focus
    try {
      const answer = await ask("/panel/override", { method: "POST", headers, body });
      if (answer.status === 401) return end("yt-ended");
      if (await showIfPage(answer)) return;
      if (!answer.ok) refuse(told, (await problem(answer)) ?? "That could not be sent. Try again.");
    } catch {
      refuse(told, "That could not be sent. Try again.");
    } finally {
      button.ariaDisabled = "false";
    }
  }

  function refuse(told, sentence) {
    told.textContent = sentence;
    told.hidden = false;
  }

  async function problem(answer) {
    try {
      const said = await answer.json();
      return said.detail ?? said.title ?? null;
    } catch {
      return null;
    }
  }

  async function endOverride() {
    try {
      const answer = await ask("/panel/override/end", { method: "POST" });
      if (answer.status === 401) return end("yt-ended");
      await showIfPage(answer);
    } catch {
      say("That could not be sent. Try again.");
    }
  }

  // ---------- why, print, read ----------

  async function openWhy() {
    try {
      const answer = await ask("/panel/why/all");
      if (answer.status === 401) return end("yt-ended");
      if (!answer.ok || !isPage(answer)) return say("That page cannot be opened now. Try again.");
      whyPlace.replaceChildren(parse(await answer.text()));
    } catch {
      return say("That page cannot be opened now. Try again.");
    }
    if (place.querySelector("[data-blank]")) return closeWhy();
    whyPlace.hidden = false;
    place.hidden = true;
    scrollTo(0, 0);
    whyPlace.querySelector("h1")?.focus({ preventScroll: true });
  }

  function closeWhy() {
    if (whyPlace.hidden) return;
    whyPlace.hidden = true;
    whyPlace.replaceChildren();
    place.hidden = false;
    place.querySelector("[data-do=why]")?.focus();
  }

  const ACTIONS = {
    why: openWhy,
    back: closeWhy,
    print: () => print(),
    "end-override": endOverride,
    read: () => {
      forget();
      mark();
      place.querySelector("h1")?.focus({ preventScroll: true });
    },
  };

  document.addEventListener("click", (event) => {
    ACTIONS[event.target.closest("[data-do]")?.dataset.do]?.();
  });

  document.addEventListener("submit", (event) => {
    event.preventDefault(); // nothing is ever sent without the bearer
    if (event.target.matches("[data-override]")) declare(event.target);
  });

  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  addEventListener("beforeprint", () => {
    const slot = place.querySelector("[data-printed]");
    const style = { timeZone: "Europe/London", hourCycle: "h23", minute: "2-digit", hour: "2-digit" };
    const parts = new Intl.DateTimeFormat("en-GB", { ...style, day: "numeric", month: "numeric", year: "numeric" });
    const of = Object.fromEntries(parts.formatToParts(new Date()).map((part) => [part.type, part.value]));
    if (slot) slot.textContent = `${of.day} ${MONTHS[of.month - 1]} ${of.year}, ${of.hour}:${of.minute}`;
  });

  // ---------- the host ----------

  addEventListener("message", (event) => {
    if (!hostOrigin || event.origin !== hostOrigin) return;
    const framed = parent !== window;
    if (framed && event.source !== parent) return; // a window of its own is told by a page that is gone by now
    if (event.data?.type !== "yett:person-closed") return;
    end(framed ? "yt-moved" : "yt-ended"); // only a frame is opened for the next person by itself
    (framed ? parent : event.source)?.postMessage({ type: "yett:panel-cleared" }, event.origin);
  });

  // ---------- ending ----------

  function end(id) {
    showOwn(id);
    finish();
  }

  function finish() {
    over = true;
    bearer = null;
    connection?.abort();
    timers.forEach(clearTimeout);
  }

  // A page taken back out of the browser's memory would show what may have changed since.
  addEventListener("pagehide", () => {
    place.replaceChildren();
    whyPlace.replaceChildren();
    finish();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) end("yt-ended");
  });

  open();
}
