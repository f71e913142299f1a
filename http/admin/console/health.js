// Whether the node is well, since when it is not, and what fails: from the overview,
// the history and what has failed of late. Pure.

import { clock, count, moment, of_them, seconds_since, whole_span } from "./format.js";

const add = (values) => values.reduce((sum, v) => sum + (v ?? 0), 0);

/** Sums over the last `minutes` of a history. */
export function sums(history, minutes) {
  const steps = Math.max(1, Math.round(minutes * 60 / history.step_seconds));
  const of = (name) => add((history[name] ?? []).slice(-steps));
  return { received: of("received"), delivered: of("delivered"), refused: of("refused"),
    dead_lettered: of("dead_lettered"), failed: of("failed") };
}

/**
 * Of what ended and was fit to be delivered, the part that was; undefined where
 * nothing was. What was refused for the sender's fault does not count.
 */
export function success_ratio({ delivered, failed, dead_lettered }) {
  const all = delivered + failed + dead_lettered;
  return all > 0 ? delivered / all : undefined;
}

/**
 * {since: ms, until: ms, failed, now} of the last time in which events failed: it ends
 * where five minutes went by without. null where none failed.
 */
export function last_trouble(history) {
  const bad = history.failed.map((n, i) => (n ?? 0) + (history.dead_lettered[i] ?? 0));
  const step = history.step_seconds * 1000, from = Date.parse(history.from);
  const quiet = Math.max(1, Math.round(300_000 / step));
  const last = bad.findLastIndex((n) => n > 0);
  if (last < 0) return null;
  let first = last, gap = 0;
  for (let i = last; i >= 0 && gap < quiet; --i)
    if (bad[i] > 0) { first = i; gap = 0; } else ++gap;
  return { since: from + first * step, until: from + (last + 1) * step,
    failed: add(bad.slice(first, last + 1)), now: bad.length - 1 - last <= 60_000 / step };
}

const phases = {
  starting: ["warn", "is starting and takes no events yet"],
  draining: ["warn", "is draining: it finishes what it has and takes no more"],
  failed: ["bad", "has failed: a part of it failed too often"],
};

const hour_or_less = (seconds) => seconds >= 3590 ? "hour" : whole_span(seconds);

/** {kind, text}: one sentence that says it all. */
export function sentence(overview, history, stale) {
  if (!overview) return { kind: "quiet", text: "Asking the node how it is." };
  const { node, phase, problems } = overview;
  const trouble = history && last_trouble(history);
  if (stale) return { kind: "quiet", text: `${node} is not heard of.` };
  if (phases[phase]) {
    const [kind, text] = phases[phase];
    return { kind, text: `${node} ${text}.` };
  }
  if (overview.status === "unavailable")
    return { kind: "bad", text: `${node} takes no events.` };
  const worst = [...problems].sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  if (worst.length > 0) {
    const since = worst[0].since;
    const what = worst.length === 1 ? worst[0].what : of_them(worst.length, "check");
    return { kind: trouble?.now ? "bad" : "warn",
      text: `${node} is degraded since ${moment(since)} (${whole_span(seconds_since(since))}): ${
        what} ${worst.length === 1 ? "fails" : "fail"}${trouble?.now
        ? `, and ${of_them(trouble.failed, "event")} failed` : ", no event failed of late"}.` };
  }
  if (trouble?.now)
    return { kind: "bad", text: `${node} is up, but events fail since ${
      moment(trouble.since)}: ${count(trouble.failed)} until now.` };
  if (trouble)
    return { kind: "ok", text: `${node} is healthy. Events failed from ${
      moment(trouble.since)} to ${clock(trouble.until)}: ${count(trouble.failed)}, none since.` };
  return { kind: "ok", text: `${node} is healthy. ${history
    ? `No event failed in the last ${hour_or_less(
      Math.min(overview.uptime_seconds, history.failed.length * history.step_seconds))}.` : ""}` };
}

/** [{endpoint, reason, number, last, detail, id}] of events that did not go well. */
export function by_reason(events) {
  const groups = new Map();
  for (const event of events) {
    const key = JSON.stringify([event.endpoint, event.reason]);
    const group = groups.get(key) ?? { key, endpoint: event.endpoint, reason: event.reason,
      number: 0, first: event.received_at, last: event.received_at, detail: event.detail,
      id: event.id, outcome: event.outcome };
    group.number += 1;
    if (event.received_at < group.first) group.first = event.received_at;
    if (event.received_at > group.last)
      Object.assign(group, { last: event.received_at, detail: event.detail, id: event.id });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.number - a.number);
}
