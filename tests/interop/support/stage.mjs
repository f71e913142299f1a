// A node in front of the stand-in server, for tests whose senders come from
// elsewhere.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { free_port, start } from "./processes.mjs";

/**
 * Starts both. `endpoints` is YAML, a list; `env` is for its variables. What it
 * gives has `url(path)`, `arrived()`, the events at the server in order, and
 * `stop()`, which gives the node's exit status.
 */
export async function set_stage(endpoints, env) {
  const folder = mkdtempSync(join(tmpdir(), "mfo-interop-"));
  const [webhook, admin, upstream] = await Promise.all(
    [free_port(), free_port(), free_port()]);
  const server_url = `http://127.0.0.1:${upstream}`;
  const file = join(folder, "node.yaml");
  writeFileSync(file, `listen: 127.0.0.1:${webhook}
admin_listen: 127.0.0.1:${admin}
server_url: ${server_url}
endpoints:
${endpoints}`);
  const server = start(["dev-server", "--listen", `127.0.0.1:${upstream}`]);
  await server.ready(`${server_url}/info`);
  const node = start(["run", "--config", file], env);
  await node.ready(`http://127.0.0.1:${admin}/health/ready`);
  return {
    url: (path) => `http://127.0.0.1:${webhook}${path}`,
    async arrived() {
      const response = await fetch(`${server_url}/__control/events`);
      return (await response.json()).map((entry) => entry.body);
    },
    async stop() {
      const status = await node.stop();
      await server.stop();
      rmSync(folder, { recursive: true });
      return status;
    },
  };
}
