// Who may look, what becomes of hostile texts, what is shown of a node that is gone,
// and keys.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { open_browser, open_page } from "./support/browser.mjs";
import { set_stage } from "./support/stage.mjs";

const token = randomBytes(16).toString("hex");
const hostile = '<img src=x onerror="alert(1)">';

let stage, browser, page;

before(async () => {
  stage = await set_stage({ name: "guarded", more: `admin: {token: ${token}}\n` });
  browser = await open_browser();
  page = await open_page(browser, stage.admin);
});

afterEach(() => page.well_behaved());

after(async () => {
  await browser?.close();
  assert.equal(await stage?.stop(), 0);
});

const dialog = () => page.locator("dialog[open]");
const focused = () => page.evaluate(() => document.activeElement.id);

test("the token is asked for, again where it is wrong, and kept for the tab alone", async () => {
  await dialog().getByText("This node wants a token").waitFor();
  await page.keyboard.press("Escape");
  await page.sees("Not live");
  await page.getByRole("button", { name: "Give a token" }).click();
  await dialog().getByLabel("Token").fill("пароль");
  await page.keyboard.press("Enter");
  await dialog().getByText("no letters beyond ASCII").waitFor();
  await dialog().getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await dialog().getByText("The node did not take the last one.").waitFor();
  await dialog().getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.sees("guarded is healthy.");
  await page.reload();
  await page.sees("guarded is healthy.");
  assert.equal(await dialog().count(), 0);
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes(token));
  assert.ok(!page.url().includes(token));
  const other = await open_page(browser, stage.admin);
  await other.sees("This node wants a token");
  await other.context().close();
});

test("what senders write is shown as it was written", async () => {
  const { id } = await stage.send("orders", {}, { headers: { "X-Event": hostile } });
  await stage.send("refunds", { amount: hostile });
  await page.go("#/questions");
  await page.sees(`Refund ${hostile} EUR?`);
  await page.getByLabel("no").check();
  await page.getByRole("button", { name: "Answer" }).click();
  await page.sees("Nobody is asked anything.");
  await page.go(`#/events/${id}`);
  await page.locator(".timeline li").first().waitFor();
  await page.go("#/events");
  await page.locator(`tr[data-key^="${id}"]`).waitFor();
  const path = encodeURIComponent(hostile);
  await page.go(`#/events/${path}`);
  await page.sees(hostile);
  await page.go(`#/events?q=${path}&endpoint=${path}`);
  await page.sees("No event of the last is like that.");
  await page.go(`#/events?reason=${path}`);
  await page.sees("No list of events:");
  await page.go(`#/taskflows/${path}/${path}`);
  await page.sees("There is no such taskflow.");
  assert.equal(await page.locator("main img").count(), 0);
});

test("all of it can be done by keys", async () => {
  await page.go("#/overview");
  await page.locator("main .status").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  // Not the overview's rows, which are there until the events come.
  await page.getByRole("table", { name: "Events, newest first" })
    .locator("[data-row]").first().waitFor();
  const row = () => page.evaluate(() =>
    [...document.querySelectorAll("[data-row]")].indexOf(document.activeElement));
  await page.keyboard.press("j");
  assert.equal(await row(), 0);
  await page.keyboard.press("ArrowDown");
  assert.equal(await row(), 1);
  await page.keyboard.press("Home");
  assert.equal(await row(), 0);
  assert.notEqual(await page.evaluate(() =>
    getComputedStyle(document.activeElement).outlineStyle), "none");
  await page.keyboard.press("Enter");
  await page.locator(".timeline").first().waitFor();
  await page.keyboard.press("?");
  await dialog().getByText("Dead letters").waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await page.keyboard.press("/");
  assert.equal(await focused(), "q");
  // Keys are letters there.
  await page.keyboard.type("gc?");
  assert.equal(await page.locator("#q").inputValue(), "gc?");
  await page.keyboard.press("Escape");
  for (const [key, view] of [["o", "overview"], ["n", "endpoints"], ["t", "taskflows"],
    ["d", "dead-letters"], ["q", "questions"], ["c", "cluster"], ["s", "configuration"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(`**/#/${view}`);
  }
});

test("light, dark and the time zone are the reader's to choose, and stay", async () => {
  const dark = () => page.evaluate(() =>
    getComputedStyle(document.documentElement).colorScheme);
  assert.equal(await dark(), "light");
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  assert.equal(await dark(), "dark");
  await page.reload();
  await page.getByRole("button", { name: "Theme: dark" }).click();
  assert.equal(await dark(), "light");
  await page.keyboard.press("u");
  await page.getByRole("button", { name: "Times are UTC" }).waitFor();
});

test("what was cut off is live again by itself, and shows what came meanwhile", async () => {
  await page.go("#/events");
  await page.getByRole("table", { name: "Events, newest first" }).waitFor();
  stage.door.shut();
  await page.locator("#banner", { hasText: "The node does not answer" }).waitFor();
  const { id } = await stage.send("orders", {});
  stage.door.open();
  await page.locator("#live", { hasText: /^live$/ }).waitFor();
  await page.locator("#banner", { hasText: /^$/ }).waitFor({ state: "attached" });
  await page.locator(`tr[data-key^="${id}"]`).waitFor();
});

test("when the node is gone, what is there stays and is said to be old", async () => {
  await page.go("#/overview");
  await page.sees("guarded is healthy.");
  assert.equal(await stage.node_down(), 0);
  await page.locator("#banner", { hasText: "The node does not answer. What is here is of" })
    .waitFor();
  await page.locator("#live", { hasText: "not live since" }).waitFor();
  await page.locator("body.stale .tile").first().waitFor();
  await page.sees("guarded is not heard of.");
  assert.match(await page.locator(".tile").first().innerText(), /in all/);
});
