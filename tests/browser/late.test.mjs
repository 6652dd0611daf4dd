// What is too late: a feed that has gone silent behind an open panel, and a launch that nobody opened in time.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demo } from "./demo.mjs";
import { assertAccessible, assertFits, enlarged, launch } from "./harness.mjs";
import { announcements, launchAddress, opened, openRecord, reads, signIn, textOf } from "./reader.mjs";
import { ELSPETH, NURSE, SOCIAL_WORKER } from "./world.mjs";

const LAUNCH_S = 5;
/** A feed counts as silent a minute after it should have been heard; a panel looks at least every 20 s. */
const SILENT_WITHIN = 150_000;

let stage;

before(async () => {
  stage = await demo({ ...process.env, YETT_VIEWER__LAUNCH_S: String(LAUNCH_S) });
  stage.browser = await launch();
  stage.nurse = await stage.browser.page();
  stage.worker = await stage.browser.page();
  await signIn(stage.nurse, stage.portalUrl, NURSE);
  await signIn(stage.worker, stage.councilUrl, SOCIAL_WORKER);
});

after(async () => {
  await Promise.all([stage?.browser?.close(), stage?.stop()]);
});

/** Registers the organisations of the seed again, the council to be heard this often. */
async function heardEvery(seconds) {
  const seed = await readFile(new URL("../../config/seed/organisations.toml", import.meta.url), "utf8");
  const origins = { "http://council.localhost:7410": stage.councilUrl, "http://portal.localhost:7411": stage.portalUrl };
  const placed = seed.replace(/http:\/\/[^"]+/g, (origin) => origins[origin]);
  const file = join(stage.folder, `organisations-${seconds}.toml`);
  await writeFile(file, placed.replace("heard_every_s = 300", `heard_every_s = ${seconds}`));
  await stage.yett("organisation", "register", file);
}

test("a launch opened too late says that it is closed, in words, and nothing about the person", async () => {
  const address = await launchAddress(stage.nurse, stage.portalUrl, ELSPETH.portal);
  await stage.nurse.waitForTimeout(LAUNCH_S * 1000 + 500);
  const page = await stage.browser.page();
  await page.goto(address);
  await opened(page);
  const text = await textOf(page);
  assert.match(text, /This page is closed.*works once, and for a short time only\. This says nothing about the person\./);
  assert.match(text, /What to do: open the person again in your own system\./);
  for (const words of ["DUNBRAE", "Elspeth", ELSPETH.chi, ELSPETH.portal]) {
    assert.ok(!(await page.content()).includes(words), `the page holds ${words}`);
  }
  assert.equal(page.url(), `${stage.panelUrl}/panel`);
  await assertAccessible(page, "a launch opened too late");
  await page.close();
});

test("a feed that goes silent is told in the open panel, read out once, and the other feed's panel stays as it is", async () => {
  const panel = await openRecord(stage.nurse, stage.portalUrl, ELSPETH.portal);
  const other = await openRecord(stage.worker, stage.councilUrl, ELSPETH.council);
  for (const one of [panel, other]) assert.match(await textOf(one), /(?<!Not )Live · as of(?!.*Not heard from)/i);
  await panel.evaluate(() => (window.sameDocument = true));

  await stage.yett("organisation", "withdraw-credential", "--secret", join(stage.folder, "credentials", "council-feed.token"));
  await heardEvery(1);
  const text = await reads(panel, "the silence", (text) => text.includes("Not heard from"), SILENT_WITHIN);
  assert.match(text, /Not heard from Strathorr Council since \d+ \w+ \d{4}, \d\d:\d\d That is \d minutes?; it should be every 1 second\./);
  assert.match(text, /What you see was true then and may have changed\. Before you act on it, phone the team\./);
  assert.match(text, /Not live · as of/);
  assert.match(text, /Home care/, "what was true then stays");
  assert.ok(await panel.evaluate(() => window.sameDocument), "the panel was loaded anew");
  await panel.waitForTimeout(200);
  assert.equal((await announcements(panel)).filter((said) => said.startsWith("Not heard from")).length, 1);
  assert.doesNotMatch(await textOf(other), /Not heard from|Not live/);

  await assertAccessible(stage.nurse, "a silent feed");
  await stage.nurse.setViewportSize({ width: 320, height: 900 });
  await enlarged(stage.nurse, () => assertFits(stage.nurse, "a silent feed at 320 px, text twice as large"));

  await heardEvery(300);
  const again = await reads(panel, "the feed in time again", (text) => !text.includes("Not heard from"));
  assert.match(again, /\d{4}, \d\d:\d\d/);
  assert.doesNotMatch(again, /Not live/);
});
