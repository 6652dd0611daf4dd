// What a browser must not be able to do with a panel: use a launch twice, frame it elsewhere, find something left
// behind. And what the panel does when its host moves on or the line is dead.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demo, eventually } from "./demo.mjs";
import { launch, serve } from "./harness.mjs";
import { launchAddress, opened, openRecord, reads, signIn, textOf } from "./reader.mjs";
import { ELSPETH, FERGUS, HECTOR, NURSE, SOCIAL_WORKER } from "./world.mjs";

const CLOSED = "This page is closed";

let stage;

before(async () => {
  stage = await demo();
  stage.browser = await launch();
  stage.page = await stage.browser.page();
  await signIn(stage.page, stage.portalUrl, NURSE);
});

after(async () => {
  await Promise.all([stage?.browser?.close(), stage?.stop()]);
});

const newLaunch = (person = ELSPETH) => launchAddress(stage.page, stage.portalUrl, person.portal);

/** Puts an address into a frame of a page, and answers the frame when it has loaded or was stopped. */
async function framed(page, address) {
  const loaded = page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    const done = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.replaceChildren(frame);
    return done;
  }, address);
  await loaded;
  return (await page.$("iframe")).contentFrame();
}

test("a launch opens one panel; the same address again, in the same host, says only that it is closed", async () => {
  const address = await newLaunch();
  assert.match(address, /\/panel\?code=[^&]+$/);
  assert.doesNotMatch(address, /dunbrae|elspeth|1203414749|S100481/i);
  const first = await framed(stage.page, address);
  await opened(first);
  assert.match(await textOf(first), /DUNBRAE/);
  const second = await framed(stage.page, address);
  await opened(second);
  assert.ok((await textOf(second)).includes(CLOSED), await textOf(second));
  assert.ok(!(await second.content()).includes("DUNBRAE"));
});

test("an edited code opens nothing, and does not use the real one up", async () => {
  const address = await newLaunch();
  const last = address.at(-1) === "A" ? "B" : "A";
  const edited = await framed(stage.page, address.slice(0, -1) + last);
  await opened(edited);
  assert.ok((await textOf(edited)).includes(CLOSED));
  const real = await framed(stage.page, address);
  await opened(real);
  assert.match(await textOf(real), /DUNBRAE/);
});

test("another site, and the other organisation's host, may not frame a launch", async () => {
  const elsewhere = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Elsewhere</title><body>");
  });
  try {
    const foreign = await stage.browser.page();
    const council = await stage.browser.page();
    await signIn(council, stage.councilUrl, SOCIAL_WORKER);
    await foreign.goto(elsewhere.at("elsewhere.localhost"));
    const exchanges = () => stage.browser.asked.filter((address) => address.endsWith("/panel/session")).length;
    for (const page of [foreign, council]) {
      const [complaints, before] = [stage.browser.complaints.length, exchanges()];
      await framed(page, await newLaunch());
      await page.waitForTimeout(500);
      assert.match(stage.browser.complaints.slice(complaints).join(), /violates.*"frame-ancestors http:\/\/portal\.localhost/);
      assert.equal(exchanges(), before, "the panel ran in a foreign frame");
      await page.close();
    }
  } finally {
    await elsewhere.close();
  }
});

test("a frame loaded again is closed, and the host's page loaded again has a new launch", async () => {
  const panel = await openRecord(stage.page, stage.portalUrl, ELSPETH.portal);
  await panel.evaluate(() => location.reload());
  await stage.page.waitForTimeout(200);
  await opened(panel);
  assert.ok((await textOf(panel)).includes(CLOSED));
  const launches = () => stage.browser.asked.filter((address) => address.includes("/panel?code="));
  const before = launches();
  await stage.page.reload();
  const again = await (await stage.page.waitForSelector("iframe[data-panel-origin]")).contentFrame();
  await opened(again);
  assert.match(await textOf(again), /DUNBRAE/);
  const since = launches().slice(before.length);
  assert.equal(since.length, 1);
  assert.ok(!before.includes(since[0]), "the same launch was used again");
});

test("a panel as a page of its own leaves no cookie, no store and no code in the address", async () => {
  const page = await stage.browser.page();
  await page.goto(await newLaunch(FERGUS));
  await opened(page);
  assert.match(await textOf(page), /DUNBRAE, Fergus/);
  assert.equal(page.url(), `${stage.panelUrl}/panel`);
  const left = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: typeof caches === "undefined" ? 0 : (await caches.keys()).length,
    workers: "serviceWorker" in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    storedState: history.state,
  }));
  assert.deepEqual(left, { cookie: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0, storedState: null });
  const cookies = await stage.browser.context.cookies(stage.panelUrl);
  assert.deepEqual(cookies, []);
  assert.equal(await page.title(), "Shared summary");
  await page.goBack().catch(() => null);
  await page.goForward().catch(() => null);
  assert.ok(!(await page.content()).includes("DUNBRAE"), "going back brings the person back");
  await page.close();
});

