// A running demo for the browser tests: the one whose addresses the environment gives, or one started here from
// YETT_BIN on free ports, with a data folder of its own. Everything that is started is ended by its own process.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "./harness.mjs";

const START_MS = 90_000;
const STOP_MS = 15_000;
const run = promisify(execFile);

/**
 * Answers `{ councilUrl, portalUrl, stop }`; of a demo that was started here also `panelUrl`, `folder`,
 * `yett(...arguments)` (the command line beside it, answers what it prints) and `killAndRestart()`.
 * `stop()` answers the exit code of a demo that was started here.
 */
export async function demo(env = process.env) {
  const { COUNCIL_URL: councilUrl, PORTAL_URL: portalUrl, YETT_BIN: binary } = env;
  if (councilUrl && portalUrl) return { councilUrl, portalUrl, stop: async () => 0 };
  if (!binary) {
    throw new Error("set YETT_BIN to the built yett, or COUNCIL_URL and PORTAL_URL to those of a running demo");
  }
  return start(await place(binary, env));
}

/** Where a demo is to stand: its ports, its data, its environment. */
async function place(binary, env) {
  const [viewer, grpc, mllp, council, portal] = await freePorts(5);
  const folder = await mkdtemp(join(tmpdir(), "yett-demo-"));
  const panelUrl = `http://yett.localhost:${viewer}`;
  const settings = {
    YETT_DATA_DIR: folder,
    YETT_LISTEN__HTTP: `127.0.0.1:${viewer}`,
    YETT_LISTEN__GRPC: `127.0.0.1:${grpc}`,
    YETT_LISTEN__MLLP: `127.0.0.1:${mllp}`,
    YETT_LISTEN__PUBLIC_URL: panelUrl,
    YETT_TELEMETRY__FILTER: "warn",
    YETT_MATCHING__ASSIGNMENT_RETRY_S: "2",
  };
  const hosts = ["--council", `127.0.0.1:${council}`, "--portal", `127.0.0.1:${portal}`];
  return {
    binary,
    hosts,
    folder,
    env: { ...env, ...settings },
    panelUrl,
    councilUrl: `http://council.localhost:${council}`,
    portalUrl: `http://portal.localhost:${portal}`,
  };
}

async function start(place) {
  const { binary, env, folder, councilUrl, portalUrl, panelUrl } = place;
  let child = null;
  const stop = async () => {
    const code = await end(child);
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  const begin = async () => {
    const started = begun(place);
    child = started.child;
    await answers(child, [councilUrl, portalUrl]).catch((error) => {
      throw new Error(`${error.message}; it said:\n${started.said()}`);
    });
  };
  try {
    await begin();
  } catch (error) {
    await stop();
    throw error;
  }
  const yett = async (...words) => (await run(binary, words, { env })).stdout;
  const killAndRestart = async () => {
    await end(child, "SIGKILL");
    await begin();
  };
  return { councilUrl, portalUrl, panelUrl, folder, stop, yett, killAndRestart };
}

function begun({ binary, hosts, env }) {
  const child = spawn(binary, ["demo", ...hosts], { env, stdio: ["ignore", "ignore", "pipe"] });
  const said = keepTail(child.stderr);
  // A program that cannot be started has no pid; `answers` sees that.
  child.on("error", () => {});
  return { child, said };
}

function keepTail(stream) {
  let tail = "";
  stream.setEncoding("utf8").on("data", (text) => {
    tail = (tail + text).slice(-4000);
  });
  return () => tail;
}

async function end(child, signal = "SIGTERM") {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  const [code] = await gone;
  clearTimeout(late);
  return code;
}

/** Waits until each host has sent its world. */
async function answers(child, addresses) {
  const deadline = Date.now() + START_MS;
  if (child.pid === undefined) throw new Error(`${child.spawnfile} cannot be started`);
  for (const address of addresses) {
    while (!(await isLoaded(address))) {
      if (child.exitCode !== null) throw new Error(`the demo ended with code ${child.exitCode}`);
      if (Date.now() > deadline) throw new Error(`${address} did not answer within ${START_MS} ms`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** Asks 127.0.0.1 with the address's host name: only browsers know where `*.localhost` is. */
function isLoaded(address) {
  const { host, port } = new URL(address);
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/loaded", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
    request.setTimeout(2000, () => request.destroy());
  });
}

/** Asks again and again until the answer is true; fails with `what` when it stays false too long. */
export async function eventually(what, ask, within = 15_000) {
  const deadline = Date.now() + within;
  while (!(await ask())) {
    assert.ok(Date.now() < deadline, `${what}: not within ${within} ms`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
