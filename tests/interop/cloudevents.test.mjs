// The SDK of CloudEvents makes the requests; the real node takes the events in.

import assert from "node:assert/strict";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { CloudEvent, HTTP } from "cloudevents";
import { set_stage } from "./support/stage.mjs";

const secret = randomBytes(24).toString("hex");

let stage;

before(async () => {
  stage = await set_stage(`
  - id: events
    path: /events
    signature: {secret: "\${WEBHOOK_SECRET}"}
    formats: [json, cloudevents, cloudevents-batch]
    cloudevents: {allowed_origins: [sdk.example.com]}
`, { WEBHOOK_SECRET: secret });
});

after(async () => {
  assert.equal(await stage.stop(), 0);
});

const make_event = (data) => new CloudEvent({
  id: randomUUID(),
  source: "/shop/%C3%A9",
  type: "com.example.sold",
  subject: "a b%20c",
  datacontenttype: "application/json",
  comexampleextension: "text with \"quotes\" and €",
  data,
});

async function send({ headers, body }) {
  const response = await fetch(stage.url("/events"), {
    method: "POST",
    headers: {
      ...headers,
      "X-Signature": createHmac("sha256", secret).update(body).digest("hex"),
    },
    body,
  });
  return { status: response.status, answer: await response.json() };
}

/** What the server got for an event of ours. */
async function arrived(event) {
  const all = await stage.arrived();
  return all.find(({ metadata }) => metadata.cloud_event?.id === event.id);
}

function expect_same(got, event) {
  assert.equal(got.type, event.type);
  assert.equal(got.source, event.source);
  assert.deepEqual(got.payload, event.data);
  const { data, ...attributes } = event.toJSON();
  assert.equal(got.metadata.cloud_event.subject, attributes.subject);
  assert.equal(got.metadata.cloud_event.comexampleextension,
    attributes.comexampleextension);
  assert.equal(got.metadata.cloud_event.time, attributes.time);
}

test("an event in structured mode arrives with all its attributes", async () => {
  const event = make_event({ amount: 7 });
  assert.equal((await send(HTTP.structured(event))).status, 202);
  expect_same(await arrived(event), event);
});

test("an event in binary mode arrives with all its attributes", async () => {
  const event = make_event({ amount: 8 });
  const message = HTTP.binary(event);
  // The SDK leaves the encoding of fields to its user.
  for (const [name, value] of Object.entries(message.headers))
    if (name.startsWith("ce-"))
      message.headers[name] = encodeURIComponent(value);
  assert.equal((await send(message)).status, 202);
  expect_same(await arrived(event), event);
});

test("the events of a batch arrive, each by itself", async () => {
  const events = [make_event({ n: 1 }), make_event([2]), make_event("3")];
  const message = {
    headers: { "Content-Type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events),
  };
  assert.equal((await send(message)).status, 202);
  for (const event of events)
    expect_same(await arrived(event), event);
  assert.equal((await send(message)).status, 200, "all of it is a duplicate");
});

test("a batch with one event that is none is refused whole", async () => {
  const event = make_event({});
  const { status } = await send({
    headers: { "Content-Type": "application/cloudevents-batch+json" },
    body: JSON.stringify([event, { specversion: "1.0" }]),
  });
  assert.equal(status, 400);
  assert.equal(await arrived(event), undefined);
});

test("a sender that asks by OPTIONS is told that it may send", async () => {
  const response = await fetch(stage.url("/events"), {
    method: "OPTIONS",
    headers: { "WebHook-Request-Origin": "sdk.example.com" },
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("webhook-allowed-origin"),
    "sdk.example.com");
});
