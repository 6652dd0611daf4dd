// Starting and stopping a demo, tried on small programs that play one.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { demo } from "./demo.mjs";
import { serve } from "./harness.mjs";

/** A program of this text; `body` gets its file and the environment that makes `demo` start it. */
async function withProgram(text, body) {
  const folder = await mkdtemp(join(tmpdir(), "yett-program-"));
  const file = join(folder, "program");
  await writeFile(file, `#!${process.execPath}\n${text}\n`, { mode: 0o755 });
  try {
    await body({ PATH: process.env.PATH, YETT_BIN: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = await serve(() => {});
  await server.close();
  return server.port;
}

test("a demo is waited for, and ends when told to", async () => {
  const port = await freePort();
  const text = `
    if (process.argv[2] !== "demo" || !process.env.YETT_DATA_DIR) process.exit(9);
    require("http").createServer((q, a) => a.end(q.headers.host)).listen(${port}, "127.0.0.1");
    process.on("SIGTERM", () => process.exit(0));`;
  await withProgram(text, async (env) => {
    const address = `http://council.localhost:${port}`;
    const running = await demo(env, { councilUrl: address, portalUrl: address });
    assert.equal(running.portalUrl, address);
    assert.equal(running.councilUrl, address);
    assert.equal(await running.stop(), 0);
  });
});

test("a demo that ends at once is an error that says what it said", async () => {
  await withProgram(`console.error("no room on the disk"); process.exitCode = 3;`, async (env) => {
    await assert.rejects(demo(env), /code 3; it said:\n.*no room on the disk/s);
  });
});

test("a program that is not there is an error", async () => {
  await assert.rejects(demo({ YETT_BIN: "/nowhere/yett" }), /cannot be started/);
});

test("addresses of a running demo are taken as they are", async () => {
  const given = { COUNCIL_URL: "http://council.localhost:1", PORTAL_URL: "http://portal.localhost:2" };
  const { councilUrl, portalUrl } = await demo(given);
  assert.deepEqual([councilUrl, portalUrl], Object.values(given));
  await assert.rejects(demo({}), /YETT_BIN/);
});
