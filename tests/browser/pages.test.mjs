// Every page and state, at the widths that people have: axe finds nothing, nothing scrolls sideways, text may be twice
// as large, and the keyboard reaches everything and shows where it is. With YETT_SCREENSHOTS set to a folder, a picture
// of each is left there.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demo } from "./demo.mjs";
import { assertAccessible, assertFits, enlarged, launch, screenshot } from "./harness.mjs";
import { launchAddress, opened, openRecord, panelOf, reads, signIn, textOf } from "./reader.mjs";
import { findReview } from "./reviews.mjs";
import * as world from "./world.mjs";

const { ELSPETH, ELSBETH, FERGUS, HECTOR, RONA, NOTHING } = world;
const WIDTHS = [1280, 320];

let stage;

before(async () => {
  stage = await demo();
  stage.browser = await launch();
  stage.portal = await stage.browser.page();
  stage.council = await stage.browser.page();
});

after(async () => {
  await Promise.all([stage?.browser?.close(), stage?.stop()]);
});

/**
 * Judges a page with all its frames as it stands now. 640 px is a window of 1280 px at a zoom of 200 %. Where the text
 * is made twice as large, nothing scrolls sideways at any width.
 */
async function judge(page, name) {
  for (const width of [1280, 640, 320]) {
    await page.setViewportSize({ width, height: 900 });
    const what = `${name} at ${width} px`;
    await assertFits(page, what);
    await enlarged(page, async () => {
      await assertFits(page, `${what}, text twice as large`);
      if (process.env.YETT_SCREENSHOTS && width === 320) await screenshot(page, `${name}-large`, width);
    });
    if (!WIDTHS.includes(width)) continue;
    await assertAccessible(page, what);
    if (process.env.YETT_SCREENSHOTS) await screenshot(page, name, width);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Opens a panel as a page of its own. */
async function ownPage(person, host = stage.portal) {
  const [url, number] = host === stage.portal ? [stage.portalUrl, person.portal] : [stage.councilUrl, person.council];
  const page = await stage.browser.page();
  await page.goto(await launchAddress(host, url, number));
  await opened(page);
  return page;
}

const agreement = (...words) => stage.yett("agreement", words[0], world.AGREEMENT, ...words.slice(1));
const secret = (name) => join(stage.folder, "credentials", name);

for (const [host, user, person] of [["portal", world.NURSE, ELSPETH.portal], ["council", world.SOCIAL_WORKER, ELSPETH.council]]) {
  test(`the pages of the ${host}: sign-in, search, record with the panel, form, form refused`, async () => {
    const [page, url] = [stage[host], stage[`${host}Url`]];
    await page.goto(`${url}/sign-in`);
    await judge(page, `${host}-sign-in`);
    await signIn(page, url, user);
    await judge(page, `${host}-search`);
    await page.getByLabel("Surname").fill("Dunbra");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("heading", { level: 2 }).waitFor();
    await judge(page, `${host}-found`);
    await openRecord(page, url, person);
    await judge(page, `${host}-record`);
    await page.goto(`${url}/record/${person}/edit`);
    await judge(page, `${host}-form`);
    await page.getByLabel("Postcode").fill("not a postcode");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Not saved").waitFor();
    const postcode = page.getByLabel("Postcode");
    assert.equal(await postcode.inputValue(), "not a postcode", "what was typed is gone");
    assert.equal(await postcode.getAttribute("aria-invalid"), "true");
    await page.getByRole("link", { name: /^Postcode must have the shape/ }).click();
    assert.ok(await postcode.evaluate((field) => field.matches(":target")), "the list leads to the field");
    await judge(page, `${host}-form-refused`);
  });
}

test("both panels as pages of their own, sources and times open, and the page that says why", async () => {
  for (const host of ["portal", "council"]) {
    const page = await ownPage(ELSPETH, stage[host]);
    await judge(page, `panel-for-${host}`);
    await page.locator("summary").click();
    await judge(page, `panel-for-${host}-times`);
    await page.getByRole("button", { name: "Why do I see this?" }).click();
    await page.getByRole("heading", { level: 1, name: "Why do I see this?" }).waitFor();
    await judge(page, `why-for-${host}`);
    await page.close();
  }
});

test("the keyboard reaches everything on a panel in order, shows where it is, and gets out again", async () => {
  for (const width of WIDTHS) {
    const page = await ownPage(ELSPETH);
    await page.setViewportSize({ width, height: 900 });
    const wanted = await page.evaluate(() => {
      const all = document.querySelectorAll("#yt-place :is(a[href], button, input, textarea, summary)");
      return [...all].filter((one) => one.checkVisibility()).map((one) => one.textContent.trim());
    });
    assert.ok(wanted.length > 5);
    const walked = [];
    for (let step = 0; step < wanted.length; step += 1) {
      await page.keyboard.press("Tab");
      walked.push(await page.evaluate(whereFocusIs));
    }
    assert.deepEqual(walked.map(({ text }) => text), wanted);
    for (const { text, outline, inView, size } of walked) {
      assert.ok(outline >= 2, `no outline around ${text}`);
      assert.ok(inView, `${text} has focus out of sight`);
      assert.ok(size >= 24, `${text} is ${size} px high`);
    }
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true, "focus is held in the panel");
    await page.close();
  }
});

function whereFocusIs() {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    text: one.textContent.trim(),
    outline: style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth),
    inView: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth + 1,
    // A link within a line of text may be lower: WCAG 2.5.8 exempts it.
    size: style.display === "inline" ? 24 : Math.round(box.height),
  };
}

