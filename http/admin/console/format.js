// Numbers, sizes, durations and moments as people read them. Moments are shown in
// the browser's time zone or in UTC, as the reader has chosen.

import { now } from "./clock.js";
import { h } from "./dom.js";

let utc = localStorage.getItem("mfo_utc") === "yes";

export const is_utc = () => utc;
export function set_utc(on) {
  utc = on;
  localStorage.setItem("mfo_utc", on ? "yes" : "no");
}

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const nothing = "–";
const known = (n) => typeof n === "number" && Number.isFinite(n);

export const count = (n) => known(n) ? grouped.format(n) : nothing;

/** So many digits as tell something: 0.04, 3.2, 120. */
export function brief(n) {
  if (!known(n)) return nothing;
  if (n === 0) return "0";
  return n < 1 ? n.toFixed(2) : n < 100 ? n.toFixed(1) : grouped.format(n);
}

export function ms(n) {
  if (!known(n)) return nothing;
  if (n === 0) return "0 ms";
  if (n < 1) return `${n.toFixed(2)} ms`;
  if (n < 100) return `${n.toFixed(1)} ms`;
  if (n < 1000) return `${n.toFixed(0)} ms`;
  return span(n / 1000);
}

/** How long, in its two largest units. */
export function span(seconds) {
  if (!known(seconds)) return nothing;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  const two = (a, ua, b, ub) => b ? `${a} ${ua} ${b} ${ub}` : `${a} ${ua}`;
  if (s < 3600) return two(Math.floor(s / 60), "min", s % 60, "s");
  const m = Math.floor(s / 60);
  if (m < 1440) return two(Math.floor(m / 60), "h", m % 60, "min");
  return two(Math.floor(m / 1440), "d", Math.floor(m % 1440 / 60), "h");
}

/** How long ago or for how long, in whole seconds, so that it does not flicker. */
export const whole_span = (seconds) =>
  seconds < 10 ? `${Math.max(0, Math.floor(seconds))} s` : span(seconds);

export function bytes(n) {
  if (!known(n)) return nothing;
  if (n < 1024) return `${n} B`;
  if (n < 1024 ** 2) return `${(n / 1024).toFixed(1)} KiB`;
  return `${(n / 1024 ** 2).toFixed(1)} MiB`;
}

/** 0.9995 as 99.95 %; never 100 % where something is missing. */
export function percent(ratio) {
  if (!known(ratio)) return nothing;
  const text = (Math.floor(ratio * 10000) / 100).toFixed(2);
  return `${text.replace(/\.?0+$/, "")} %`;
}

const two = (n) => String(n).padStart(2, "0");
const part = (date, name) => date[`get${utc ? "UTC" : ""}${name}`]();
export const as_date = (at) => at instanceof Date ? at : new Date(at);

export function day(at) {
  const date = as_date(at);
  return [part(date, "FullYear"), two(part(date, "Month") + 1),
    two(part(date, "Date"))].join("-");
}

export function hour_minute(at) {
  const date = as_date(at);
  return `${two(part(date, "Hours"))}:${two(part(date, "Minutes"))}`;
}

export const clock = (at) =>
  `${hour_minute(at)}:${two(part(as_date(at), "Seconds"))}`;

export const clock_ms = (at) =>
  `${clock(at)}.${String(as_date(at).getUTCMilliseconds()).padStart(3, "0")}`;

/** The time of day, with the day in front where it is not today. */
export function moment(at, of_day = clock) {
  return day(at) === day(new Date(now())) ? of_day(at) : `${day(at)} ${of_day(at)}`;
}

export const seconds_since = (at) => (now() - as_date(at).getTime()) / 1000;

/** A <time>, with UTC to be seen by whoever points at it. */
export function time(at, of_day) {
  if (!at) return nothing;
  const iso = as_date(at).toISOString();
  return h("time", { datetime: iso, title: iso }, moment(at, of_day));
}

/** A <time> that says how long ago. */
export function ago(at) {
  if (!at) return nothing;
  const iso = as_date(at).toISOString();
  return h("time", { datetime: iso, title: `${moment(at)} (${iso})` },
    `${whole_span(seconds_since(at))} ago`);
}

/** "1 event", "2 events". */
export const of_them = (n, one, many = `${one}s`) =>
  `${count(n)} ${n === 1 ? one : many}`;

/** "a, b and c"; of many the first alone, and how many more. */
export function list_of(words, most = 6) {
  if (words.length > most)
    return `${words.slice(0, most).join(", ")} and ${count(words.length - most)} more`;
  return words.length < 2 ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
