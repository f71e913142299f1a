// Two nodes of a cluster, seen from one of them.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open_browser, open_page } from "./support/browser.mjs";
import { set_stage } from "./support/stage.mjs";

const stages = [];
let browser, page;

/** A loopback address of this process alone: its ports are nobody else's. */
const here = [127, 64 + (process.pid >> 16), process.pid >> 8 & 255, process.pid & 255].join(".");
const ports = [7420, 7421];

before(async () => {
  for (const [i, name] of ["north", "south"].entries())
    stages.push(await set_stage({ name, more: `cluster:
  name: shop
  listen: ${here}:${ports[i]}
  seeds: [${ports.map((port) => `"${here}:${port}"`).join(", ")}]
  labels: {region: ${name}}
  tls: off
` }));
  browser = await open_browser();
  page = await open_page(browser, `${stages[0].admin}/#/cluster`);
});

afterEach(() => page.well_behaved());

after(async () => {
  await browser?.close();
  for (const stage of stages) assert.equal(await stage.stop(), 0);
});

const south = () => page.locator("tbody tr", { hasText: "south" });

test("the members are shown with their roles, labels and links", async () => {
  await page.sees("shop: 2 of 2 members alive.");
  await south().getByText("region=south").waitFor();
  await south().getByText("connector").waitFor();
  await south().getByText("up", { exact: true }).waitFor();
  await page.getByRole("img", { name: "south linked" }).waitFor();
  await page.picture("cluster");
});

test("a peer is among what the node depends on", async () => {
  await page.go("#/overview");
  const peer = page.locator('#dependencies tr[data-key="peer south"]');
  await peer.getByText("up", { exact: true }).waitFor();
  await peer.getByText(/^\d.* ago$/).waitFor();
  await page.go("#/cluster");
});

test("a node is drained once it was asked whether it should be", async () => {
  await page.getByRole("button", { name: "Drain south…" }).click();
  await page.sees("south takes no more work");
  await page.locator("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Drain south…" }).click();
  await page.locator("dialog").getByRole("button", { name: "Drain south" }).click();
  await page.sees("south was asked to drain.");
  await south().getByText("draining").waitFor();
});

test("one that has left is no longer among the living", async () => {
  assert.equal(await stages[1].node_down(), 0);
  await page.sees("shop: 1 of");
});
