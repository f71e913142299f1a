// The events of late, as they end; and the story of one of them.

import { get, seg } from "./api.js";
import { now } from "./clock.js";
import { h, show } from "./dom.js";
import { count, ms, span, time } from "./format.js";
import { key_of, last_seconds, merge_events } from "./live.js";
import { node, on, watch } from "./node.js";
import { button, card, code, command, empty, failure, id, long_id, notice } from "./parts.js";
import { explain, reasons } from "./reasons.js";
import { go, refine, to } from "./router.js";
import { run_head, tasks_table } from "./run.js";
import { elsewhere, in_short, outcome_of, particulars, timeline, why } from "./story.js";
import { table } from "./table.js";

export const title = "Events";

const most = 1000, page = 100;
const outcomes = { "": "any outcome", in_flight: "in flight", delivered: "delivered",
  refused: "refused", dead_lettered: "dead letter", handed_over: "handed over" };
const ages = { "": "any time", 5: "last 5 minutes", 15: "last 15 minutes", 60: "last hour",
  1440: "last day" };

export const enter = (main, { path, query }) =>
  path[0] ? enter_story(main, path[0]) : enter_list(main, query);

function enter_list(main, query) {
  const state = { events: [], error: null, loaded: false, paused: false, missed: 0,
    limit: page, endpoints: [], query: { ...query } };
  const body = h("div", {}), bar = h("div", { class: "filters", role: "search",
    "aria-label": "Narrow the list" });
  main.append(h("h1", {}, title), bar, body);
  const heard = last_seconds(), fit = (event) => fits(event, state.query);
  let asked = null;

  function ask() {
    const { outcome, endpoint, reason, q, minutes } = state.query;
    const since = minutes ? new Date(now() - minutes * 60_000).toISOString() : "";
    asked?.stop();
    // Those in flight are told by asking alone; the rest comes by the stream as well.
    asked = watch("/api/v1/events", { outcome, endpoint, reason, q, since, limit: state.limit },
      outcome === "in_flight" ? 2000 : 10_000, ({ events }) => {
        if (state.paused && state.loaded) return;
        Object.assign(state, { error: null, loaded: true, missed: 0, events:
          merge_events(events, heard.all().filter(fit)).slice(0, state.limit) });
        draw();
      }, (error) => { state.error = error; draw(); });
  }
  function refilter(change) {
    Object.assign(state.query, change);
    state.limit = page;
    state.loaded = false;
    refine(state.query);
    ask();
    draw_bar();
  }
  function take({ events, left_out }) {
    const some = events.filter(fit);
    heard.add(events);
    if (state.paused) {
      state.missed += some.length + (left_out ?? 0);
      return draw();
    }
    if (some.length === 0) return undefined;
    state.events = merge_events(state.events, some).slice(0, state.limit);
    return draw();
  }
  const choice = (name, options, label) => h("select", { "aria-label": label,
    on: { change: (e) => refilter({ [name]: e.currentTarget.value }) } },
  Object.entries(options).map(([value, text]) => h("option", { value,
    selected: (state.query[name] ?? "") === value }, text)));
  function draw_bar() {
    const names = [...new Set([...state.endpoints, state.query.endpoint].filter(Boolean))];
    show(bar,
      choice("outcome", outcomes, "Outcome"),
      choice("endpoint", { "": "any endpoint", none: "no endpoint",
        ...Object.fromEntries(names.map((n) => [n, n])) }, "Endpoint"),
      choice("reason", { "": "any reason", ...Object.fromEntries(
        [...new Set([...reasons, state.query.reason].filter(Boolean))].map((r) => [r, r])) },
      "Reason"),
      choice("minutes", ages, "When"),
      state.query.q ? h("span", { class: "chip" }, `id ${state.query.q}`,
        button("×", () => refilter({ q: "" }), { "aria-label": "Any id" })) : null,
      Object.values(state.query).some(Boolean)
        ? button("Clear", () => refilter({ outcome: "", endpoint: "", reason: "", minutes: "",
          q: "" }), { class: "quiet" }) : null,
      button(state.paused ? "Go on" : "Pause", pause, { class: "push", "aria-pressed":
        String(state.paused), title: "p" }));
  }
  function pause() {
    state.paused = !state.paused;
    draw_bar();
    if (!state.paused) ask();
    draw();
  }
  function draw() {
    const more = state.limit < most && state.events.length >= state.limit
      ? () => { state.limit = Math.min(most, state.limit * 3); ask(); } : null;
    show(body,
      state.paused ? notice("busy", "Paused. ", `${count(state.missed)} more have ended since.`)
        : null,
      state.error ? failure(state.error, "list of events") : null,
      state.query.reason ? h("p", { class: "muted" }, code(state.query.reason), " — ",
        explain(state.query.reason).meaning, " ", explain(state.query.reason).advice) : null,
      state.events.length > 0 ? [table({ label: "Events, newest first", columns,
        rows: state.events, key: key_of, stable: true, href: ({ id: of }) => to("events", [of]) }),
      h("p", { class: "more" }, `${count(state.events.length)} events. `,
        more ? button("More", more) : "")]
        : state.loaded ? none(state.query) : h("p", { class: "muted" }, "Asking…"));
  }

  ask();
  draw_bar();
  get("/api/v1/endpoints").then(({ endpoints }) => {
    state.endpoints = endpoints.map((e) => e.id);
    draw_bar();
  }, () => {});
  const off = on("events", take);
  const leave = () => { asked.stop(); off(); };
  leave.keys = { p: pause };
  return leave;
}

