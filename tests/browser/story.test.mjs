// The story of the main job in a real browser: what a nurse and a social worker see, press and hear. The steps follow
// one another on one stage; a step that fails may make later ones fail.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demo, eventually } from "./demo.mjs";
import { launch } from "./harness.mjs";
import { announcements, launchAddress, opened, openRecord, panelOf, reads, signIn, textOf } from "./reader.mjs";
import { findReview } from "./reviews.mjs";
import * as world from "./world.mjs";

const { ELSPETH, MURDO, AILSA, FINLAY, TORQUIL, HECTOR, NOTHING } = world;
const LEVEL_2 = ["Home care", "Larchwood Homecare", "Catriona Fenwick", "Hospital bed at home"];
const LEVEL_3 = ["Dog loose in the house", "Falls on the stairs", "Stay at home, downstairs"];
const RISK = LEVEL_3[0];

let stage;

before(async () => {
  stage = await demo();
  stage.browser = await launch();
  stage.nurse = await stage.browser.page();
  stage.worker = await stage.browser.page();
  await signIn(stage.nurse, stage.portalUrl, world.NURSE);
  await signIn(stage.worker, stage.councilUrl, world.SOCIAL_WORKER);
});

after(async () => {
  // Closing fails if any request was for another machine.
  await Promise.all([stage?.browser?.close(), stage?.stop()]);
});

/** Shows that a document was not loaded anew: the mark would be gone. */
const remember = (frame) => frame.evaluate(() => (window.sameDocument = true));
const isTheSame = async (frame) => assert.ok(await frame.evaluate(() => window.sameDocument), "the panel was reloaded");
/** The element with focus, in words. */
const focused = (frame) => frame.evaluate(() => document.activeElement.textContent.trim());
const withoutTime = (text) => text.replace(/as of \d+ \w+ \d+, \d\d:\d\d/, "");
const sign = (organisation, key) =>
  stage.yett("agreement", "sign", world.AGREEMENT, "--appendix", "C", "--organisation", organisation, "--key", secret(key));
const secret = (name) => join(stage.folder, "credentials", name);

test("the nurse's portal opens a person: the council's summary at level 2 and nothing above, in a frame", async () => {
  const panel = await openRecord(stage.nurse, stage.portalUrl, ELSPETH.portal);
  const text = await reads(panel, "the summary", (text) => LEVEL_2.every((words) => text.includes(words)));
  assert.match(text, /Level 2 of 4/);
  assert.match(text, /Name, date of birth, CHI number and postcode agree with your screen/);
  const everything = await panel.content();
  for (const words of LEVEL_3) assert.ok(!everything.includes(words), `${words} at level 2`);
  assert.equal(panel.url(), `${stage.panelUrl}/panel`, "the code has left the address");
  const frame = stage.nurse.locator("iframe[data-panel-origin]");
  assert.equal(await frame.getAttribute("referrerpolicy"), "no-referrer");
  const sandbox = (await frame.getAttribute("sandbox")).split(" ");
  assert.ok(["allow-scripts", "allow-modals"].every((one) => sandbox.includes(one)));
  assert.ok(!sandbox.some((one) => one.startsWith("allow-top-navigation")));
  assert.ok(!(await stage.nurse.title()).match(/Dunbrae|1203414749/i), "titles name nobody");
  stage.panel = panel;
});

test("a care package ends in the case system: the open panel changes, marks the row, says it once, keeps focus", async () => {
  const { panel, worker } = stage;
  await remember(panel);
  await panel.locator(".yt-phone a").nth(1).focus();
  const [atFocus, atScroll] = [await focused(panel), await panel.evaluate(() => scrollY)];
  await worker.goto(`${stage.councilUrl}/record/${ELSPETH.council}/edit`);
  await worker.getByLabel("Home care", { exact: true }).selectOption("Ended");
  await worker.getByRole("button", { name: "Save" }).click();
  await worker.getByRole("status").filter({ hasText: "Saved and sent" }).waitFor();

  await reads(panel, "the end of the care package", (text) => !text.includes("On hold in hospital"));
  await isTheSame(panel);
  const marked = panel.locator(".yt-new");
  assert.equal(await marked.count(), 1);
  assert.match(await marked.innerText(), /^Home care.*Updated \d\d:\d\d/s);
  await eventually("the update is read out", async () => (await announcements(panel)).length > 0);
  assert.match((await announcements(panel)).join("|"), /^1 update at \d\d:\d\d: Care and support at home\.$/);
  assert.equal(await panel.locator("#yt-say").getAttribute("aria-live"), "polite");
  assert.equal(await focused(panel), atFocus, "focus has moved");
  assert.equal(await panel.evaluate(() => scrollY), atScroll, "the page has moved");

  await panel.getByRole("button", { name: "Mark as read" }).press("Enter");
  assert.equal(await marked.count(), 0);
  assert.match(await focused(panel), /^Social work summary/);
});

