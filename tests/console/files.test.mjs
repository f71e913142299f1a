// The files of the console: their size, what they may not have, and that they know the
// words that the documentation has.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./support/modules.mjs";

const root = new URL("../../", import.meta.url);
const folder = new URL("http/admin/console/", root);
const text = (url) => readFileSync(url, "utf8");
const served = readdirSync(folder).filter((name) => name !== "README.md");

test("all that is served is less than 200 KB", () => {
  const size = served.reduce((sum, name) => sum + readFileSync(new URL(name, folder)).length, 0);
  assert.ok(size < 200_000, `${size} bytes`);
});

test("nothing reads markup, and nothing is inline", () => {
  const script = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/;
  for (const name of served) {
    const content = text(new URL(name, folder));
    assert.doesNotMatch(content, script, name);
    assert.doesNotMatch(content, /https?:\/\/(?!www\.w3\.org\/|html\.spec|THAT-NODE|\$)/, name);
  }
  const page = text(new URL("index.html", folder));
  assert.doesNotMatch(page, /<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
});

test("every module is short, and described in the README", () => {
  const readme = text(new URL("README.md", folder));
  for (const name of served.filter((each) => each.endsWith(".js"))) {
    assert.ok(text(new URL(name, folder)).split("\n").length <= 300, name);
    assert.ok(name.startsWith("view_") || readme.includes(`\`${name}\``), name);
  }
});

test("every reason of a refusal is explained", async () => {
  const { reasons } = await load("reasons.js");
  const rows = text(new URL("docs/reference/metrics.md", root))
    .split("## Reasons of a refusal")[1].matchAll(/^\| `(\w+)` \|/gm);
  assert.deepEqual([...reasons].sort(), [...rows].map(([, word]) => word).sort());
});

test("all that the console asks is in the OpenAPI document", () => {
  const { paths } = JSON.parse(text(new URL("http/admin/openapi.json", root)));
  const known = Object.entries(paths).map(([path, item]) => [
    new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`), item]);
  const asks = /\b(get|post|put|watch|open_stream)\(\s*(?:"(\/[^"]*)"|`(\/(?:[^`$]|\$\{[^`]*?\})*))/g;
  const asked = served.flatMap((name) => [...text(new URL(name, folder)).matchAll(asks)]);
  assert.ok(asked.length >= 25, `${asked.length} places`);
  for (const [, by, whole, parts] of asked) {
    const path = whole ?? parts.replace(/\$\{seg\([^}]*\}/g, "x").replace(/\$\{.*$/s, "");
    const method = ["post", "put"].includes(by) ? by : "get";
    assert.ok(known.some(([pattern, item]) => pattern.test(path) && method in item),
      `${method} ${path}`);
  }
});

test("colours of texts keep a contrast of 4.5 in both themes", () => {
  const style = text(new URL("style.css", folder));
  const themes = [...style.matchAll(/color-scheme: (light|dark);([^}]*)\}/g)];
  assert.equal(themes.length, 3);
  for (const [, theme, block] of themes) {
    const colour = Object.fromEntries([...block.matchAll(/--([\w-]+): (#\w+)/g)]
      .map(([, name, value]) => [name, value]));
    const pairs = [...["page", "card", "sunk"].flatMap((ground) =>
      ["text", "muted", "accent"].map((name) => [name, ground])),
    ...["ok", "warn", "bad", "busy"].flatMap((name) => [[name, `${name}-soft`], [name, "card"]]),
    ["muted", "quiet-soft"], ["text", "accent-soft"], ["on-accent", "accent"],
    ["on-accent", "bad-fill"], ["violet", "page"]];
    for (const [name, ground] of pairs)
      assert.ok(contrast(colour[name], colour[ground]) >= 4.5, `${theme}: ${name} on ${ground}: ${
        contrast(colour[name], colour[ground]).toFixed(2)}`);
  }
});

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a, b) {
  const light = (hex) => {
    const long = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
    const [r, g, blue] = [1, 3, 5].map((at) => parseInt(long.slice(at, at + 2), 16) / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [more, less] = [light(a), light(b)].sort((x, y) => y - x);
  return (more + 0.05) / (less + 0.05);
}
