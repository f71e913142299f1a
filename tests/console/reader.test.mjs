// Who reads it: by keys and by ear, with a clock that is wrong, in another time zone, for
// a day, and where there is very much to see.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open_browser, open_page } from "./support/browser.mjs";
import { set_stage } from "./support/stage.mjs";

const views = ["overview", "events", "endpoints", "taskflows", "dead-letters", "questions",
  "cluster", "configuration"];
const hour = 3_600_000;
const hostile = '<img src=x onerror="alert(1)">';

let stage, browser, page;

before(async () => {
  stage = await set_stage();
  browser = await open_browser();
  await stage.send("orders", {}, { forged: true });
});

afterEach(async () => {
  page.well_behaved();
  await page.context().close();
});

after(async () => {
  await browser?.close();
  assert.equal(await stage?.stop(), 0);
});

async function open(where = "", how = {}) {
  page = await open_page(browser, `${stage.admin}/${where}`, how);
  await page.locator("#live", { hasText: /^live$/ }).waitFor();
  return page;
}

const enter = async (view) => {
  await page.go(`#/${view}`);
  await page.locator("main .card, main .empty, main table").first().waitFor();
};

test("Tab goes through the page as it is read, beginning with a way past its head", async () => {
  await open();
  await page.sees("What it depends on");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const met = [];
  for (let i = 0; i < 30 && met.at(-1) !== "main"; ++i) {
    await page.keyboard.press("Tab");
    met.push(await page.evaluate(() =>
      document.activeElement.closest("#brand, #search, #tools, #nav, #main")?.id));
  }
  assert.deepEqual([...new Set(met)], ["brand", "search", "tools", "nav", "main"]);
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

test("every control has a name, every landmark is told from the others", async () => {
  await open();
  for (const view of views) {
    await enter(view);
    const nameless = await page.evaluate(() => [...document.querySelectorAll(
      "a[href], button, input, select, textarea, [role=img], nav, [role=search], meter")]
      .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() ||
        one.labels?.length || one.id === "search")).map((one) => one.outerHTML));
    assert.deepEqual(nameless, [], view);
    const marks = await page.evaluate(() => [...document.querySelectorAll("nav, [role=search]")]
      .map((one) => `${one.getAttribute("role")} ${one.getAttribute("aria-label")}`));
    assert.equal(new Set(marks).size, marks.length, view);
    assert.equal(await page.locator("main h1").count(), 1, view);
    assert.equal(await page.locator("[tabindex]").evaluateAll((all) =>
      all.filter((one) => one.tabIndex > 0).length), 0, view);
  }
});

test("a browser whose clock is wrong shows the node's times, and says that they differ", async () => {
  await open("", { before: (one) => one.addInitScript((off) => {
    const real = Date.now;
    Date.now = () => real() + off;
  }, 3 * hour) });
  await page.locator(".problem-list", { hasText: "clocks differ" }).waitFor();
  await page.sees("the node's is 3 h behind this browser's");
  await page.locator("#failing tr", { hasText: "bad_signature" }).waitFor();
  assert.match(await page.locator("#failing tr", { hasText: "bad_signature" }).innerText(),
    /\d+ (s|min( \d+ s)?) ago/);
});

test("times are those of the browser's zone, or UTC", async () => {
  await open("#/events", { zone: "Asia/Kolkata" });
  const cell = page.locator("tbody tr time").first();
  await cell.waitFor();
  const at = await cell.getAttribute("datetime");
  const of_day = (ms) => new Date(ms).toISOString().slice(11, 19);
  assert.ok((await cell.innerText()).endsWith(of_day(Date.parse(at) + 5.5 * hour)));
  await page.keyboard.press("u");
  await page.getByText(of_day(Date.parse(at)), { exact: true }).first().waitFor();
});