test("level 3 signed by one party changes nothing, by both it appears, withdrawn by one it goes", async () => {
  const { panel } = stage;
  const before = withoutTime(await textOf(panel));
  await sign(world.COUNCIL, "council-signatory.pkcs8");
  await panel.waitForTimeout(1500);
  assert.equal(withoutTime(await textOf(panel)), before, "one signature changed the panel");

  await sign(world.BOARD, "board-signatory.pkcs8");
  const text = await reads(panel, "the level-3 items", (text) => text.includes(RISK));
  assert.match(text, /Level 3 of 4/);
  assert.doesNotMatch(text, /Not shared at level 2/);

  const own = ["--organisation", world.BOARD, "--token", secret("board-operator.token")];
  await stage.yett("agreement", "withdraw", world.AGREEMENT, "--appendix", "C", ...own);
  const left = await reads(panel, "the withdrawal", (text) => !text.includes(RISK));
  assert.match(left, /Level 2 of 4.*Day centre/);
  const everything = await panel.content();
  for (const words of LEVEL_3) assert.ok(!everything.includes(words), `${words} stayed after the withdrawal`);
  await isTheSame(panel);
});

test("an address changes in the portal: the social worker's open panel shows it with its time", async () => {
  const panel = await openRecord(stage.worker, stage.councilUrl, ELSPETH.council);
  await reads(panel, "the health summary", (text) => text.includes("Ward 6"));
  await remember(panel);
  const edit = await stage.browser.page();
  await edit.goto(`${stage.portalUrl}/record/${ELSPETH.portal}/edit`);
  await edit.getByLabel("Address").fill("14 Harbour Row, Kilmorran");
  await edit.getByRole("button", { name: "Save" }).click();
  await edit.getByRole("status").filter({ hasText: "Saved and sent" }).waitFor();
  await edit.close();
  const text = await reads(panel, "the new address", (text) => text.includes("14 Harbour Row"));
  assert.match(text, /14 Harbour Row, Kilmorran, ST9 4QX.*?as of \d+ \w+ \d{4}/);
  assert.doesNotMatch(text, /Saltpan Wynd/);
  assert.match(await panel.locator(".yt-new").innerText(), /14 Harbour Row/);
  await isTheSame(panel);
});

test("a person without a CHI number is matched, and the number reaches the case system", async () => {
  await eventually("the number is assigned", async () => {
    await stage.worker.goto(`${stage.councilUrl}/record/${MURDO.council}`);
    return (await stage.worker.locator("#assigned").count()) > 0;
  });
  const said = (await stage.worker.locator("#assigned").innerText()).replace(/\s/g, "");
  assert.ok(said.includes(`CHInumber${MURDO.chi}wasassignedandconfirmed`), said);
  const panel = await openRecord(stage.nurse, stage.portalUrl, MURDO.portal);
  assert.match(await textOf(panel), /HALCRO, Murdo/);
});

test("a twin shows nothing, appears when the reviewer links, and blanks when the reviewer unlinks", async () => {
  const panel = await openRecord(stage.nurse, stage.portalUrl, AILSA.portal);
  await remember(panel);
  assert.ok((await textOf(panel)).includes(NOTHING));
  const { review, person } = await findReview(stage.yett, AILSA);
  await stage.yett("review", "link", review, "--person", person, "--reason", "Confirmed by telephone");
  await reads(panel, "the linked record", (text) => text.includes("KINROSS"));

  const record = ["--authority", world.CASE_SYSTEM, "--local-id", AILSA.council];
  await stage.yett("review", "unlink", ...record, "--reason", "It was the sister");
  await reads(panel, "the undone link", (text) => text.includes(NOTHING));
  assert.ok(!(await panel.content()).includes("KINROSS"), "the name stayed in the page");
  await isTheSame(panel);
  await eventually("the blank is read out", async () => (await announcements(panel)).includes(NOTHING));
});

test("a child and somebody unknown get the same screen, a role without the grant its own reason", async () => {
  const screens = [];
  for (const person of [FINLAY, TORQUIL]) {
    const panel = await openRecord(stage.nurse, stage.portalUrl, person.portal);
    screens.push((await panel.locator("#yt-place").innerHTML()).replace(/Reference <strong[^>]*>[^<]*/, ""));
  }
  assert.ok(screens[0].includes(NOTHING));
  assert.equal(screens[0], screens[1]);

  const desk = await stage.browser.page();
  await signIn(desk, stage.portalUrl, world.RECEPTIONIST);
  const refused = await openRecord(desk, stage.portalUrl, ELSPETH.portal);
  assert.match(await textOf(refused), /You cannot open this: your role has no access.*What to do: ask your manager/);
  assert.ok(!(await refused.content()).includes("DUNBRAE"), "a refusal names the person");
  assert.equal(await refused.locator("[data-override]").count(), 0, "emergency access is offered to the front desk");
  await desk.close();
  await signIn(stage.nurse, stage.portalUrl, world.NURSE);
});

