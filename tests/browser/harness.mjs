// The browser of the tests: starts Chromium, watches that nothing leaves the machine, takes pictures, asks axe.
// Knows nothing of Yett's pages; the tests do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../scripts/tools/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const QUIET = [
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-domain-reliability",
  "--no-pings",
  // Whatever the page or the browser itself asks for, no other machine has an address.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
];

const WITHOUT_A_HOST = new Set(["data:", "blob:", "about:", "chrome:", "chrome-error:"]);

/** Whether a request for this address stays on the machine. */
export function isLocal(address) {
  const { protocol, hostname } = new URL(address);
  if (WITHOUT_A_HOST.has(protocol)) return true;
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "127.0.0.1";
}

/**
 * Starts a browser with a profile of its own; third-party cookies are blocked unless asked for.
 * `asked` are the addresses of all requests so far, `complaints` what the console holds against the pages.
 * `close()` fails if any request was for another machine, so every test that closes its browser checks that.
 */
export async function launch({ width = 1280, height = 900, thirdPartyCookies = false } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "yett-browser-"));
  await writePreferences(profile, thirdPartyCookies);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.YETT_CHROMIUM ?? "/usr/bin/chromium",
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...QUIET, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    viewport: { width, height },
    locale: "en-GB",
    timezoneId: "Europe/London",
    reducedMotion: "reduce",
  });
  const asked = watchRequests(context);
  const complaints = watchConsole(context);
  const foreign = () => asked.filter((address) => !isLocal(address));
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    assert.deepEqual(foreign(), [], "requests for other machines");
  };
  return { context, page: () => context.newPage(), asked, foreign, complaints, close };
}

async function writePreferences(profile, thirdPartyCookies) {
  const blocked = !thirdPartyCookies;
  const preferences = {
    profile: { block_third_party_cookies: blocked, cookie_controls_mode: blocked ? 1 : 0 },
    tracking_protection: { block_all_3pc_toggle_enabled: blocked },
  };
  await mkdir(join(profile, "Default"), { recursive: true });
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
}

/** Every address that any page, frame, worker or socket asks for, as it comes. */
function watchRequests(context) {
  const asked = [];
  const watchPage = (page) => page.on("websocket", (socket) => asked.push(socket.url()));
  context.on("request", (request) => asked.push(request.url()));
  context.on("page", watchPage);
  context.pages().forEach(watchPage);
  return asked;
}

/** Every error and warning that a page or the browser writes to the console, and every exception nobody caught. */
function watchConsole(context) {
  const complaints = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  return complaints;
}

/**
 * Takes a picture of the whole page at this width; answers where the file lies. The window is made as high as the
 * page first, since a frame out of sight is not painted.
 */
export async function screenshot(page, name, width = 1280) {
  const folder = process.env.YETT_SCREENSHOTS ?? join(tmpdir(), "yett-screenshots");
  await mkdir(folder, { recursive: true });
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 900 });
  const height = await page.evaluate(() => document.fonts.ready.then(() => document.documentElement.scrollHeight));
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  await Promise.all(page.frames().map(painted));
  const path = join(folder, `${name}-${width}.png`);
  await page.screenshot({ path, animations: "disabled" });
  await page.setViewportSize(before);
  return path;
}

function painted(frame) {
  return frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** By how many pixels the content is wider than its window; 0 is good. Takes a page or a frame. */
export function overflow(target) {
  return target.evaluate(() => {
    const root = document.documentElement;
    return Math.max(0, root.scrollWidth - root.clientWidth);
  });
}

/** Fails where a page or one of its frames scrolls sideways. */
export async function assertFits(page, what) {
  for (const frame of page.frames()) assert.equal(await overflow(frame), 0, `${what} scrolls sideways: ${frame.url()}`);
}

/** Does something while the text of a page and its frames is twice as large. */
export async function enlarged(page, body) {
  const resize = (size) =>
    page.frames().map((frame) => frame.evaluate((size) => (document.documentElement.style.fontSize = size), size));
  await Promise.all(resize("200%"));
  await body();
  await Promise.all(resize(""));
}

/**
 * What axe finds wrong in a page with all its frames, or in one frame:
 * `[{ frame, id, impact, help, nodes: [selector] }]`. Works under any content security policy.
 */
export async function axe(target) {
  const frames = target.frames ? target.frames() : [target];
  const found = [];
  for (const frame of frames.filter((frame) => frame.url() !== "about:blank")) {
    await frame.evaluate(axeSource);
    const violations = await frame.evaluate(async () => {
      const result = await window.axe.run(document, { iframes: false, resultTypes: ["violations"] });
      return result.violations.map(({ id, impact, help, nodes }) => {
        return { id, impact, help, nodes: nodes.map((node) => node.target.join(" ")) };
      });
    });
    found.push(...violations.map((violation) => ({ frame: frame.url().split("?")[0], ...violation })));
  }
  return found;
}

/** Fails with axe's findings, readable. */
export async function assertAccessible(target, what) {
  assert.deepEqual(await axe(target), [], `axe on ${what}`);
}

/** A loopback server on a free port below the ephemeral range, for tests of this harness and for recorders. */
export async function serve(handler) {
  const server = http.createServer(handler);
  for (let tries = 0; tries < 50 && !server.listening; tries += 1) {
    await listen(server, 20000 + Math.floor(Math.random() * 12000));
  }
  assert.ok(server.listening, "no free port between 20000 and 32000");
  const { port } = server.address();
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { port, at: (host, path = "/") => `http://${host}:${port}${path}`, close };
}

/** So many ports that were free a moment ago. */
export async function freePorts(count) {
  const servers = [];
  while (servers.length < count) servers.push(await serve(() => {}));
  await Promise.all(servers.map((server) => server.close()));
  return servers.map(({ port }) => port);
}

function listen(server, port) {
  return new Promise((resolve) => {
    const settle = () => {
      server.off("error", settle);
      server.off("listening", settle);
      resolve();
    };
    server.once("error", settle);
    server.once("listening", settle);
    server.listen(port, "127.0.0.1");
  });
}