function fits(event, { outcome, endpoint, reason, q }) {
  return (!outcome || event.outcome === outcome) && (!endpoint || event.endpoint === endpoint) &&
    (!reason || event.reason === reason) &&
    (!q || event.id.startsWith(q) || event.delivery_id === q);
}

const columns = [
  { label: "Received", is_link: true, class: "tight", cell: (e) => time(e.received_at) },
  { label: "Endpoint", class: "free", cell: (e) => e.endpoint === "none"
    ? [h("span", { class: "muted" }, "none "), e.path ? code(e.path) : ""] : e.endpoint },
  { label: "Type", class: "free", cell: (e) => e.type ?? "" },
  { label: "Outcome", class: "tight", cell: (e) => outcome_of(e) },
  { label: "Reason", cell: (e) => e.reason ? code(e.reason) : "" },
  { label: "Took", class: "number", cell: (e) => ms(e.duration_ms) },
  { label: "From", cell: (e) => e.from ? `node ${e.from}` : e.source ?? "" },
  { label: "Id", class: "tight", cell: (e) => id(e.id) },
];

const none = (query) => Object.values(query).some(Boolean)
  ? empty("No event of the last is like that.",
    "The node keeps those in flight and the last that ended, and forgets them when it starts again. Older ones are in its log, by event_id.")
  : empty("No event has come yet.", ["What comes is here at once. To try it: ",
    command("mfo-node sign --config node.yaml --endpoint ID FILE")]);

/** By what is typed in the search: an id or its beginning, or the sender's own. */
export async function search(text) {
  const q = text.trim();
  if (!q) return go("events");
  try {
    const { events } = await get("/api/v1/events", { q, limit: 2 });
    const ids = new Set(events.map((event) => event.id));
    if (ids.size === 1) return go("events", [events[0].id]);
  } catch {
    // The list tells what is wrong.
  }
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(q))
    return go("events", [q]);
  return go("events", [], { q });
}

function enter_story(main, of) {
  const body = h("div", { class: "stack" });
  main.append(h("p", { class: "back" }, h("a", { href: to("events") }, "Events")),
    h("h1", { class: "with-id" }, "Event ", long_id(of)), body);
  let last = null;
  const draw = (...before) => show(body, before, last && whole(last, () => asked.now()));
  const asked = watch(`/api/v1/events/${seg(of)}`, {}, 2000, (story) => {
    last = story;
    draw();
  }, (error) => {
    if (error.is_missing && error.status === 404 && !last) show(body, unknown(of));
    else if (!error.is_missing) draw(failure(error, "story"));
  });
  return () => asked.stop();
}

const unknown = (of) => [h("p", { class: "status warn", role: "status" }, h("span", {},
  "This node knows of no such event.")),
h("div", { class: "card prose" }, h("h2", {}, "Where else it may be"), h("ul", {},
  h("li", {}, "It came before this node was started, ",
    node.overview ? `${span(node.overview.uptime_seconds)} ago` : "some time ago",
    ", or so many came since that it was forgotten (", code("events.keep"), "): see the log by ",
    code("event_id"), "."),
  h("li", {}, "Another node of the ", h("a", { href: to("cluster") }, "cluster"), " had it: ",
    command(`mfo-node events ${of} --admin http://THAT-NODE:9090`)),
  h("li", {}, "It was acknowledged and failed: see the ",
    h("a", { href: to("dead-letters") }, "dead letters"), "."),
  h("li", {}, "It never reached this node: does its sender have an answer with an id? See ",
    h("a", { href: to("events", [], { endpoint: "none" }) }, "requests that reached no endpoint"),
    ".")))];

function whole({ events, runs }, again) {
  return [events.map((event, i) => h("section", { class: "card story",
    "data-key": event.received_at, "aria-label": i ? "An earlier arrival" : "The arrival" },
  events.length > 1 ? h("h2", {}, i ? "Earlier, by the same id: " : "Last, by this id: ",
    time(event.received_at)) : null,
  h("p", { class: "sentence", role: i ? null : "status" }, outcome_of(event), " ",
    in_short(event)),
  h("div", { class: "story-body" },
    h("div", {}, why(event), h("h3", {}, "What happened, where and when"), timeline(event),
      elsewhere(event)),
    particulars(event)))),
  runs?.length ? runs.map((run) => h("section", { class: "card", "data-key": run.id },
    h("h2", {}, "Run of ", h("a", { href: to("runs", [run.id]) },
      `${run.workflow}/${run.taskflow}`)),
    run_head(run, again), tasks_table(run))) : null];
}
