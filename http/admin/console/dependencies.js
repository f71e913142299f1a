// Whom the node needs: servers, sinks, the collector of spans, peers; whether each is up,
// and what else of it is not as it should be.

import { difference } from "./clock.js";
import { h } from "./dom.js";
import { ago, ms, whole_span } from "./format.js";
import { badge, card } from "./parts.js";
import { table } from "./table.js";

/** A certificate that is told of, and one that is nearly too late. */
const soon_days = 14, late_days = 3;
/** What the browser's clock may be off by. */
const fair_ms = 10_000;

const days = (n) => n < 0 ? "ended" : n < 2 ? `${(n * 24).toFixed(0)} h left`
  : `${Math.floor(n)} days left`;

const certificate = (n) => n === undefined ? "–"
  : n < soon_days ? badge(n < late_days ? "bad" : "warn", days(n)) : days(n);

const columns = [
  { label: "Name", class: "free", cell: (d) => h("strong", {}, d.name) },
  { label: "Kind", class: "tight", cell: (d) => d.kind },
  { label: "State", class: "tight", cell: (d) => badge(d.up ? "ok" : "bad",
    d.up ? "up" : "down") },
  { label: "Last success", class: "tight", cell: (d) => d.last_success ? ago(d.last_success)
    : h("span", { class: "muted" }, "none yet") },
  { label: "Took", class: "number", cell: (d) => ms(d.latency_ms) },
  { label: "Certificate", class: "tight", cell: (d) => certificate(d.certificate_days_left) },
  { label: "In detail", class: "wide", cell: (d) => d.detail ?? "" },
];

/** Those that are down first. */
export const dependencies_card = (all, shown, more) => all.length === 0 ? null
  : card("What it depends on", { id: "dependencies" }, table({ label: "What it depends on",
    columns, rows: [...all.filter(({ up }) => !up), ...all.filter(({ up }) => up)],
    key: ({ kind, name }) => `${kind} ${name}`, shown, more }));

/** [what, since, detail, advice] of what no check of the node tells. */
export function warnings(all) {
  const found = all.filter((d) => d.certificate_days_left < soon_days).map((d) =>
    [`certificate of ${d.kind} ${d.name}`, null, days(d.certificate_days_left),
      "Have it renewed: once it has ended nobody is called there any more."]);
  const ahead = difference();
  if (Math.abs(ahead) > fair_ms)
    found.push(["clocks differ", null, `the node's is ${whole_span(Math.abs(ahead) / 1000)} ${
      ahead > 0 ? "ahead of" : "behind"} this browser's`,
    "Times here are by the node's. If that is the wrong one, it refuses signatures that have a time: see its time service."]);
  return found;
}
