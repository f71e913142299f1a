// What the page knows of the node: what the stream tells, and whether it is live.
// Views ask here, and hear when something has changed.

import { api_error, get } from "./api.js";
import { learn, now } from "./clock.js";
import { open_stream } from "./stream.js";

const known = {
  overview: null,   // the last, as of /api/v1/overview
  samples: [],      // [{at, events}], for the rates of the last seconds
  live: false,
  since: null,      // Date: live or not live since
  heard: null,      // Date: when the last word came
  error: null,      // why it is not live: an api_error, or what broke the stream
};
const listeners = { overview: new Set(), events: new Set(), runs: new Set(),
  state: new Set() };
const sampled_ms = 10_000, poll_ms = 5000, hidden_ms = 60_000;

export const node = known;

/** `fn(data)` for each; gives what ends it. */
export function on(what, fn) {
  listeners[what].add(fn);
  return () => listeners[what].delete(fn);
}

const tell = (what, data) => listeners[what].forEach((fn) => fn(data));

function take_overview(overview) {
  const at = Date.parse(overview.at);
  learn(at, 500);
  known.heard = new Date(now());
  // Totals begin again with another process.
  if (known.overview?.instance !== overview.instance) known.samples = [];
  known.overview = overview;
  known.samples.push({ at, events: overview.events });
  while (at - known.samples[0].at > sampled_ms) known.samples.shift();
  tell("overview", overview);
}

/** Events a second over the last seconds, by `name` of a total. */
export function rate(name) {
  const first = known.samples[0], last = known.samples.at(-1);
  if (!first || last.at - first.at < 900) return undefined;
  return (last.events[name] - first.events[name]) * 1000 / (last.at - first.at);
}

/** What is here is old: the node does not answer. One that refuses a stream does. */
export const is_stale = () =>
  !known.live && known.heard !== null && !(known.error?.status > 0);

function set_state(live, error = null) {
  // A stream that was ended without a word is a node that is gone, until it is back.
  known.error = live ? null : error ?? new api_error(0, "The node ended the stream.");
  if (known.live !== live || known.since === null) {
    known.live = live;
    known.since = live ? new Date(now()) : known.heard ?? new Date(now());
  }
  tell("state", known);
}

const stream = open_stream("/api/v1/stream", (name, data) => {
  if (name === "overview") take_overview(data);
  else if (name in listeners) tell(name, data);
}, set_state);

/** Without a stream (there are too many, or it is cut off) it is asked now and then. */
async function poll() {
  if (!known.live && known.error?.status > 0 && !document.hidden) {
    try {
      take_overview(await get("/api/v1/overview"));
      tell("state", known);
    } catch {
      // The stream's own error is on the page already.
    }
  }
  setTimeout(poll, poll_ms);
}

let put_away = null;

/** A page that nobody looks at leaves its stream to others after a minute. */
function visibility() {
  clearTimeout(put_away);
  if (document.hidden) put_away = setTimeout(() => stream.stop(), hidden_ms);
  else stream.start();
}

export function start() {
  // A tab that is opened in the background takes no stream until it is looked at.
  visibility();
  document.addEventListener("visibilitychange", visibility);
  setTimeout(poll, poll_ms);
}

export const retry_now = () => stream.now();

/**
 * Asks `path` now and each `every_ms`, as long as the page is to be seen. Gives
 * {stop, now}. A failure goes to `on_error`, and the next time is tried again.
 */
export function watch(path, query, every_ms, on_data, on_error) {
  let timer = null, abort = null, stopped = false;
  async function ask() {
    clearTimeout(timer);
    abort?.abort();
    const mine = abort = new AbortController();
    if (!document.hidden) {
      try {
        const data = await get(path, query, mine.signal);
        if (mine.signal.aborted) return;
        on_data(data);
      } catch (error) {
        if (error.name === "AbortError" || mine.signal.aborted) return;
        on_error(error);
      }
    }
    if (!stopped) timer = setTimeout(ask, every_ms);
  }
  // Who comes back to the page does not wait to see what is.
  const seen = () => { if (!document.hidden) ask(); };
  document.addEventListener("visibilitychange", seen);
  ask();
  return {
    stop() {
      stopped = true;
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
      abort?.abort();
    },
    now: ask,
  };
}
