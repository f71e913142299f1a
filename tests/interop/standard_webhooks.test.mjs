// The library of the Standard Webhooks specification signs; the real node
// verifies.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { set_stage } from "./support/stage.mjs";

const secret = `whsec_${randomBytes(24).toString("base64")}`;
const old_secret = `whsec_${randomBytes(24).toString("base64")}`;
const body = '{"test": 2432232314, "text": "é 😀"}';

let stage;

before(async () => {
  stage = await set_stage(`
  - id: standard
    path: /standard
    signature:
      scheme: standard-webhooks
      secrets: ["\${NEW_SECRET}", "\${OLD_SECRET}"]
`, { NEW_SECRET: secret, OLD_SECRET: old_secret });
});

after(async () => {
  assert.equal(await stage.stop(), 0);
});

async function send({
  key = secret, id = `msg_${randomUUID()}`, at = new Date(), sent = body,
  names = "webhook", signature = new Webhook(key).sign(id, at, body),
}) {
  const response = await fetch(stage.url("/standard"), {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      [`${names}-id`]: id,
      [`${names}-timestamp`]: `${Math.floor(at.getTime() / 1000)}`,
      [`${names}-signature`]: signature,
    },
    body: sent,
  });
  return { status: response.status, answer: await response.json() };
}

const seconds_ago = (seconds) => new Date(Date.now() - seconds * 1000);

describe("what the library signed", () => {
  test("is accepted and arrives", async () => {
    const { status, answer } = await send({});
    assert.equal(status, 202);
    const event = (await stage.arrived()).find(({ id }) => id === answer.event_id);
    assert.deepEqual(event.payload, JSON.parse(body));
  });

  test("is accepted under the names that svix gives the fields", async () => {
    assert.equal((await send({ names: "svix" })).status, 202);
  });

  test("is accepted by the old secret while it is changed", async () => {
    assert.equal((await send({ key: old_secret })).status, 202);
  });

  test("is a duplicate the second time", async () => {
    const id = `msg_${randomUUID()}`;
    const first = await send({ id });
    const again = await send({ id });
    assert.equal(again.status, 200);
    assert.deepEqual(again.answer,
      { event_id: first.answer.event_id, status: "duplicate" });
  });
});

describe("what the library did not sign", () => {
  for (const [what, request] of Object.entries({
    "another body": { sent: body.replace("2432232314", "2432232315") },
    "another secret": { key: `whsec_${randomBytes(24).toString("base64")}` },
    "too long ago": { at: seconds_ago(310) },
    "too far in the future": { at: seconds_ago(-310) },
    "no signature": { signature: "" },
    "another version": { signature: "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
  }))
    test(`is refused: ${what}`, async () => {
      const { status, answer } = await send(request);
      assert.equal(status, 401);
      assert.equal(answer.type, "urn:mfo:problem:bad_signature");
    });
});