test("emergency access is asked for, given and ended with the keyboard alone", async () => {
  const { nurse } = stage;
  const panel = await openRecord(nurse, stage.portalUrl, HECTOR.portal);
  assert.ok((await textOf(panel)).includes(NOTHING));
  const press = (...keys) => keys.reduce((done, key) => done.then(() => nurse.keyboard.press(key)), Promise.resolve());
  await panel.locator("h1").focus();
  while (!(await panel.evaluate(() => document.activeElement.matches("[name=reason]")))) await press("Tab");
  await press("Space", "Tab");
  await nurse.keyboard.type("Unconscious on the ward, nobody else to ask");
  await press("Tab");
  assert.equal(await focused(panel), "Ask for emergency access");
  await press("Enter");
  const text = await reads(panel, "the lifted dissent", (text) => text.includes("Emergency access until"));
  assert.match(text, /BALLANTRAE, Hector/);
  assert.match(text, /Reason: emergency.*Your privacy officer was told at \d\d:\d\d/);
  assert.match(await focused(panel), /^Social work summary/, "focus is at the head of what was opened");
  while ((await focused(panel)) !== "End it now") await press("Tab");
  await press("Enter");
  await reads(panel, "the dissent again", (text) => text.includes(NOTHING));
  assert.ok(!(await panel.content()).includes("BALLANTRAE"), "the name stayed in the page");
});

test("why I see this opens with the keyboard and gives focus back", async () => {
  const panel = await openRecord(stage.nurse, stage.portalUrl, ELSPETH.portal);
  await panel.getByRole("button", { name: "Why do I see this?" }).focus();
  await stage.nurse.keyboard.press("Enter");
  await panel.getByRole("heading", { level: 1, name: "Why do I see this?" }).waitFor();
  assert.equal(await focused(panel), "Why do I see this?");
  assert.ok(await panel.locator("#yt-place").isHidden());
  const why = await panel.locator("#yt-why").innerText();
  assert.match(why, /This step decides/);
  for (const words of [...LEVEL_2, ...LEVEL_3]) assert.ok(!why.includes(words), `the page lists ${words}`);
  await stage.nurse.keyboard.press("Shift+Tab");
  assert.equal(await focused(panel), "Back to the summary");
  await stage.nurse.keyboard.press("Enter");
  await panel.locator("#yt-place").waitFor();
  assert.equal(await focused(panel), "Why do I see this?");
  assert.equal(await panel.evaluate(() => document.activeElement.dataset.do), "why");
});

test("print asks the browser to print, and paper says who printed it and when", async () => {
  const panel = await panelOf(stage.nurse);
  const asked = panel.evaluate(() => new Promise((done) => (window.print = () => done("asked"))));
  await panel.getByRole("button", { name: "Print" }).press("Enter");
  assert.equal(await asked, "asked");

  const page = await stage.browser.page();
  await page.goto(await launchAddress(stage.nurse, stage.portalUrl, ELSPETH.portal));
  await opened(page);
  const slot = page.locator(".yt-print");
  assert.ok(await slot.isHidden(), "only paper says it");
  await page.emulateMedia({ media: "print" });
  const sheet = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.ok((sheet.match(/\/Type \/Page\b/g) ?? []).length > 0, "an empty sheet");
  const said = (await slot.innerText()).replace(/\s+/g, " ");
  assert.match(said, /^Printed \d+ \w+ \d{4}, \d\d:\d\d, by .*Aileen Strachan-Bell.*NHS Strathorr\./);
  assert.match(said, /level 2, from Strathorr Council\. True at the time of printing only\. Not to be shared on\./);
  assert.ok(await page.getByRole("button", { name: "Print" }).isHidden(), "buttons are not printed");
  await page.close();
});

test("nothing was complained of, and the panel has left neither cookie nor store", async () => {
  assert.deepEqual(stage.browser.complaints, []);
  const cookies = await stage.browser.context.cookies();
  assert.deepEqual(cookies.map(({ domain }) => domain).sort(), ["council.localhost", "portal.localhost"]);
  assert.ok(cookies.every(({ httpOnly }) => httpOnly), "a script could read a host's cookie");
  const addresses = stage.browser.asked.map((address) => new URL(address));
  assert.ok(addresses.some(({ hostname }) => hostname === "yett.localhost"), "requests are watched");
  for (const { pathname, search } of addresses) {
    assert.ok(!/dunbrae|120341/i.test(pathname + search), "an address names the person");
  }
});

test("the panel outlives a node that is killed, and goes on when it is back", async () => {
  const panel = await openRecord(stage.nurse, stage.portalUrl, ELSPETH.portal);
  await remember(panel);
  const restarted = stage.killAndRestart();
  await reads(panel, "the broken line", (text) => text.includes("Not live"));
  await restarted;
  await reads(panel, "the line again", (text) => text.includes("Live · as of"), 30_000);
  await signIn(stage.worker, stage.councilUrl, world.SOCIAL_WORKER);
  await stage.worker.goto(`${stage.councilUrl}/record/${ELSPETH.council}/edit`);
  await stage.worker.getByLabel("Day centre", { exact: true }).selectOption("Ended");
  await stage.worker.getByRole("button", { name: "Save" }).click();
  await reads(panel, "a change after the restart", (text) => /Day centre, Tuesdays Updated/.test(text));
  await isTheSame(panel);
});
