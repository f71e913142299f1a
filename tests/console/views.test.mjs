// Each view, clicked through before a real node: from a node that has seen nothing to
// one whose server was away and is back.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { open_browser, open_page } from "./support/browser.mjs";
import { fill_history } from "./support/pictures.mjs";
import { set_stage } from "./support/stage.mjs";

const views = ["overview", "events", "endpoints", "taskflows", "dead-letters", "questions",
  "cluster", "configuration"];

let stage, browser, page;

before(async () => {
  stage = await set_stage();
  browser = await open_browser();
  page = await open_page(browser, stage.admin);
});

afterEach(() => page.well_behaved());

after(async () => {
  await browser?.close();
  assert.equal(await stage?.stop(), 0);
});

const named = (role, name) => page.getByRole(role, { name });
const task = (id, kind) => page.locator(`[data-task="${id}"].${kind}`);
const yes = (verb) => page.locator("dialog").getByRole("button", { name: verb, exact: true });

async function until(what) {
  const deadline = Date.now() + 30_000;
  while (!(await what())) {
    assert.ok(Date.now() < deadline, `not so after 30 s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a node that has seen nothing says so, and what to do", async () => {
  await page.sees("shop-1 is healthy.");
  await page.sees("No event has come yet.");
  await page.locator("#live", { hasText: /^live$/ }).waitFor();
  await page.go("#/events");
  await page.sees("No event has come yet.");
  await page.go("#/dead-letters");
  await page.sees("There are none.");
  await page.go("#/questions");
  await page.sees("Nobody is asked anything.");
  await page.go("#/cluster");
  await page.sees("This node is alone.");
  await page.go("#/nowhere");
  await page.sees("shop-1 is healthy.");
});

test("an event is in the list as it ends, without asking again", async () => {
  await page.go("#/events");
  const { id } = await stage.send("orders", { order: 1 });
  const row = page.locator(`tr[data-key^="${id}"]`);
  await row.getByText("delivered").waitFor();
  await row.getByText("order.paid").waitFor();
});

test("the story of an event that arrived has each step, with where and when", async () => {
  const { id } = await stage.send("orders", { order: 2 });
  await page.keyboard.press("/");
  await page.keyboard.type(id);
  await page.keyboard.press("Enter");
  await page.sees("It arrived");
  const steps = page.locator(".timeline li");
  assert.match((await steps.allInnerTexts()).join("\n"),
    /Received whole[^]*Verified[^]*Routed to server default[^]*Delivered/);
  for (const step of await steps.allInnerTexts()) {
    assert.match(step, /\d\d:\d\d:\d\d\.\d{3}/);
    assert.match(step, /shop-1/);
  }
});

test("the story of one that did not says why, whose fault it is and what to do", async () => {
  const { id, status } = await stage.send("orders", { order: 3 }, { forged: true });
  assert.equal(status, 401);
  await page.go(`#/events/${id}`);
  await page.sees("It did not arrive");
  await page.sees("Its sender was told 401.");
  await page.sees("Where to look: the sender's side.");
  await page.sees("Did the sender or this side change the secret");
});

test("an event that nobody knows is told of with where else it may be", async () => {
  const id = "01a20d22-0338-7b5e-9a38-5bb1a5b8d1a4";
  await page.locator("#q").fill(id);
  await page.keyboard.press("Enter");
  await page.sees("This node knows of no such event.");
  await page.sees("Another node of the");
});

test("the list can be narrowed, and says so in its address", async () => {
  await page.go("#/events");
  await page.getByLabel("Outcome", { exact: true }).selectOption("refused");
  await page.locator("tbody tr").first().waitFor();
  await until(async () => (await page.locator("tbody tr").allInnerTexts())
    .every((row) => row.includes("refused")));
  assert.match(page.url(), /outcome=refused/);
  await page.getByLabel("Reason", { exact: true }).selectOption("too_complex");
  await page.sees("No event of the last is like that.");
  await named("button", "Clear").click();
  await page.sees("delivered");
});

test("endpoints show what came, and lead to it", async () => {
  await page.go("#/endpoints");
  const row = page.locator('tr[data-key="orders"]');
  await row.getByText("/hooks/orders").waitFor();
  await until(async () => /order|default/.test(await row.innerText()) &&
    /\b3\b/.test(await row.innerText()));
  await row.getByRole("link", { name: "orders" }).click();
  await page.sees("Events");
  assert.match(page.url(), /#\/events\?endpoint=orders/);
});

test("a taskflow's graph is drawn, and its tasks light up as a run does them", async () => {
  await page.go("#/taskflows");
  await page.sees("refunds/decide");
  await task("book/each/entry", "plain").waitFor();
  await stage.send("refunds", { amount: 250 });
  const run = page.locator("tbody tr", { hasText: "running" }).first();
  await run.waitFor();
  await page.picture("taskflows");
  await run.getByRole("link").first().click();
  await task("amount", "ok").waitFor();
  await task("ask", "busy").waitFor();
  await task("book", "waits").waitFor();
  const address = page.url();
  await page.picture("run");

  await page.go("#/questions");
  await page.sees("Refund 250 EUR?");
  await page.picture("questions");
  await page.getByLabel("yes").check();
  await named("button", "Answer").click();
  await page.sees("The answer was given.");
  await page.sees("Nobody is asked anything.");

  await page.goto(address);
  await page.sees("Ended after");
  await task("book/each/entry", "ok").getByText("entry ×3").waitFor();
  await page.locator('tr[data-key="book/each[2]/entry"]').waitFor();
});

test("a run is started by hand, and cancelled, each after a word", async () => {
  await page.go("#/taskflows/refunds/decide");
  await named("button", "Start a run…").click();
  await page.getByLabel("Input").fill("{");
  await yes("Start it").click();
  await page.sees("This is not JSON");
  await page.getByLabel("Input").fill('{"amount": 400}');
  await yes("Start it").click();
  await task("ask", "busy").waitFor();
  const motion = () => task("ask", "busy").locator("> rect").evaluate((box) =>
    getComputedStyle(box).animationName);
  assert.equal(await motion(), "none");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.equal(await motion(), "pulse");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await named("button", "Cancel this run…").click();
  await page.sees("ends as soon as it can");
  await yes("Cancel").click();
  await task("ask", "busy").waitFor();
  await named("button", "Cancel this run…").click();
  await yes("Cancel the run").click();
  await page.locator(".sentence", { hasText: "cancelled" }).waitFor();
});

test("each server and sink is shown: up, its last success, and how long it took", async () => {
  await page.go("#/overview");
  for (const key of ["server default", "sink disk"]) {
    const row = page.locator(`#dependencies tr[data-key="${key}"]`);
    await row.getByText("up", { exact: true }).waitFor();
    await row.getByText(/^\d.* ago$/).waitFor();
    await row.getByText(/^[\d.]+ ms$/).waitFor();
  }
});

test("an outage is told of: what fails, since when, and which circuit is open", async () => {
  await fill_history(page);
  await page.go("#/overview");
  await page.locator("p.status", { hasText: "shop-1 is" }).waitFor();
  await stage.server_down();
  let last;
  for (let i = 0; i < 6; ++i) last = await stage.send("orders", { order: 10 + i });
  assert.equal(last.status, 503);
  // The history has it once its step of ten seconds is over.
  await page.locator("p.status.bad", { hasText: "degraded since" })
    .waitFor({ timeout: 60_000 });
  await page.locator(".problem-list", { hasText: "server default" }).waitFor();
  await page.locator('.servers [data-key="default"]').getByText("open", { exact: true }).waitFor();
  await page.locator("#failing tr", { hasText: "circuit_open" }).waitFor();
  await page.picture("overview");
  const down = page.locator('#dependencies tr[data-key="server default"]');
  await down.getByText("down", { exact: true }).waitFor();
  await page.picture("failing", "#dependencies, #failing");
  await page.go(`#/events/${last.id}`);
  await page.sees("The server failed too often");
  await page.locator(".timeline li", { hasText: "Not sent to default: its circuit is open" })
    .waitFor();
  await page.picture("event");
});

test("the numbers of now are rates, success, the time to the answer, and what is in flight", async () => {
  await page.go("#/overview");
  const tile = (name) => page.locator(".tile", { has: named("heading", name) });
  await tile("Received").getByText(/\/s/).waitFor();
  await tile("Success").getByText(/^[\d.]+ %$/).waitFor({ timeout: 60_000 });
  await tile("Answer, p95").getByText(/^[\d.]+ m?s$/).waitFor();
  await tile("Answer, p95").getByText(/^p50 [\d.]+.* · p99 [\d.]+ m?s$/).waitFor();
  await tile("In flight").getByText(/run/).waitFor();
});

test("a dead letter is replayed once it was asked whether it should be", async () => {
  const { id, status } = await stage.send("late", { invoice: 7 });
  assert.equal(status, 202);
  await page.go(`#/events/${id}`);
  await page.sees("it is a dead letter");
  await page.go("#/dead-letters");
  const choose = page.getByLabel(`Choose ${id}`);
  await choose.check();
  await page.picture("dead-letters");
  await stage.server_up();
  await named("button", "Replay 1…").click();
  await page.sees("A letter is gone from its sink once it was delivered");
  await page.picture("replay");
  await yes("Cancel").click();
  await choose.waitFor();
  await named("button", "Replay 1…").click();
  await yes("Replay 1").click();
  await page.sees("1 delivered, 0 not.");
  await choose.waitFor({ state: "detached" });
});

test("a server that is back has its circuit closed, as events show that it is", async () => {
  await page.go("#/overview");
  await until(async () => (await stage.send("orders", {})).status === 202);
  await until(async () => (await stage.send("orders", {})).status === 202);
  await page.locator('.servers [data-key="default"]').getByText("closed", { exact: true })
    .waitFor();
  await page.go("#/endpoints");
  await page.locator('tr[data-key="orders"] .bad-text').waitFor();
  await page.picture("endpoints");
  await page.go("#/events");
  await page.locator("tbody tr").nth(9).waitFor();
  await page.picture("events");
});

test("the configuration is shown without secrets, and read again after a word", async () => {
  await page.go("#/configuration");
  await page.locator(".yaml .y-key", { hasText: "breaker" }).first().waitFor();
  assert.match(await page.locator(".yaml").innerText(), /secrets?: .*\*\*\*/);
  writeFileSync(stage.file, `${stage.configuration}no_such_key: 1\n`);
  await named("button", "Read it again…").click();
  await page.sees("no event is lost or refused by it");
  await yes("Read it again").click();
  await page.locator(".config-problems", { hasText: "node.yaml:" })
    .filter({ hasText: "no_such_key" }).waitFor();
  await page.sees("a restart would fail");
  await page.picture("configuration");
  writeFileSync(stage.file, stage.configuration.replace("keep: 1", "keep: 2"));
  await named("button", "Read it again…").click();
  await yes("Read it again").click();
  await page.sees("is what was read last.");
});

test("the log level is changed after a word, and shown as it is", async () => {
  await page.getByLabel("The log has").selectOption("debug");
  await yes("Cancel").click();
  await until(async () => await page.getByLabel("The log has").inputValue() === "info");
  await page.getByLabel("The log has").selectOption("warn");
  await yes("Log at warn").click();
  await page.sees("The log level is warn.");
});

test("no view is wider than a small screen, or one enlarged twice, nor without a heading", async () => {
  for (const width of [360, 640, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    for (const view of views) {
      await page.go(`#/${view}`);
      await page.locator("main h1").waitFor({ state: "attached" });
      await page.locator("main .card, main .empty, main table").first().waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${view} at ${width}`);
      // There each cell has its label at its left.
      assert.ok(width > 760 || await page.locator("tbody td").evaluateAll((all) =>
        all.every((one) => parseFloat(getComputedStyle(one).paddingLeft) > 100)),
      `${view} at ${width}: a label is under its value`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});
