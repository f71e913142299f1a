// Where events come in, what came, and whose source is silent.

import { h, show } from "./dom.js";
import { ago, brief, count, list_of, span } from "./format.js";
import { watch } from "./node.js";
import { badge, card, code, command, empty, events_link, failure } from "./parts.js";
import { to } from "./router.js";
import { table } from "./table.js";

export const title = "Endpoints";

export function enter(main) {
  const state = { endpoints: null, error: null, sources: new Map(), shown: 200 };
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);
  const draw = () => show(body, state.error && failure(state.error, "list of endpoints"),
    state.endpoints && view(state, () => { state.shown += 200; draw(); }));
  const asked = [
    watch("/api/v1/endpoints", {}, 3000, (got) => {
      Object.assign(state, { endpoints: got, error: null });
      draw();
    }, (error) => { state.error = error; draw(); }),
    watch("/health", {}, 10_000, (health) => {
      state.sources = new Map((health.sources ?? []).map((s) => [s.endpoint, s]));
      draw();
    }, () => {}),
  ];
  return () => asked.forEach((one) => one.stop());
}

function view({ endpoints: { endpoints, no_endpoint: none }, sources, shown }, more) {
  if (endpoints.length === 0)
    return empty("No endpoint is configured.", ["Add one under ", code("endpoints:"),
      ", or a workflow with a trigger, and have the configuration read again."],
    command("mfo-node check --config node.yaml"));
  const silent = endpoints.filter(({ id }) => sources.get(id)?.silent);
  return [
    h("p", { class: `status ${silent.length ? "warn" : "ok"}`, role: "status" }, h("span", {},
      silent.length ? `Nothing comes to ${list_of(silent.map(({ id }) => id))} for longer than usual.`
        : "No source is silent.")),
    card("Endpoints and triggers", {}, table({ label: "Endpoints", columns: columns(sources),
      rows: endpoints, key: ({ id }) => id, shown, more,
      href: ({ id }) => to("events", [], { endpoint: id }) })),
    none ? card("Requests that reached none", {}, h("p", {},
      `${count(none.received)} since the start`, none.last_received_at
        ? [", the last ", ago(none.last_received_at)] : "", ". ",
      none.received ? events_link("See them", { endpoint: "none" }) : "")) : null];
}

const bad = (n) => h("span", { class: n > 0 ? "bad-text" : "muted" }, count(n));

const columns = (sources) => [
  { label: "Endpoint", is_link: true, cell: (e) => e.id },
  { label: "Comes in", cell: (e) => e.path
    ? [h("span", { class: "muted" }, `${e.method ?? "POST"} `), code(e.path)]
    : h("span", { class: "muted" }, e.trigger ?? "") },
  { label: "Proof", class: "tight", cell: (e) => e.signature === "none" ? badge("warn", "none")
    : e.signature ?? "–" },
  { label: "Told when", class: "tight", cell: (e) => e.ack },
  { label: "Goes to", cell: (e) => [e.server ? h("div", {}, "server ", code(e.server)) : "",
    e.triggers.map((trigger) => h("div", {}, code(trigger)))] },
  { label: "Received", class: "number", cell: (e) => count(e.received) },
  { label: "Delivered", class: "number", cell: (e) => count(e.delivered) },
  { label: "Refused", class: "number", cell: (e) => bad(e.refused) },
  { label: "Dead", class: "number", cell: (e) => bad(e.dead_lettered) },
  { label: "In flight", class: "number", cell: (e) => count(e.in_flight) },
  { label: "p50 · p95 · p99, ms", class: "number", cell: (e) => e.answer_ms
    ? ["p50", "p95", "p99"].map((p) => brief(e.answer_ms[p])).join(" · ") : "–" },
  { label: "Last", class: "tight", cell: (e) => last(e, sources.get(e.id)) },
];

function last(endpoint, source) {
  const at = source?.last_event ?? endpoint.last_received_at;
  return [at ? ago(at) : h("span", { class: "muted" }, "never"),
    source?.silent ? h("div", {}, badge("warn", "silent",
      source.silent_after_seconds
        ? `Nothing for more than ${span(source.silent_after_seconds)}` : undefined)) : ""];
}
