// Is the node healthy, what fails, since when.

import { get } from "./api.js";
import { now } from "./clock.js";
import { chart, sparkline } from "./charts.js";
import { dependencies_card, warnings } from "./dependencies.js";
import { h, show } from "./dom.js";
import { ago, brief, count, ms, moment, of_them, percent, seconds_since, time,
  whole_span } from "./format.js";
import { by_reason, last_trouble, sentence, success_ratio, sums } from "./health.js";
import { icon } from "./icons.js";
import { is_stale, node, on, rate, watch } from "./node.js";
import { badge, card, code, empty, events_link, failure, meter, notice } from "./parts.js";
import { advice_on, explain, is_ours } from "./reasons.js";
import { to } from "./router.js";
import { table } from "./table.js";

export const title = "Overview";

const looked_back_ms = 15 * 60_000;
const circuits = { closed: "ok", "half-open": "warn", open: "bad" };

export function enter(main) {
  const state = { history: null, history_error: null, bad: null, bad_error: null, silent: [],
    dependencies: [], shown: 8, shown_dependencies: 12 };
  const status = h("p", { class: "status" });
  // Read out when it changes, not with each second that it lasts.
  const said = h("p", { class: "off-screen", role: "status" });
  const body = h("div", { class: "stack" });
  const charts = {
    events: chart("Events", brief),
    answer: chart("Time to the answer", ms),
    flight: chart("In flight", brief, 4),
  };
  const wrong = h("div", { class: "stack" }), tail = h("div", { class: "stack" });
  main.append(h("h1", { class: "off-screen" }, title), said, status, body,
    h("div", { class: "now" }, wrong, card("The last hour", {}, h("div",
      { class: "chart-grid" }, Object.values(charts).map((one) => one.node)))), tail);

  function draw() {
    const { kind, text } = sentence(node.overview, state.history, is_stale());
    if (!status.classList.contains(kind)) said.textContent = text;
    status.className = `status ${kind}`;
    show(status, icon(kind === "quiet" ? "busy" : kind), h("span", {}, text));
    if (!node.overview) return;
    show(body, tiles(node.overview, state.history));
    show(wrong, problems(node.overview, state), servers(node.overview),
      node.overview.events.received === 0 ? nothing_came(node.overview) : null);
    show(tail, dependencies_card(state.dependencies, state.shown_dependencies,
      () => { state.shown_dependencies += 100; draw(); }),
    failing(state, () => { state.shown += 50; draw(); }));
  }
  function take_history(history) {
    state.history = whole_hour(history);
    draw_charts(charts, state.history);
    draw();
  }
  const since = () => new Date(now() - looked_back_ms).toISOString();
  async function look_for_failures() {
    try {
      const asked = await Promise.all(["refused", "dead_lettered"].map((outcome) =>
        get("/api/v1/events", { outcome, since: since(), limit: 1000 })));
      state.bad = asked.flatMap(({ events }) => events);
      state.bad_error = null;
    } catch (error) {
      state.bad_error = error;
    }
    draw();
  }
  const history = watch("/api/v1/history", { minutes: 60 }, 10_000, take_history,
    (error) => { state.history_error = error; draw(); });
  const watches = [history,
    watch("/health", {}, 5000, (health) => {
      state.dependencies = health.dependencies ?? [];
      state.silent = (health.sources ?? []).filter(({ silent }) => silent);
      draw();
    }, () => {}),
  ];
  let looked = 0, due = null;
  const look = () => {
    clearTimeout(due);
    due = null;
    looked = Date.now();
    look_for_failures();
    if (state.history) history.now();
  };
  look();
  // Soon where one has failed; else so that old ones go.
  const offs = [on("state", draw),
    on("overview", () => {
      draw();
      if (!document.hidden && Date.now() - looked > 10_000) look();
    }),
    on("events", ({ events }) => {
      if (events.some(({ reason }) => reason)) due ??= setTimeout(look, 1500);
    })];
  draw();
  return () => {
    clearTimeout(due);
    [...watches, ...Object.values(charts)].forEach((one) => one.stop());
    offs.forEach((off) => off());
  };
}

/** A node that was started a while ago knows less than an hour. */
function whole_hour(history) {
  const missing = Math.max(0, 3600 / history.step_seconds - history.received.length);
  const padded = Object.entries(history).map(([name, value]) => [name,
    Array.isArray(value) ? [...Array(missing).fill(null), ...value] : value]);
  const from = Date.parse(history.from) - missing * history.step_seconds * 1000;
  return { ...Object.fromEntries(padded), from: new Date(from).toISOString() };
}

