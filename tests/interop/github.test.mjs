// GitHub's own library signs GitHub's own example payloads; they go through
// the real node to the stand-in server. What is signed arrives byte for byte;
// one flipped bit and it does not arrive at all.

import { sign } from "@octokit/webhooks-methods";
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse_metrics } from "./support/metrics.mjs";
import { delicate_payloads, github_payloads } from "./support/payloads.mjs";
import { free_port, start } from "./support/processes.mjs";
import { elements, members } from "./support/raw_json.mjs";

const secret = randomBytes(24).toString("hex");
const folder = mkdtempSync(join(tmpdir(), "mfo-interop-"));

const genuine = [
  ...github_payloads(),
  ...Object.entries(delicate_payloads).map(([event, text]) => (
    { host: "delicate", event, body: Buffer.from(text) })),
].map((delivery) => ({ ...delivery, id: randomUUID() }));

const tampered = genuine.map((delivery, index) => (
  { ...delivery, id: randomUUID(), sent: flip_a_bit(delivery.body, index) }));

let server, node, urls;
let arrived; // event id → {headers, body} as recorded by the server

before(async () => {
  const [webhook, admin, upstream] = await Promise.all(
    [free_port(), free_port(), free_port()]);
  urls = {
    webhook: `http://127.0.0.1:${webhook}/webhook`,
    admin: `http://127.0.0.1:${admin}`,
    server: `http://127.0.0.1:${upstream}`,
  };
  server = start(["dev-server", "--listen", `127.0.0.1:${upstream}`]);
  await server.ready(`${urls.server}/info`);
  node = start(["run", "--config", write_config(webhook, admin)],
    { WEBHOOK_SECRET: secret });
  await node.ready(`${urls.admin}/health/ready`);

  await for_each([...genuine, ...tampered], 8, async (delivery) => {
    delivery.answer = await send(delivery);
  });
  arrived = await read_arrived();
});

after(async () => {
  await node?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

describe("a payload that GitHub's library signed", () => {
  for (const [name, deliveries] of by_event(genuine))
    test(`is accepted and arrives byte for byte: ${name}`, () => {
      for (const { answer, body } of deliveries) {
        assert.equal(answer.status, 202, answer.text);
        const event = arrived.get(JSON.parse(answer.text).event_id);
        assert.ok(event, "the answer's event_id is at the server");
        assert.deepEqual(event.get("payload"), body);
      }
    });
});

describe("a payload with one bit flipped", () => {
  for (const [name, deliveries] of by_event(tampered))
    test(`is refused without a hint: ${name}`, () => {
      for (const { answer, signature } of deliveries) {
        assert.equal(answer.status, 401, answer.text);
        assert.ok(!answer.text.includes(signature.replace("sha256=", "")));
      }
    });

  test("never arrives", () => {
    assert.equal(arrived.size, genuine.length);
  });
});

test("every event is accounted for in the node's counters", async () => {
  const metrics = parse_metrics(
    await (await fetch(`${urls.admin}/metrics`)).text());
  const counts = {
    received: metrics("mfo_events_received_total"),
    delivered: metrics("mfo_events_delivered_total"),
    refused: metrics("mfo_events_refused_total"),
    dead_lettered: metrics("mfo_events_dead_lettered_total"),
    in_flight: metrics("mfo_events_in_flight"),
  };
  assert.deepEqual(counts, {
    received: genuine.length + tampered.length,
    delivered: genuine.length,
    refused: tampered.length,
    dead_lettered: 0,
    in_flight: 0,
  });
});

test("the node stops cleanly when it is told to", async () => {
  assert.equal(await node.stop(), 0);
});

function write_config(webhook, admin) {
  const file = join(folder, "node.yaml");
  writeFileSync(file, `
listen: 127.0.0.1:${webhook}
admin_listen: 127.0.0.1:${admin}
server_url: ${urls.server}
endpoints:
  - id: github
    path: /webhook
    delivery_id_header: X-GitHub-Delivery
    signature:
      scheme: github
      secrets: ["\${WEBHOOK_SECRET}"]
`);
  return file;
}

/** Signs `body`, and sends it, or `sent` in its place, the way GitHub does. */
async function send(delivery) {
  const { event, body, sent = body, id } = delivery;
  delivery.signature = await sign(secret, body.toString());
  const response = await fetch(urls.webhook, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "GitHub-Hookshot/044aadd",
      "X-GitHub-Delivery": id,
      "X-GitHub-Event": event,
      "X-Hub-Signature-256": delivery.signature,
    },
    body: sent,
  });
  return { status: response.status, text: await response.text() };
}

/** What the server recorded: event id → members of the event, as bytes. */
async function read_arrived() {
  const response = await fetch(`${urls.server}/__control/events`);
  const record = Buffer.from(await response.arrayBuffer());
  return new Map(elements(record).map((entry) => {
    const event = members(members(entry).get("body"));
    return [JSON.parse(event.get("id")), event];
  }));
}

/** A copy with one bit flipped, somewhere else for each `index`. */
function flip_a_bit(body, index) {
  const copy = Buffer.from(body);
  copy[(index * 7919) % copy.length] ^= 1 << (index % 8);
  return copy;
}

/** [host and event, deliveries] */
function by_event(deliveries) {
  const groups = new Map();
  for (const delivery of deliveries) {
    const name = `${delivery.host} ${delivery.event}`;
    groups.set(name, [...(groups.get(name) ?? []), delivery]);
  }
  return groups;
}

/** Calls `work` for each item, `width` at a time. */
async function for_each(items, width, work) {
  const queue = items.values();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const item of queue) await work(item);
  }));
}
