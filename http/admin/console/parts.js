// What views are made of: badges, ids, notices, empty states.

import { h } from "./dom.js";
import { count } from "./format.js";
import { icon } from "./icons.js";
import { to } from "./router.js";

const outcomes = {
  in_flight: ["busy", "in flight"],
  delivered: ["ok", "delivered"],
  refused: ["bad", "refused"],
  dead_lettered: ["bad", "dead letter"],
  handed_over: ["quiet", "handed over"],
  running: ["busy", "running"],
  Succeeded: ["ok", "succeeded"],
  Failed: ["bad", "failed"],
  Errored: ["bad", "errored"],
  Cancelled: ["warn", "cancelled"],
  Skipped: ["quiet", "skipped"],
  Omitted: ["quiet", "omitted"],
};
const signs = { ok: "ok", bad: "bad", warn: "warn", busy: "busy", quiet: "skip" };

/** `kind`: ok, warn, bad, busy or quiet. A sign tells it as well as a colour. */
export const badge = (kind, text, title) =>
  h("span", { class: `badge ${kind}`, title }, icon(signs[kind]), text);

export function outcome_badge(word) {
  const [kind, text] = outcomes[word] ?? ["quiet", word];
  return badge(kind, text);
}

export const kind_of = (word) => (outcomes[word] ?? ["quiet"])[0];
export const run_word = (run) => run.state === "running" ? "running" : run.outcome;

/** An id in short, with a button that copies all of it. */
export function id(text, href) {
  const short = text.length > 23 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text;
  return h("span", { class: "id" },
    href ? h("a", { href, title: text }, short) : h("code", { title: text }, short),
    copy_button(text));
}

/** All of it, to be broken where it has to be. */
export const long_id = (text) =>
  h("span", { class: "id long" }, h("code", {}, text), copy_button(text));

export function copy_button(text, what = "id") {
  return h("button", { class: "copy", type: "button", title: `Copy the ${what}`,
    "aria-label": `Copy the ${what} ${text.length > 80 ? "" : text}`.trim(),
    on: { click: (e) => { e.stopPropagation(); copy(text, e.currentTarget); } } },
  icon("copy"));
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain HTTP from another host there is no clipboard but this.
    const area = h("textarea", { class: "off-screen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  toast("Copied.");
}

let toast_timer = null;

/** A word at the edge of the page, read out; `kind` as of badges. */
export function toast(text, kind = "ok") {
  const place = document.getElementById("toast");
  place.className = `toast shown ${kind}`;
  place.replaceChildren(icon(signs[kind]), h("span", {}, text));
  clearTimeout(toast_timer);
  toast_timer = setTimeout(() => { place.className = "toast"; place.replaceChildren(); },
    kind === "bad" ? 10_000 : 4000);
}

export const notice = (kind, title, ...rest) =>
  h("div", { class: `notice ${kind}` }, icon(signs[kind] ?? "help"),
    h("div", {}, title && h("strong", {}, title), rest));

/** What to do where there is nothing yet. */
export const empty = (title, ...rest) =>
  h("div", { class: "empty" }, h("p", { class: "empty-title" }, title),
    rest.map((line) => h("p", {}, line)));

export const code = (...text) => h("code", {}, text);

/** A name in parts, to be broken between them alone. */
export const broken = (text) => text.split(/(?<=[_/])/).flatMap((part, i) =>
  i ? [h("wbr"), part] : part);

/** A command to be copied. */
export const command = (text) =>
  h("span", { class: "command" }, h("code", {}, text), copy_button(text, "command"));

export const card = (title, props, ...children) =>
  h("section", { ...props, class: `card ${props?.class ?? ""}` },
    h("h2", {}, title), children);

export const button = (text, click, props = {}) =>
  h("button", { type: "button", ...props, on: { click } }, text);

/** Names and values; those without a value are left out. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A failure to read what a view shows. */
export function failure(error, what) {
  if (error.is_silence)
    return notice("bad", "The node does not answer. ",
      "What is below, if anything, is what it said last.");
  if (error.is_missing)
    return notice("quiet", `This node has no ${what}. `,
      "It is older than this page, or was built without it.");
  return notice("bad", `No ${what}: `, error.message);
}

export const events_link = (text, query) => h("a", { href: to("events", [], query) }, text);

/** A bar for how much of something is in use. */
export const meter = (value, max, label) => h("meter", { min: 0, max: Math.max(max, 1),
  high: max * 0.8, low: max * 0.6, optimum: 0, value,
  "aria-label": `${label}: ${count(value)} of ${count(max)}` });
