// A running demo for the browser tests: the one whose addresses the environment gives, or one started here from
// YETT_BIN with a data folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const COUNCIL_URL = "http://council.localhost:7410";
const PORTAL_URL = "http://portal.localhost:7411";
const START_MS = 60_000;
const STOP_MS = 15_000;

/** Answers `{ councilUrl, portalUrl, stop }`; `stop()` answers the exit code of a demo that was started here. */
export async function demo() {
  const councilUrl = process.env.COUNCIL_URL ?? COUNCIL_URL;
  const portalUrl = process.env.PORTAL_URL ?? PORTAL_URL;
  if (process.env.COUNCIL_URL && process.env.PORTAL_URL) {
    return { councilUrl, portalUrl, stop: async () => 0 };
  }
  if (!process.env.YETT_BIN) {
    throw new Error("set YETT_BIN to the built yett, or COUNCIL_URL and PORTAL_URL to those of a running demo");
  }
  const folder = await mkdtemp(join(tmpdir(), "yett-demo-"));
  const child = spawn(process.env.YETT_BIN, ["demo"], {
    env: { ...process.env, YETT_DATA_DIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = keepTail(child.stderr);
  const stop = async () => {
    const code = await end(child);
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  try {
    await answers(child, [councilUrl, portalUrl]);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}; it said:\n${said()}`);
  }
  return { councilUrl, portalUrl, stop };
}

function keepTail(stream) {
  let tail = "";
  stream.setEncoding("utf8").on("data", (text) => {
    tail = (tail + text).slice(-4000);
  });
  return () => tail;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
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
