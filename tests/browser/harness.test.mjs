// The harness is tested before it is believed: each of its checks passes a good page and fails a bad one.
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { axe, isLocal, launch, overflow, screenshot, serve } from "./harness.mjs";

const STRICT = "default-src 'none'; style-src 'unsafe-inline'; frame-src http://*.localhost:*";
const html = (body) => `<!doctype html><html lang="en"><title>Sample</title><main><h1>Sample</h1>${body}</main></html>`;

function page(response, body, headers = {}) {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
  response.end(html(body));
}

/** One server for all pages; the host name of the request plays the site. */
async function withSites(body) {
  const cookies = [];
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url, "http://any.localhost");
    const strict = { "content-security-policy": STRICT };
    if (pathname === "/host") return page(response, `<iframe title="Panel" src="${server.at("panel.localhost", "/panel")}"></iframe>`, strict);
    if (pathname === "/panel") {
      cookies.push(request.headers.cookie ?? "");
      return page(response, `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, { ...strict, "set-cookie": "seen=1; SameSite=None; Secure" });
    }
    if (pathname === "/inline") return page(response, "<script>var inline = 1;</script>", strict);
    if (pathname === "/wide") return page(response, `<div style="width:900px">wide</div>`);
    if (pathname === "/foreign") return page(response, `<img alt="" src="http://example.org/pixel.gif">`);
    return page(response, "<p>Good.</p>", strict);
  });
  try {
    await body({ server, cookies });
  } finally {
    await server.close();
  }
}

/** A browser that is gone after the test, also after one that fails. */
async function opened(t, options) {
  const browser = await launch(options);
  t.after(() => browser.context.close());
  return browser;
}

test("only names of this machine are local", () => {
  for (const good of ["http://council.localhost:7410/", "http://127.0.0.1/", "data:,x", "ws://a.localhost:1/"]) {
    assert.ok(isLocal(good), good);
  }
  for (const bad of ["https://example.org/", "http://localhost.example.org/", "http://10.0.0.1/", "wss://x.example/"]) {
    assert.ok(!isLocal(bad), bad);
  }
});

test("axe passes a good page and finds the fault in a frame, under a strict policy", async (t) => {
  await withSites(async ({ server }) => {
    const browser = await opened(t);
    const good = await browser.page();
    await good.goto(server.at("council.localhost"));
    assert.deepEqual(await axe(good), []);
    await good.goto(server.at("council.localhost", "/host"));
    const found = await axe(good);
    assert.deepEqual(found.map(({ id }) => id), ["image-alt"]);
    assert.match(found[0].frame, /panel\.localhost/);
    await browser.close();
  });
});

test("a request for another machine fails the closing of the browser", async (t) => {
  await withSites(async ({ server }) => {
    const browser = await opened(t);
    const bad = await browser.page();
    await bad.goto(server.at("council.localhost", "/foreign"));
    assert.deepEqual(browser.foreign(), ["http://example.org/pixel.gif"]);
    await assert.rejects(browser.close(), /other machines/);
  });
});

test("what a page complains of is kept, and a quiet page has nothing", async (t) => {
  await withSites(async ({ server }) => {
    const browser = await opened(t);
    const noisy = await browser.page();
    await noisy.goto(server.at("council.localhost"));
    assert.deepEqual(browser.complaints, []);
    await noisy.goto(server.at("council.localhost", "/inline"));
    await noisy.evaluate(() => setTimeout(() => undefinedFunction(), 0));
    await noisy.waitForTimeout(100);
    assert.equal(browser.complaints.length, 2);
    assert.match(browser.complaints.join(" "), /Content Security Policy.*undefinedFunction/s);
    await browser.close();
  });
});

test("a panel in a frame gets its cookie back only where third-party cookies are let in", async (t) => {
  for (const thirdPartyCookies of [false, true]) {
    await withSites(async ({ server, cookies }) => {
      const browser = await opened(t, { thirdPartyCookies });
      const host = await browser.page();
      await host.goto(server.at("council.localhost", "/host"));
      await host.goto(server.at("council.localhost", "/host?again"));
      assert.deepEqual(cookies, ["", thirdPartyCookies ? "seen=1" : ""]);
      await browser.close();
    });
  }
});

test("pictures have the width asked for, and overflow is measured at it", async (t) => {
  await withSites(async ({ server }) => {
    const browser = await opened(t);
    const wide = await browser.page();
    await wide.goto(server.at("council.localhost", "/wide"));
    const file = await screenshot(wide, "harness-self-test", 320);
    assert.ok((await stat(file)).size > 500);
    await wide.setViewportSize({ width: 320, height: 900 });
    assert.ok((await overflow(wide)) > 500);
    await wide.goto(server.at("council.localhost"));
    assert.equal(await overflow(wide), 0);
    await browser.close();
  });
});
