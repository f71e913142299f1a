// Reads server-sent events with fetch, as EventSource sends no token. Connects
// again by itself, later and later.

import { request } from "./api.js";
import { reader_of_events } from "./sse.js";

const silence_ms = 20_000, first_delay_ms = 1000, longest_delay_ms = 10_000;
/** A stream that the node ends, as it does at a reload, is asked for again at once; one
 *  that never lasts is not. */
const after_end_ms = 200, lasting_ms = 5000;

/**
 * `on_event(name, data)` for each event; `on_state(live, error)` when that changes.
 * What it gives has `start()`, `stop()` and `now()`, which waits no longer.
 */
export function open_stream(path, on_event, on_state) {
  let abort = null, timer = null, delay = first_delay_ms, wanted = false;

  async function run() {
    const mine = new AbortController();
    abort = mine;
    const began = performance.now();
    let watchdog = null, error = null, heard = false, ended = false;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => mine.abort(), silence_ms);
    };
    try {
      alive();
      const answer = await request(path, { signal: mine.signal,
        headers: { Accept: "text/event-stream" } });
      const read = reader_of_events((name, data) => {
        delay = first_delay_ms;
        heard = true;
        on_state(true);
        on_event(name, data);
      }, (ms) => { delay = Math.min(ms, longest_delay_ms); });
      const body = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await body.read();
        if (done) break;
        alive();
        read(value);
      }
      ended = heard && performance.now() - began > lasting_ms;
    } catch (caught) {
      error = caught;
    }
    clearTimeout(watchdog);
    if (abort !== mine || !wanted) return;
    if (ended) {
      timer = setTimeout(run, after_end_ms);
      return;
    }
    on_state(false, error);
    timer = setTimeout(run, delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, longest_delay_ms);
  }

  const halt = () => {
    clearTimeout(timer);
    const former = abort;
    abort = null;
    former?.abort();
  };
  return {
    start() { if (!wanted) { wanted = true; run(); } },
    stop() { wanted = false; halt(); },
    now() { halt(); delay = first_delay_ms; wanted = true; run(); },
  };
}