function tiles(overview, history) {
  const last = (name, n = 30) => history ? history[name].slice(-n) : [];
  const ratio = history && success_ratio(sums(history, 5));
  const hour = history && success_ratio(sums(history, 60));
  const answer = overview.answer_ms ?? {};
  const tile = (label, value, under, spark, kind = "") => h("div", { class: `tile ${kind}` },
    h("h2", {}, label), h("p", { class: "value" }, value), h("p", { class: "under", title: under }, under),
    spark);
  return h("section", { class: "tiles", "aria-label": "Now" },
    tile("Received", [brief(rate("received")), h("small", {}, " /s")],
      `${count(overview.events.received)} in all`,
      sparkline(last("received"), "received")),
    tile("Success", ratio === undefined || ratio === null ? "–" : percent(ratio),
      hour === undefined || hour === null ? "nothing ended of late"
        : `last hour ${percent(hour)}`, sparkline(last("failed"), "failed"),
      ratio < 0.99 ? "bad" : ""),
    tile("Answer, p95", ms(answer.p95), two_of(answer),
      sparkline(last("p95"), "p95")),
    tile("In flight", count(overview.events.in_flight),
      `${of_them(overview.runs_in_progress ?? 0, "run")} under way`,
      sparkline(last("in_flight"), "flight")),
    tile("Refused", [brief(rate("refused")), h("small", {}, " /s")],
      `${count(overview.events.refused)} in all`,
      sparkline(last("refused"), "refused")),
    tile("Dead letters", count(overview.events.dead_lettered),
      overview.dead_letters_waiting > 0
        ? `${count(overview.dead_letters_waiting)} wait for a sink` : "none waits for a sink",
      sparkline(last("dead_lettered"), "failed"), overview.dead_letters_waiting > 0 ? "bad" : ""));
}

/** The unit once, where it is that of both. */
const two_of = ({ p50, p99 }) =>
  `p50 ${p99 < 1000 ? brief(p50) : ms(p50)} · p99 ${ms(p99)}`;

function problems(overview, { history, history_error, silent, dependencies }) {
  const trouble = history && last_trouble(history);
  const rows = overview.problems.map(({ what, since, detail }) => problem("bad", what,
    since, detail, advice_on(what)));
  if (trouble?.now) rows.push(problem("bad", "events fail", trouble.since,
    `${count(trouble.failed)} until now, through no fault of their senders`,
    ["See ", h("a", { href: "#failing", on: { click: (e) => {
      e.preventDefault();
      document.getElementById("failing")?.scrollIntoView();
    } } }, "what fails"), " below."]));
  if (overview.dead_letters_waiting > 0) rows.push(problem("bad", "dead letters wait", null,
    `${count(overview.dead_letters_waiting)} are in memory alone, as no sink takes them`,
    "Bring a sink back. Do not restart the node before."));
  for (const one of silent) rows.push(problem("warn", `nothing comes to ${one.endpoint}`,
    one.last_event, "nothing genuine came for far longer than usual",
    ["Does the sender still send? ", events_link("What came there", { endpoint: one.endpoint })]));
  for (const one of warnings(dependencies)) rows.push(problem("warn", ...one));
  if (overview.questions > 0) rows.push(problem("busy", of_them(overview.questions, "question"),
    null, "runs wait for a person",
    h("a", { href: to("questions") }, "Answer")));
  return h("section", { class: "card problems" }, h("h2", {}, "What is wrong"),
    history_error && !history ? failure(history_error, "history") : null,
    rows.length > 0 ? h("ul", { class: "problem-list" }, rows)
      : h("p", { class: "all-well" }, badge("ok", "Nothing"),
        " All checks are fine, no source is silent, and no event failed in the last minute."));
}

const problem = (kind, what, since, detail, advice) => h("li", { class: kind },
  icon(kind === "busy" ? "questions" : kind),
  h("div", {}, h("p", {}, h("strong", {}, what), since ? [" since ", time(since), " (",
    whole_span(seconds_since(since)), ")"] : ""),
  h("p", { class: "detail" }, detail), advice ? h("p", { class: "advice" }, advice) : null));

