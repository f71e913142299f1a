// A node with endpoints, a workflow and a dead-letter sink, in front of the stand-in
// server. Either can be cut off and be there again.

import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "../../interop/support/processes.mjs";
import { open_door } from "./door.mjs";

const secret = randomBytes(24).toString("hex");

const workflow = `workflow_name: refunds
description: Asks somebody before money goes back.
triggers:
  - {id: wanted, type: event, config: {event_types: [refund.wanted]}, target_taskflow: decide}
  - {id: by_hand, type: manual, target_taskflow: decide}
taskflows:
  - taskflow_id: decide
    config: {timeout: 10m}
    tasks:
      - {id: amount, type: set, config: {value: "\${$input.amount? // 20}"}}
      - id: large
        type: condition
        config:
          cases: [{when: $tasks.amount.result > 100, then: ask}]
          default: small
      - {id: small, type: set, config: {value: yes}}
      - id: ask
        type: ask_user
        config: {question: "Refund \${amount.result} EUR?", choices: ["yes", "no"]}
      - id: book
        type: for_each
        depends_on: [ask, small]
        config:
          in: '\${[1, 2, 3]}'
          each:
            tasks:
              - {id: entry, type: mfo_api_tool_execute, config: {tool_id: echo, arguments: {n: ITEM}}}
      - {id: told, type: forward_event, depends_on: book, config: {type: refund.done, payload: {amount: amount.result}}}
`;

const endpoints = `endpoints:
  - id: orders
    path: /hooks/orders
    signature: {secret: "\${CONSOLE_SECRET}"}
    event_type: {header: X-Event, default: order.paid}
    timeout: 2s
  - id: late
    path: /hooks/late
    signature: {secret: "\${CONSOLE_SECRET}"}
    event_type: invoice.sent
    ack: received
    timeout: 2s
  - id: refunds
    path: /hooks/refunds
    signature: {secret: "\${CONSOLE_SECRET}"}
    event_type: refund.wanted
    ack: received
    timeout: 10m
`;

/**
 * Starts server and node; their ports are the kernel's to pick, and none is free in
 * between. `more` is YAML of the node's configuration. What it gives has `admin`, its
 * URL; `send`, `server_down`, `server_up`, `door` (./door.mjs) and `stop`.
 */
export async function set_stage({ name = "shop-1", more = "" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "mfo-console-"));
  const server = start(["dev-server", "--listen", "127.0.0.1:0"]);
  const [, server_port] = await server.says(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
  const upstream = await open_door(server_port);
  writeFileSync(join(folder, "refunds.yaml"), workflow);
  const configuration = `node_name: ${name}
listen: 127.0.0.1:0
admin_listen: 127.0.0.1:0
servers:
  default:
    url: ${upstream.url}
    breaker: {consecutive_failures: 3, open_for: 1s}
    probe_interval: 1s
workflows: [refunds.yaml]
dead_letters:
  - {name: disk, type: file, path: letters}
${endpoints}${more}`;
  const file = join(folder, "node.yaml");
  writeFileSync(file, configuration);
  // By names without a folder: what it tells is the same on every machine.
  const node = start(["run", "--config", "node.yaml"], { CONSOLE_SECRET: secret }, folder);
  const [, listen, admin_port] = await node.says(
    /"node ready".*"listen":"([^"]+)","admin":"[^"]+:(\d+)"/).catch(async (error) => {
    await Promise.all([node.stop(), server.stop(), upstream.close()]);
    throw error;
  });
  const door = await open_door(admin_port);
  let gone = false;
  return {
    admin: door.url, door, file, configuration,
    /** Posts an event; gives {status, id}. */
    async send(endpoint, payload, { headers = {}, forged = false } = {}) {
      const body = JSON.stringify(payload);
      const answer = await fetch(`http://${listen}/hooks/${endpoint}`, {
        method: "POST", body,
        headers: { "Content-Type": "application/json", ...headers,
          "X-Signature": forged ? "00".repeat(32)
            : createHmac("sha256", secret).update(body).digest("hex") },
      });
      const told = await answer.json();
      return { status: answer.status, id: told.event_id ?? told.instance };
    },
    server_down: () => upstream.shut(),
    server_up: () => upstream.open(),
    async node_down() {
      gone = true;
      return node.stop();
    },
    async stop() {
      const status = gone ? 0 : await node.stop();
      await Promise.all([server.stop(), upstream.close(), door.close()]);
      rmSync(folder, { recursive: true });
      return status;
    },
  };
}