test("screens that show nobody: nothing for this person, refused, closed, moved on", async () => {
  await judge(await reopened(HECTOR), "state-nothing");
  await stage.portal.evaluate(() => {
    const frame = document.querySelector("iframe[data-panel-origin]");
    frame.contentWindow.postMessage({ type: "yett:person-closed" }, frame.dataset.panelOrigin);
  });
  await reads(await panelOf(stage.portal), "the move", (text) => text.includes("moved to another person"));
  await judge(stage.portal, "state-moved");
  const address = await launchAddress(stage.portal, stage.portalUrl, ELSPETH.portal);
  const page = await stage.browser.page();
  for (let times = 0; times < 2; times += 1) {
    await page.goto(address);
    await opened(page);
  }
  assert.match(await textOf(page), /This page is closed/);
  await judge(page, "state-closed");
  await page.close();
  await signIn(stage.portal, stage.portalUrl, world.RECEPTIONIST);
  await judge(await reopened(ELSPETH), "state-refused");
  await signIn(stage.portal, stage.portalUrl, world.NURSE);
});

async function reopened(person) {
  await openRecord(stage.portal, stage.portalUrl, person.portal);
  return stage.portal;
}

test("emergency access: the form refused, what it opens, and nothing still", async () => {
  const panel = await openRecord(stage.portal, stage.portalUrl, HECTOR.portal);
  const ask = async (frame, words) => {
    // By keyboard, as many will: and a click into a frame whose page was just resized may land beside it.
    await frame.locator("[name=reason][value=emergency]").press("Space");
    await frame.locator("#override-why").fill(words);
    await frame.getByRole("button", { name: "Ask for emergency access" }).press("Enter");
  };
  await ask(panel, "  ");
  await panel.locator("[data-problem]").waitFor();
  await judge(stage.portal, "state-override-refused");
  await ask(panel, "Unconscious on the ward, nobody else to ask");
  await reads(panel, "emergency access", (text) => text.includes("Emergency access until"));
  await judge(stage.portal, "state-override");
  const sealed = await openRecord(stage.portal, stage.portalUrl, world.UNA.portal);
  await ask(sealed, "Unconscious on the ward, nobody else to ask");
  const text = await reads(sealed, "emergency access", (text) => text.includes("Emergency access until"));
  assert.ok(text.includes(NOTHING));
  await judge(stage.portal, "state-override-nothing");
});

test("an update, an identity that differs a little, and one that stops", async () => {
  const panel = await openRecord(stage.portal, stage.portalUrl, FERGUS.portal);
  await edit(stage.council, stage.councilUrl, FERGUS.council, "Phone", "01632 960 399");
  await reads(panel, "the update", (text) => text.includes("1 update at"));
  await judge(stage.portal, "state-updated");

  await edit(stage.portal, stage.portalUrl, ELSBETH.portal, "Postcode", "ST9 4QY");
  const differs = await openRecord(stage.portal, stage.portalUrl, ELSBETH.portal);
  await reads(differs, "the difference", (text) => text.includes("Check who this is: postcode differs"));
  await judge(stage.portal, "state-differs");

  const { review, person } = await findReview(stage.yett, RONA);
  await stage.yett("review", "link", review, "--person", person, "--reason", "To see the stop");
  const stopped = await openRecord(stage.portal, stage.portalUrl, RONA.portal);
  await reads(stopped, "the stop", (text) => text.includes("Stop: this may be someone else"));
  assert.ok(!(await stopped.content()).includes("TULLIBAR"));
  await judge(stage.portal, "state-stop");
});

async function edit(page, url, number, label, value) {
  const form = await stage.browser.page();
  await form.goto(`${url}/record/${number}/edit`);
  await form.getByLabel(label, { exact: true }).fill(value);
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("status").filter({ hasText: "Saved and sent" }).waitFor();
  await form.close();
}

test("level 3, and an agreement that is withdrawn", async () => {
  for (const [organisation, key] of [[world.COUNCIL, "council"], [world.BOARD, "board"]]) {
    const words = ["--appendix", "C", "--organisation", organisation, "--key", secret(`${key}-signatory.pkcs8`)];
    await agreement("sign", ...words);
  }
  const pages = [await ownPage(ELSPETH), await ownPage(ELSPETH, stage.council)];
  for (const [at, host] of ["portal", "council"].entries()) {
    await reads(pages[at], "level 3", (text) => text.includes("Level 3 of 4"));
    await judge(pages[at], `panel-for-${host}-level-3`);
  }
  await agreement("withdraw", "--organisation", world.BOARD, "--token", secret("board-operator.token"));
  await reads(pages[0], "the withdrawal", (text) => text.includes("Sharing has stopped"));
  assert.ok(!(await pages[0].content()).includes("DUNBRAE"));
  await judge(pages[0], "state-withdrawn");
});
