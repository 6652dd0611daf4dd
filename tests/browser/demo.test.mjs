// Starting and stopping a demo, tried on small programs that play one.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { demo } from "./demo.mjs";

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

/** Listens where a demo's hosts are told to, and says how long it has run. */
const PLAYER = `
  if (process.argv[2] !== "demo" || !process.env.YETT_DATA_DIR) {
    console.log("asked", process.argv.slice(2).join(" "));
    process.exit(0);
  }
  let asked = 0;
  const answer = (q, a) => a.writeHead((asked += 1) > 3 ? 200 : 503).end(q.headers.host);
  for (const name of ["--council", "--portal"]) {
    const port = process.argv[process.argv.indexOf(name) + 1].split(":")[1];
    require("http").createServer(answer).listen(port, "127.0.0.1");
  }
  process.on("SIGTERM", () => process.exit(0));`;

test("a demo is waited for until it is loaded, survives a kill, and ends when told to", async () => {
  await withProgram(PLAYER, async (env) => {
    const running = await demo(env);
    assert.match(running.portalUrl, /^http:\/\/portal\.localhost:\d+$/);
    assert.match(running.councilUrl, /^http:\/\/council\.localhost:\d+$/);
    assert.notEqual(new URL(running.portalUrl).port, new URL(running.councilUrl).port);
    assert.equal(await running.yett("who-saw", "--json"), "asked who-saw --json\n");
    await running.killAndRestart();
    assert.equal(await running.stop(), 0);
    assert.ok(!existsSync(running.folder), "its data is gone");
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
