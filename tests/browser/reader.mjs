// One reader at a browser: signs in at a host, opens people, reads the panel in its frame. Uses the pages as a person
// does and knows nothing of their addresses but the sign-in and the record.
import assert from "node:assert/strict";

const WITHIN = 15_000;

/** Signs in on the host's own form. */
export async function signIn(page, host, user, { purpose = "", caresFor = true } = {}) {
  await page.goto(`${host}/sign-in`);
  await page.locator(`input[name=user][value="${user}"]`).check();
  await page.locator("select[name=purpose]").selectOption(purpose);
  await page.locator("select[name=cares_for]").selectOption(caresFor ? "yes" : "no");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: /^Find a/ }).waitFor();
}

/** Opens a record, and answers the panel once it shows a view or a screen without one. */
export async function openRecord(page, host, number) {
  await page.bringToFront(); // a mouse cannot reach a frame of a page behind another
  await page.goto(`${host}/record/${number}`);
  return panelOf(page);
}

/** The panel in the frame of a host's page. */
export async function panelOf(page) {
  const element = await page.waitForSelector("iframe[data-panel-origin]");
  const frame = await element.contentFrame();
  await opened(frame);
  return frame;
}

/** Waits until a panel, framed or a page of its own, has opened. */
export async function opened(frame) {
  await frame.waitForSelector("#yt-place [data-clock], #yt-place [data-blank]", { timeout: WITHIN });
  await recordAnnouncements(frame);
}

/** What a panel reads, spaces as one. */
export async function textOf(frame) {
  const text = await frame.locator("#yt-place").innerText({ timeout: WITHIN });
  return text.replace(/\s+/g, " ").trim();
}

/** Waits until a panel reads as it should; fails with what it reads instead. */
export async function reads(frame, what, holds, within = WITHIN) {
  const deadline = Date.now() + within;
  let text = await textOf(frame);
  while (!holds(text)) {
    assert.ok(Date.now() < deadline, `${what}: not within ${within} ms; the panel reads: ${text}`);
    await frame.waitForTimeout(50);
    text = await textOf(frame);
  }
  return text;
}

/** Keeps what the panel says to screen readers, see `announcements`. */
async function recordAnnouncements(frame) {
  await frame.evaluate(() => {
    window.saidAloud = [];
    const line = document.getElementById("yt-say");
    const keep = () => line.textContent && window.saidAloud.push(line.textContent);
    new MutationObserver(keep).observe(line, { childList: true, characterData: true, subtree: true });
  });
}

/** The sentences read out since the panel opened. */
export function announcements(frame) {
  return frame.evaluate(() => window.saidAloud);
}

/** The address of the one-time launch in a host's page, not used up: the frame is not let load. */
export async function launchAddress(page, host, number) {
  const isLaunch = (url) => url.pathname === "/panel" && url.searchParams.has("code");
  const stopped = (route) => route.abort();
  await page.route(isLaunch, stopped);
  await page.goto(`${host}/record/${number}`);
  const address = await page.locator("iframe[data-panel-origin]").getAttribute("src");
  await page.unroute(isLaunch, stopped);
  return address;
}
