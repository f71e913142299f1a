// The page: its frame, and the view that the address names.

import { ask_again, forget_token, has_token, on_token_wanted } from "./api.js";
import { ask_for_token, show_help } from "./dialogs.js";
import { h, show } from "./dom.js";
import { clock, is_utc, set_utc } from "./format.js";
import { icon } from "./icons.js";
import * as keyboard from "./keyboard.js";
import { is_stale, node, on, retry_now, start } from "./node.js";
import { button } from "./parts.js";
import { here, on_route, to } from "./router.js";
import { first_row } from "./table.js";
import { set_theme, theme } from "./theme.js";
import * as overview from "./view_overview.js";
import * as cluster from "./view_cluster.js";
import * as endpoints from "./view_endpoints.js";
import * as taskflows from "./view_taskflows.js";
import * as runs from "./view_runs.js";
import * as events from "./view_events.js";
import * as dead_letters from "./view_dead_letters.js";
import * as questions from "./view_questions.js";
import * as configuration from "./view_configuration.js";

const views = [
  { name: "overview", key: "o", icon: "overview", of: overview },
  { name: "events", key: "e", icon: "events", of: events },
  { name: "endpoints", key: "n", icon: "endpoints", of: endpoints },
  { name: "taskflows", key: "t", icon: "taskflows", of: taskflows },
  { name: "dead-letters", key: "d", icon: "dead_letters", of: dead_letters,
    number: (o) => o.dead_letters_waiting },
  { name: "questions", key: "q", icon: "questions", of: questions,
    number: (o) => o.questions },
  { name: "cluster", key: "c", icon: "cluster", of: cluster },
  { name: "configuration", key: "s", icon: "configuration", of: configuration },
];
const hidden_views = { runs };

const at = (id) => document.getElementById(id);
let leave = null, shown = null;

function route({ view, path, query }) {
  const found = views.find(({ name }) => name === view);
  const of = found?.of ?? hidden_views[view];
  if (!of) return location.replace(to("overview"));
  leave?.();
  const main = at("main");
  main.replaceChildren();
  const moved = shown !== null;
  shown = view;
  leave = of.enter(main, { path, query });
  draw_nav();
  draw_title();
  at("nav").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest",
    inline: "center" });
  if (moved) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  return undefined;
}

function draw_title() {
  const of = views.find(({ name }) => name === shown)?.of ?? hidden_views[shown];
  const name = node.overview?.node ?? "MFO node";
  document.title = `${of?.title ?? ""} · ${name}`;
  at("node-name").textContent = name;
}

function draw_nav() {
  const current = hidden_views[shown]?.within ?? shown;
  show(at("nav"), h("ul", {}, views.map((view) => {
    const number = node.overview ? view.number?.(node.overview) : 0;
    return h("li", {}, h("a", { href: to(view.name), title: `g ${view.key}`,
      "aria-current": current === view.name ? "page" : null }, icon(view.icon),
    h("span", {}, view.of.title),
    number > 0 ? h("span", { class: "number-badge" }, String(number)) : null));
  })));
}

function draw_state() {
  document.body.classList.toggle("stale", is_stale());
  show(at("live"), node.live
    ? h("span", { class: "live" }, "live")
    : h("span", { class: "not-live" }, node.since
      ? `not live since ${clock(node.since)}` : "connecting"));
  if (node.live || !node.error) return show(at("banner"));
  const silent = !(node.error.status > 0);
  return show(at("banner"), h("div", { class: `banner ${silent ? "bad" : "warn"}` },
    icon("warn"), h("span", {}, silent
      ? node.heard ? `The node does not answer. What is here is of ${clock(node.heard)}.`
        : "The node does not answer."
      : `Not live: ${node.error.message} It is asked now and then instead.`),
    node.error.status === 401
      ? button("Give a token", () => { ask_again(); retry_now(); }, { class: "small" })
      : button("Try now", retry_now, { class: "small" })));
}

function draw_tools() {
  show(at("tools"),
    button([icon("clock"), h("span", { class: "tool-text" }, is_utc() ? "UTC" : "local")],
      toggle_utc, { class: "tool", title: "Times in UTC, or in the time zone here (u)",
        "aria-label": `Times are ${is_utc() ? "UTC" : "local"}; change` }),
    button([icon("theme"), h("span", { class: "tool-text" }, theme())], next_theme,
      { class: "tool", title: "Light, dark, or as the system has it",
        "aria-label": `Theme: ${theme()}; change` }),
    has_token() ? button("Forget the token", () => { forget_token(); location.reload(); },
      { class: "tool" }) : null,
    button([icon("help")], help, { class: "tool", title: "Keys (?)", "aria-label": "Keys" }));
}

function toggle_utc() {
  set_utc(!is_utc());
  draw_tools();
  route(here());
}

function next_theme() {
  set_theme({ system: "light", light: "dark", dark: "system" }[theme()]);
  draw_tools();
}

const help = () => show_help([
  ["Views", views.map(({ key, of }) => [`g ${key}`, of.title])],
  ["Anywhere", [["/", "search for an event by its id"], ["u", "UTC or local time"],
    ["?", "this"], ["Esc", "closes, and leaves the search"]]],
  ["Tables", [["↓ ↑", "or j k: the next row, the one before"],
    ["Home End", "the first and the last row"], ["Enter", "opens it"],
    ["Space", "chooses a dead letter"], ["p", "events: stop, and go on"]]],
]);

/** From anywhere else in the page; within a table, table.js goes on. */
function to_first_row() {
  if (!document.activeElement?.closest("tbody")) first_row(at("main"))?.focus();
}

at("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = at("q");
  events.search(field.value);
  field.value = "";
  field.blur();
});

// Its address would be one of a view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("main").focus();
});

on_token_wanted(async (wrong) => {
  const given = await ask_for_token(wrong);
  draw_tools();
  return given;
});
set_theme(theme());
draw_tools();
keyboard.install(views, {
  "/": () => at("q").focus(),
  "?": help,
  u: toggle_utc,
  p: () => leave?.keys?.p?.(),
  j: to_first_row,
});
on("overview", () => { draw_nav(); draw_title(); });
on("state", draw_state);
on_route(route);
route(here());
draw_state();
start();
