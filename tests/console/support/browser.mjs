// Chromium, and pages that remember what they should not have done.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
const pictures = process.env.MFO_PICTURES;
const files = new URL("../../../http/admin/console/", import.meta.url);
const from_checkout = process.env.MFO_CONSOLE === "checkout";
const media_types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript",
  ".svg": "image/svg+xml" };

export async function open_browser() {
  assert.ok(existsSync(program), `no ${program}: install Debian's package chromium`);
  return chromium.launch({
    executablePath: program,
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
}

/** The files as they are here; their policy as the node has it. */
async function serve_files(context, origin) {
  const fields = Object.fromEntries((await fetch(`${origin}/`)).headers);
  for (const name of ["content-length", "etag", "connection"]) delete fields[name];
  await context.route((url) => url.origin === origin &&
    (url.pathname === "/" || url.pathname.startsWith("/console/")), (route) => {
    const name = new URL(route.request().url()).pathname.slice("/console/".length) || "index.html";
    return route.fulfill({ body: readFileSync(new URL(name, files)), headers: { ...fields,
      "content-type": `${media_types[extname(name)]}; charset=utf-8` } });
  });
}

/**
 * A page of `url`, with a context of its own, after `before(page)`. `well_behaved()` fails where the page
 * broke the policy, failed, or asked another host.
 */
export async function open_page(browser, url, { width = 1280, height = 800, zone = "UTC",
  before = () => {} } = {}) {
  const context = await browser.newContext({ viewport: { width, height },
    timezoneId: zone, locale: "en", reducedMotion: "reduce", colorScheme: "light" });
  const page = await context.newPage();
  const faults = [], origin = new URL(url).origin;
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => faults.push(error.stack));
  page.on("dialog", (dialog) => { faults.push(`alert: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    // What the node refused, or that it is gone, is for the page to show.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin: of } = new URL(request.url());
    if (of !== origin && !["data:", "blob:"].includes(protocol))
      faults.push(`asked ${request.url()}`);
  });
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) =>
    console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`)));
  if (from_checkout) await serve_files(context, origin);
  await before(page);
  await page.goto(url);
  return Object.assign(page, {
    well_behaved() { assert.deepEqual(faults, []); },
    /** Goes to a view by its address. */
    async go(hash) { await page.evaluate((to) => { location.hash = to; }, hash); },
    /** Waits until it is to be seen. */
    async sees(text) {
      await page.getByText(text).filter({ visible: true }).first().waitFor();
    },
    /** Where MFO_PICTURES names a folder: as it looks now, light and dark, without
     *  what is empty below; or those elements `of` it. */
    async picture(name, of) {
      if (!pictures) return;
      mkdirSync(pictures, { recursive: true });
      await page.locator("#toast.shown").waitFor({ state: "detached" });
      await page.mouse.move(0, 0);
      const clip = await page.evaluate(([some, most]) => {
        const boxes = [...document.querySelectorAll(some ?? "#main > *, #nav li")].map((one) =>
          one.getBoundingClientRect());
        const top = some ? Math.min(...boxes.map((box) => box.top)) + scrollY - 10 : 0;
        const end = Math.max(...boxes.map((box) => box.bottom)) + (some ? scrollY + 10 : 24);
        const left = some ? boxes[0].left - 10 : 0;
        return { x: left, y: top, width: innerWidth - left, height: some ? end - top
          : document.querySelector("dialog[open]") ? most : Math.min(most, end) };
      }, [of, height]);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.screenshot({ path: join(pictures,
          `console-${name}${scheme === "dark" ? "-dark" : ""}.png`),
        clip, fullPage: of !== undefined });
      }
      await page.emulateMedia({ colorScheme: "light" });
    },
  });
}
