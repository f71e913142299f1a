// The real binary, started and stopped by a test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

export const binary = process.env.MFO_NODE_BINARY
  ?? fileURLToPath(new URL("../../../build/release/mfo-node", import.meta.url));

/** A port of the loopback interface that nobody listens on now. */
export async function free_port() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts `mfo-node ARGS…` in the folder `cwd`. What it gives has `ready(url)`, which
 * waits until the URL answers 2xx, `says(pattern)`, which waits until its output
 * matches and gives the match, and `stop()`, which gives the exit status. A process
 * that ends before it is ready fails with what it wrote.
 */
export function start(args, env = {}, cwd = undefined) {
  const child = spawn(binary, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "", failed, heard = () => {};
  const keep = (chunk) => {
    output = (output + chunk).slice(-8000);
    heard();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => { failed = error; });
  const ended = () => failed || child.exitCode !== null || child.signalCode;
  const what = `${binary} ${args.join(" ")}`;

  return {
    says(pattern) {
      return new Promise((resolve, reject) => {
        const give_up = (why) => reject(new Error(`${what} ${why}\n${output}`));
        const late = setTimeout(give_up, 30_000, `did not say ${pattern} in 30 s`);
        const settle = (by, value) => { clearTimeout(late); heard = () => {}; by(value); };
        heard = () => {
          const match = pattern.exec(output);
          if (match) settle(resolve, match);
        };
        child.once("close", () => settle(give_up, "ended"));
        heard();
      });
    },
    async ready(url, deadline = Date.now() + 15_000) {
      while (!(await answers(url))) {
        if (ended())
          throw new Error(`${what} ended: ${failed ?? child.exitCode}\n${output}`);
        if (Date.now() > deadline)
          throw new Error(`${what} is not ready after 15 s\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      if (!ended()) {
        const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
        child.kill("SIGTERM");
        await once(child, "exit");
        clearTimeout(force);
      }
      return child.exitCode;
    },
  };
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
