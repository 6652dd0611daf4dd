// A running demo for the browser tests: the one whose addresses the environment gives, or one started here from
// YETT_BIN with a data folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where `yett demo` shows its two hosts. */
const SHIPPED = { councilUrl: "http://council.localhost:7410", portalUrl: "http://portal.localhost:7411" };
const START_MS = 60_000;
const STOP_MS = 15_000;

/** Answers `{ councilUrl, portalUrl, stop }`; `stop()` answers the exit code of a demo that was started here. */
export async function demo(env = process.env, addresses = SHIPPED) {
  const { COUNCIL_URL: councilUrl, PORTAL_URL: portalUrl, YETT_BIN: binary } = env;
  if (councilUrl && portalUrl) return { councilUrl, portalUrl, stop: async () => 0 };
  if (!binary) {
    throw new Error("set YETT_BIN to the built yett, or COUNCIL_URL and PORTAL_URL to those of a running demo");
  }
  return { ...addresses, stop: await start(binary, env, Object.values(addresses)) };
}

/** Answers what stops it. */
async function start(binary, env, addresses) {
  const folder = await mkdtemp(join(tmpdir(), "yett-demo-"));
  const child = spawn(binary, ["demo"], {
    env: { ...env, YETT_DATA_DIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = keepTail(child.stderr);
  // A program that cannot be started has no pid; `answers` sees that.
  child.on("error", () => {});
  const stop = async () => {
    const code = await end(child);
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  try {
    await answers(child, addresses);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}; it said:\n${said()}`);
  }
  return stop;
}

function keepTail(stream) {
  let tail = "";
  stream.setEncoding("utf8").on("data", (text) => {
    tail = (tail + text).slice(-4000);
  });
  return () => tail;
}

async function end(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  const [code] = await gone;
  clearTimeout(late);
  return code;
}

/** Waits until each address answers with a page. */
async function answers(child, addresses) {
  const deadline = Date.now() + START_MS;
  if (child.pid === undefined) throw new Error(`${child.spawnfile} cannot be started`);
  for (const address of addresses) {
    while (!(await isUp(address))) {
      if (child.exitCode !== null) throw new Error(`the demo ended with code ${child.exitCode}`);
      if (Date.now() > deadline) throw new Error(`${address} did not answer within ${START_MS} ms`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** Asks 127.0.0.1 with the address's host name: only browsers know where `*.localhost` is. */
function isUp(address) {
  const { host, port, pathname } = new URL(address);
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: pathname, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode < 500);
    });
    request.on("error", () => resolve(false));
    request.setTimeout(2000, () => request.destroy());
  });
}