test("a panel in a window of its own has a launch of its own, and closes when its host leaves the person", async () => {
  const panel = await openRecord(stage.page, stage.portalUrl, ELSPETH.portal);
  const launches = () => stage.browser.asked.filter((address) => address.includes("/panel?code="));
  const before = launches();
  const link = stage.page.getByRole("link", { name: "Open in a new window" });
  const [own] = await Promise.all([stage.browser.context.waitForEvent("page"), link.press("Enter")]);
  await opened(own);
  assert.match(await textOf(own), /DUNBRAE, Elspeth/);
  assert.equal(own.url(), `${stage.panelUrl}/panel`, "the code has left the address");
  const since = launches().slice(before.length);
  assert.equal(since.length, 1);
  assert.ok(!before.includes(since[0]), "the frame's launch was used again");
  assert.match(await textOf(panel), /DUNBRAE/, "the panel in the frame goes on");

  await own.evaluate(() => postMessage({ type: "yett:person-closed" }, "*"));
  await own.waitForTimeout(200);
  assert.match(await textOf(own), /DUNBRAE/, "a message that is not the host's was obeyed");
  // By an address or by a link: the page that tells is gone when it is heard, or still there.
  await openRecord(stage.page, stage.portalUrl, FERGUS.portal);
  await reads(own, "the window closes", (text) => text.includes(CLOSED));
  assert.ok(!(await own.content()).includes("DUNBRAE"));
  const [next] = await Promise.all([stage.browser.context.waitForEvent("page"), link.press("Enter")]);
  await opened(next);
  assert.match(await textOf(next), /DUNBRAE, Fergus/);
  await stage.page.getByRole("link", { name: "Search" }).press("Enter");
  await reads(next, "the window closes", (text) => text.includes(CLOSED));
  assert.ok(!(await next.content()).includes("DUNBRAE"));
  await Promise.all([own.close(), next.close()]);
});

test("when its host moves to another person the panel clears and says so; nobody else can make it", async () => {
  const panel = await openRecord(stage.page, stage.portalUrl, ELSPETH.portal);
  await panel.evaluate(() => postMessage({ type: "yett:person-closed" }, "*"));
  await panel.waitForTimeout(200);
  assert.match(await textOf(panel), /DUNBRAE/, "a message that is not the host's was obeyed");
  const cleared = stage.page.evaluate(() => {
    const answered = new Promise((done) => addEventListener("message", (event) => done(event.data.type)));
    const frame = document.querySelector("iframe[data-panel-origin]");
    frame.contentWindow.postMessage({ type: "yett:person-closed" }, frame.dataset.panelOrigin);
    return answered;
  });
  assert.equal(await cleared, "yett:panel-cleared");
  assert.match(await textOf(panel), /Your system has moved to another person/);
  assert.ok(!(await panel.content()).includes("DUNBRAE"));
});

test("an override without words is kept back in the form", async () => {
  const panel = await openRecord(stage.page, stage.portalUrl, HECTOR.portal);
  await panel.locator("[name=reason][value=emergency]").check();
  const button = panel.getByRole("button", { name: "Ask for emergency access" });
  await button.click();
  assert.equal(await panel.evaluate(() => document.activeElement.id), "override-why", "the empty field has focus");
  await panel.locator("#override-why").fill("   ");
  await button.press("Enter");
  const told = panel.locator("[data-problem]");
  await told.waitFor();
  assert.equal(await told.getAttribute("role"), "alert");
  assert.ok((await told.innerText()).length > 10);
  assert.equal(await panel.evaluate(() => document.activeElement.textContent.trim()), "Ask for emergency access");
  assert.doesNotMatch(await textOf(panel), /Emergency access until/);
});

test("a panel that hears nothing for the length of the lease clears itself", async () => {
  const page = await stage.browser.page();
  await page.clock.install();
  const address = await newLaunch();
  await page.goto(address);
  await opened(page);
  await page.clock.runFor(1000);
  assert.match(await textOf(page), /DUNBRAE/);
  await stage.browser.context.setOffline(true);
  try {
    await eventually("the panel clears", async () => {
      await page.clock.runFor(5000);
      return !(await page.content()).includes("DUNBRAE");
    });
    assert.match(await textOf(page), /Cleared/);
  } finally {
    await stage.browser.context.setOffline(false);
  }
  await eventually("the panel comes back", async () => {
    await page.clock.runFor(5000);
    return (await page.content()).includes("DUNBRAE");
  });
  await page.close();
});
