// The story of an event in words: how it ended, and its steps with where and when.

import { h } from "./dom.js";
import { as_date, bytes, clock_ms, moment, ms } from "./format.js";
import { node } from "./node.js";
import { badge, code, command, copy_button, facts, id, kind_of, notice,
  outcome_badge } from "./parts.js";
import { explain } from "./reasons.js";
import { to } from "./router.js";

const self = () => node.overview?.node ?? "this node";
const took = (event) => event.duration_ms === undefined ? ""
  : `, ${ms(event.duration_ms)} after it came`;

/** One sentence. */
export function in_short(event) {
  const told = event.answer ? ` Its sender was told ${event.answer}.` : "";
  switch (event.outcome) {
    case "in_flight":
      return `It is under way${event.stage ? `, at ${event.stage}` : ""}.${told}`;
    case "delivered":
      return `It arrived${took(event)}.${told}`;
    case "dead_lettered":
      return `It was acknowledged and could not be delivered: it is a dead letter${
        event.sink ? ` in ${event.sink}` : ""}${took(event)}.${told}`;
    case "handed_over":
      return `This node gave it to another as it stopped${took(event)}.${told}`;
    default:
      if (explain(event.reason).fault === "fine")
        return `It was answered without being taken as an event of its own.${told}`;
      return `It did not arrive: refused${took(event)}.${told}`;
  }
}

/** Why it did not go as it should, and what to do; null where it did. */
export function why(event) {
  if (!event.reason) return null;
  const { fault, whose, meaning, advice } = explain(event.reason);
  return h("div", { class: `why ${kind_of(event.outcome)}` },
    h("h3", {}, "Why"),
    h("p", {}, code(event.reason), " — ", meaning,
      fault === "fine" ? "" : ` Where to look: ${whose}.`),
    event.detail ? h("p", {}, "In detail: ", h("q", {}, event.detail)) : null,
    h("h3", {}, "What to do"), h("p", {}, advice));
}

/** For each step: kind, what happened, where. */
const tellers = {
  received: (s) => ["quiet", s.from ? `Received from node ${s.from}` : "Received whole",
    "listener"],
  verified: () => ["ok", "Verified: genuine and well-formed, no repetition", "validator"],
  acknowledged: () => ["ok", "Its sender was told 202", "intake"],
  routed: (s) => ["ok", ["Routed", s.server ? [" to server ", code(s.server)] : "",
    s.triggers?.length ? [s.server ? " and" : "", " to ",
      s.triggers.map((t, i) => [i ? ", " : "", code(t)])] : ""], "router"],
  placed: (s) => ["ok", ["Given to node ", code(s.node), " to run"], "cluster"],
  sent: (s, event) => event.reason === "circuit_open" && !s.attempts ? ["quiet",
    ["Not sent to ", code(s.server), ": its circuit is open"], "mfo_connector"]
    : [s.upstream_status >= 400 ? "bad" : "ok", ["Sent to ", code(s.server),
    s.attempts > 1 ? `, ${s.attempts} tries` : "",
    s.upstream_status ? `, answered ${s.upstream_status}` : ""], "mfo_connector"],
  started: (s) => ["ok", ["Started a run by ", code(s.trigger), " ",
    id(s.run, to("runs", [s.run]))], "task_runner"],
  undelivered: () => ["bad", "Failed after it was acknowledged; waits for a dead-letter sink",
    "dead letters"],
  delivered: () => ["ok", "Delivered", ""],
  refused: (s) => ["bad", ["Refused", s.reason ? [": ", code(s.reason)] : ""], ""],
  dead_lettered: (s) => ["bad", ["Became a dead letter", s.sink ? [" in ", code(s.sink)] : ""],
    "dead letters"],
  handed_over: () => ["quiet", "Handed over to another node", "cluster"],
};

/** Steps of one arrival, as a list: when, what, where. */
export function timeline(event) {
  const steps = event.steps ?? [];
  const start = as_date(event.received_at).getTime();
  return h("ol", { class: "timeline" }, steps.map((step, i) => {
    const [kind, what, where] = tellers[step.step]?.(step, event) ?? ["quiet", step.step, ""];
    const gap = i ? step.at_ms - steps[i - 1].at_ms : 0;
    const at = new Date(start + step.at_ms);
    return h("li", { class: `${kind}${gap >= 1000 ? " after-a-while" : ""}` },
      h("span", { class: "when" },
        h("time", { datetime: at.toISOString() }, clock_ms(at)),
        h("span", { class: "offset" }, `+${ms(step.at_ms)}`)),
      h("span", { class: "what" }, what),
      h("span", { class: "where" }, [self(), where || event.stage].filter(Boolean).join(" · ")));
  }), event.outcome === "in_flight"
    ? h("li", { class: "busy" }, h("span", { class: "when" }, "now"),
      h("span", { class: "what" }, "Under way"), h("span", { class: "where" },
        [self(), event.stage].filter(Boolean).join(" · "))) : null);
}

/** What another node of the cluster has to tell of it. */
export function elsewhere(event) {
  const there = (event.steps ?? []).filter((s) => s.step === "placed").map((s) => s.node);
  if (event.from) there.push(event.from);
  return [...new Set(there)].map((name) => notice("quiet", "Part of this story is elsewhere. ",
    "Node ", code(name), " has the rest: open its console, or ",
    command(`mfo-node events ${event.id} --admin http://${name}:9090`)));
}

export const particulars = (event) => facts([
  ["Endpoint", h("a", { href: to("events", [], { endpoint: event.endpoint }) },
    event.endpoint)],
  ["Type", event.type], ["Path", event.path && code(event.path)],
  ["Came", `${moment(event.received_at, clock_ms)}`],
  ["From", event.from ? `node ${event.from}` : event.source],
  ["Sender's id", event.delivery_id && h("span", { class: "id long" },
    code(event.delivery_id), copy_button(event.delivery_id))],
  ["Size", bytes(event.size)],
  ["Tries at the server", event.attempts], ["The server's last status", event.upstream_status],
  ["Dead-letter sink", event.sink], ["Configuration", event.generation],
  ["Took", event.duration_ms === undefined ? undefined : ms(event.duration_ms)],
]);

/** Red is for what is wrong here; amber for what a sender did wrong. */
const as_it_is = { sender: "warn", fine: "quiet" };

export const outcome_of = (event) => [event.outcome === "refused"
  ? badge(as_it_is[explain(event.reason).fault] ?? "bad", "refused")
  : outcome_badge(event.outcome), event.answer ? h("span", { class: "answer" }, ` ${event.answer}`) : null];