test("a tab that nobody has looked at yet takes no stream from others", async () => {
  let streams = 0;
  page = await open_page(browser, stage.admin, { before: async (one) => {
    one.on("request", (request) => { if (request.url().endsWith("/stream")) ++streams; });
    await one.addInitScript(() => Object.defineProperty(Document.prototype, "hidden",
      { configurable: true, get: () => window.away ?? true }));
  } });
  await page.locator("#live", { hasText: "connecting" }).waitFor();
  assert.equal(streams, 0);
  await page.evaluate(() => {
    window.away = false;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator("#live", { hasText: /^live$/ }).waitFor();
  assert.equal(streams, 1);
});

test("one page has no more connections than a browser opens to one place", async () => {
  await stage.door.nobody();
  await open();
  for (const view of ["events", "taskflows", "overview"]) await enter(view);
  await page.reload();
  await page.sees("What it depends on");
  // Six; and the test itself may have one.
  assert.ok(stage.door.most() <= 7, `${stage.door.most()} at a time`);
});

const answers = (path, json) => (one) => one.route(path, (route) => route.fulfill({ json }));

test("very many endpoints are shown in parts, and hostile names as they are", async () => {
  const endpoints = Array.from({ length: 3000 }, (_, i) => ({ id: i ? `e${i}` : hostile,
    path: `/hooks/${i}`, signature: "none", ack: "delivered", triggers: [], received: i,
    delivered: i, refused: 0, dead_lettered: 0, in_flight: 0 }));
  await open("#/endpoints", { before: answers("**/api/v1/endpoints", { endpoints }) });
  await page.sees(hostile);
  await page.sees("200 of 3000 are shown.");
  await page.getByRole("button", { name: "More" }).click();
  await page.sees("400 of 3000 are shown.");
  assert.equal(await page.locator("main img").count(), 0);
});

test("a large cluster is told of in a sentence that stays one", async () => {
  const members = Array.from({ length: 200 }, (_, i) => ({ name: i ? `n${i}` : hostile,
    incarnation: 1, address: `10.0.0.${i}:7420`, self: i === 1, linked: i < 100,
    state: i < 100 ? "alive" : "dead", in_flight: 1, max_in_flight: 64, queued: 0,
    roles: ["intake"], labels: { zone: "a" }, open_circuits: [], version: "0.1.0" }));
  await open("#/cluster", { before: answers("**/api/v1/cluster",
    { cluster: "big", members, events_at_peers: 0, events_of_peers: 0 }) });
  await page.sees("big: 100 of 200 members alive; n100 is dead, n101 is dead, n102 is dead, n103 is dead, n104 is dead, n105 is dead and 94 more.");
  await page.sees("175 more are in the table.");
  await page.sees(hostile);
  await page.setViewportSize({ width: 360, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("a certificate that ends soon is told of, a dependency that is down comes first", async () => {
  await open("", { before: answers("**/health", { sources: [], dependencies: [
    { kind: "server", name: "default", up: true, certificate_days_left: 61.25, latency_ms: 1.8 },
    { kind: "server", name: "tickets", up: true, certificate_days_left: 5.5 },
    { kind: "collector", name: "spans", up: false, detail: "connection refused" }] }) });
  await page.locator(".problem-list", { hasText: "certificate of server tickets" }).waitFor();
  const rows = await page.locator("#dependencies tbody tr").allInnerTexts();
  assert.match(rows[0], /spans[^]*collector[^]*down[^]*none yet[^]*connection refused/);
  assert.match(rows[1], /default[^]*up[^]*1\.8 ms[^]*61 days left/);
  assert.match(rows[2], /tickets[^]*5 days left/);
});

test("what cannot be read is said where it would be, and the rest is there", async () => {
  await open("", { before: (one) => one.route(/api\/v1\/(?!overview|stream)/, (route) =>
    route.fulfill({ status: 500, json: { status: 500, detail: "out of order" } })) });
  for (const view of views) {
    await page.go(`#/${view}`);
    await page.locator("main .notice.bad", { hasText: "out of order" }).first().waitFor();
  }
});

test("a page that stays open keeps nothing of what it has shown", async () => {
  await open();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const held = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const rounds = async (n) => {
    for (let i = 0; i < n; ++i) for (const view of views) await enter(view);
  };
  await rounds(2);
  const first = await held();
  await rounds(8);
  const last = await held();
  for (const name of ["Nodes", "JSEventListeners"])
    assert.ok(last[name] < first[name] * 1.5 + 200, `${name}: ${first[name]}, then ${last[name]}`);
  assert.ok(last.JSHeapUsedSize < first.JSHeapUsedSize * 1.5 + 2_000_000,
    `${first.JSHeapUsedSize} bytes, then ${last.JSHeapUsedSize}`);
});