function failing({ bad, bad_error, shown }, more) {
  const groups = bad && by_reason(bad);
  const ours = groups?.filter(({ reason }) => is_ours(reason)) ?? [];
  const theirs = groups?.filter(({ reason }) => !is_ours(reason)) ?? [];
  const columns = [
    { label: "Reason", is_link: true, cell: (g) => code(g.reason ?? "unknown") },
    { label: "Where to look", cell: (g) => explain(g.reason).whose },
    { label: "Endpoint", cell: (g) => g.endpoint },
    { label: "Events", class: "number", cell: (g) => count(g.number) },
    { label: "First", class: "tight", cell: (g) => time(g.first) },
    { label: "Last", class: "tight", cell: (g) => ago(g.last) },
    { label: "In detail, of the last", class: "wide", cell: (g) => g.detail ?? "" },
  ];
  return h("section", { class: "card", id: "failing" },
    h("h2", {}, "What fails, last 15 minutes"),
    bad_error && !bad ? failure(bad_error, "list of events") : null,
    groups?.length ? table({ label: "What fails", columns, rows: [...ours, ...theirs],
      key: (g) => g.key, shown, more, href: (g) => to("events", [], { endpoint: g.endpoint,
        reason: g.reason, outcome: g.outcome }),
      row_class: (g) => is_ours(g.reason) ? "ours" : "theirs" })
      : groups ? h("p", { class: "muted" }, "Nothing was refused, and nothing became a dead letter.")
        : h("p", { class: "muted" }, "–"));
}

function servers({ servers: all = [] }) {
  const order = ["open", "half-open", "closed"];
  const sorted = [...all].sort((a, b) => order.indexOf(a.circuit) - order.indexOf(b.circuit));
  return card("Servers and their circuit breakers", {}, sorted.length
    ? h("ul", { class: "servers" }, sorted.map((s) => h("li", { "data-key": s.name },
      h("span", {}, h("strong", {}, s.name), " ", badge(circuits[s.circuit] ?? "quiet",
        s.circuit), s.circuit_since ? [" since ", time(s.circuit_since)] : "",
      s.up === undefined ? h("span", { class: "muted" }, " not asked yet")
        : s.up ? "" : [" ", badge("bad", "does not answer")]),
      h("span", { title: "Calls on the wire" }, meter(s.in_flight, s.limit, "Calls"),
        ` ${count(s.in_flight)} of ${count(s.limit)}`, s.waiting > 0
          ? `, ${count(s.waiting)} wait` : ""),
      s.detail && (s.circuit !== "closed" || s.up === false)
        ? h("span", { class: "detail" }, s.detail) : null)))
    : empty("This node calls no server.", "In a cluster, nodes with the role connector do."));
}

const nothing_came = (overview) => notice("quiet", "No event has come yet. ",
  `Senders post to ${overview.listen}; `, h("a", { href: to("endpoints") }, "endpoints"),
  " has the paths. ", code("mfo-node sign"), " makes a signed request to try it.");

function draw_charts(charts, history) {
  const { step_seconds, received, refused, failed, dead_lettered } = history;
  const from = Date.parse(history.from), step = step_seconds * 1000;
  const a_second = (values) => values.map((v) => v === null ? null : v / step_seconds);
  const bad = failed.map((n, i) => n === null ? null : n + (dead_lettered[i] ?? 0));
  const trouble = last_trouble(history);
  const most = (values) => Math.max(0, ...values.filter((v) => v !== null));
  charts.events.draw({ from, step, summary: `At most ${brief(most(received) / step_seconds)} received a second. ${
    trouble ? `Events failed since ${moment(trouble.since)}: ${count(trouble.failed)}.`
      : "None failed."}`, series: [
    { label: "received /s", kind: "area", class: "received", values: a_second(received) },
    { label: "refused /s", kind: "line", class: "refused", values: a_second(refused) },
    { label: "failed /s", kind: "bars", class: "failed", values: a_second(bad) }] });
  charts.answer.draw({ from, step, summary: `p99 at most ${ms(most(history.p99))}.`, series: [
    { label: "p99", kind: "line", class: "p99", values: history.p99 },
    { label: "p95", kind: "line", class: "p95", values: history.p95 },
    { label: "p50", kind: "area", class: "p50", values: history.p50 }] });
  charts.flight.draw({ from, step, summary: `At most ${count(most(history.in_flight))}.`, series: [
    { label: "events", kind: "area", class: "flight", values: history.in_flight }] });
}
