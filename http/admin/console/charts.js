// Small charts of what happened over time. Each has a sentence in place of what is
// drawn, and tells the numbers of the moment that the pointer is at.

import { h, svg } from "./dom.js";
import { hour_minute } from "./format.js";

const height = 120, left = 52, right = 8, top = 10, bottom = 20;

/**
 * `series`: [{label, values, kind: "area"|"line"|"bars", class}], null where nothing is
 * known; `from` (ms) and `step` (ms) of their first value; `unit(n)` gives a text. The
 * scale goes up to `least` at least.
 * What it gives has `node` and `draw({from, step, series, summary})`.
 */
export function chart(title, unit, least = 1) {
  const drawing = svg("svg", { class: "chart", role: "img", height,
    preserveAspectRatio: "none" });
  const cursor = svg("line", { class: "cursor", y1: top, y2: height - bottom,
    visibility: "hidden" });
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const legend = h("p", { class: "legend" });
  const node = h("figure", { class: "figure" },
    h("figcaption", {}, h("strong", {}, title), legend),
    h("div", { class: "plot" }, drawing, readout));
  let data = null;

  function draw(next = data) {
    data = next;
    const width = Math.max(Math.round(node.clientWidth) || 320, 200);
    if (!data) return;
    const { series, from, step, summary } = data;
    const steps = Math.max(...series.map(({ values }) => values.length), 1);
    const most = nice(Math.max(...series.flatMap(({ values }) =>
      values.filter((v) => v !== null)), least));
    const x = (i) => left + (width - left - right) * (steps < 2 ? 0.5 : i / (steps - 1));
    const y = (v) => top + (height - top - bottom) * (1 - v / most);
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.setAttribute("width", width);
    drawing.setAttribute("aria-label", `${title}. ${summary}`);
    drawing.replaceChildren(...grid(width, most, y, unit), ...hours(from, step, steps, x),
      ...series.flatMap((one) => shapes(one, x, y, most)), cursor);
    legend.replaceChildren(...series.map(({ label, class: name }) =>
      h("span", { class: name }, svg("svg", { class: "swatch", viewBox: "0 0 10 10",
        "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, rx: 2 })), label)));
  }

  drawing.addEventListener("pointermove", (event) => {
    if (!data) return;
    const box = drawing.getBoundingClientRect();
    const steps = Math.max(...data.series.map(({ values }) => values.length));
    const inner = box.width - left - right;
    const at = Math.round((event.clientX - box.left - left) / inner * (steps - 1));
    if (!(at >= 0 && at < steps)) return;
    const px = left + inner * at / Math.max(steps - 1, 1);
    cursor.setAttribute("x1", px);
    cursor.setAttribute("x2", px);
    cursor.setAttribute("visibility", "visible");
    readout.textContent = [hour_minute(new Date(data.from + at * data.step)),
      ...data.series.map(({ label, values }) =>
        `${label} ${values[at] === null || values[at] === undefined ? "–" : unit(values[at])}`)]
      .join("  ·  ");
  });
  drawing.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    readout.textContent = "";
  });
  const sized = new ResizeObserver(() => draw());
  sized.observe(node);
  return { node, draw, stop: () => sized.disconnect() };
}

/** A round number that is not less. */
function nice(n) {
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 2.5, 5, 10].map((f) => f * power).find((v) => v >= n);
}

const grid = (width, most, y, unit) => [0, most / 2, most].flatMap((v) => [
  svg("line", { class: "grid", x1: left, x2: width - right, y1: y(v), y2: y(v) }),
  svg("text", { class: "tick", x: left - 6, y: y(v) + 3.5, "text-anchor": "end" },
    unit(v).replace(/\.0+(?!\d)/, ""))]);

function hours(from, step, steps, x) {
  const minutes = steps * step / 60_000;
  const every = 60_000 * (minutes <= 90 ? 15 : minutes <= 400 ? 60 : 240);
  const ticks = [];
  for (let t = Math.ceil(from / every) * every; t <= from + (steps - 1) * step; t += every) {
    const at = x((t - from) / step);
    if (at < left + 14 || at > x(steps - 1) - 12) continue;
    ticks.push(svg("line", { class: "grid", x1: at, x2: at, y1: height - bottom,
      y2: height - bottom + 3 }),
    svg("text", { class: "tick", x: at, y: height - 5, "text-anchor": "middle" },
      hour_minute(new Date(t))));
  }
  return ticks;
}

function shapes({ values, kind, class: name }, x, y, most) {
  if (kind === "bars") {
    const wide = Math.max((x(1) - x(0)) * 0.9, 1.5);
    return values.flatMap((v, i) => v ? [svg("rect", { class: `bar ${name}`,
      x: x(i) - wide / 2, width: wide, y: Math.min(y(v), y(0) - 2),
      height: Math.max(y(0) - y(v), 2) })] : []);
  }
  const runs = [];
  values.forEach((v, i) => {
    if (v === null || v === undefined) return;
    if (i > 0 && runs.length > 0 && runs.at(-1).at(-1)[2] === i - 1)
      runs.at(-1).push([x(i), y(Math.min(v, most)), i]);
    else runs.push([[x(i), y(Math.min(v, most)), i]]);
  });
  return runs.flatMap((run) => {
    const line = run.map(([a, b], i) =>
      `${i ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`).join("");
    const drawn = [svg("path", { class: `line ${name}`, d: run.length > 1 ? line
      : `${line}h1` })];
    if (kind === "area")
      drawn.unshift(svg("path", { class: `area ${name}`,
        d: `${line}L${run.at(-1)[0].toFixed(1)} ${y(0)}L${run[0][0].toFixed(1)} ${y(0)}Z` }));
    return drawn;
  });
}

/** A line without axes for a tile; null where there is nothing to be seen. */
export function sparkline(values, name) {
  const most = Math.max(...values.filter((v) => v !== null), 0);
  if (most === 0) return null;
  const x = (i) => 100 * i / Math.max(values.length - 1, 1), y = (v) => 23 - 21 * v / most;
  return svg("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none",
    "aria-hidden": "true" }, shapes({ values, kind: "area", class: name }, x, y, most));
}
