// Draws a taskflow, and what a run has done of it.

import { h, svg } from "./dom.js";
import { kind_of, run_word } from "./parts.js";
import { layout, name_of } from "./graph_layout.js";

/** Without the numbers of items and turns: "route/each[3]/file" is "route/each/file". */
const plain = (path) => path.replace(/\[\d+\]/g, "");
const bare = (path) => plain(path).split("/")
  .filter((part) => !["each", "turn"].includes(part)).join("/");

/** By the id of a node: what has become of its task, in all turns. */
export function states(graph, tasks) {
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const by_bare = new Map(graph.nodes.map(({ id }) => [bare(id), id]));
  const found = new Map();
  for (const task of tasks) {
    const id = ids.has(plain(task.path)) ? plain(task.path) : by_bare.get(bare(task.path));
    if (id === undefined) continue;
    const state = found.get(id) ?? { total: 0, by_word: {} };
    const word = run_word(task);
    state.total += 1;
    state.by_word[word] = (state.by_word[word] ?? 0) + 1;
    found.set(id, state);
  }
  const telling = ["running", "Errored", "Failed", "Cancelled", "Succeeded", "Omitted",
    "Skipped"];
  for (const state of found.values())
    state.word = telling.find((word) => state.by_word[word]) ?? "Succeeded";
  return found;
}

const curve = (points) => points.map(([x, y], i) => {
  if (i === 0) return `M${x} ${y}`;
  const [px, py] = points[i - 1];
  if (px === x) return `L${x} ${y}`;
  const half = (y - py) / 2;
  return `C${px} ${py + half} ${x} ${y - half} ${x} ${y}`;
}).join("");

const cut = (text, width, letter = 7.2) => {
  const most = Math.max(3, Math.floor(width / letter));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

const signs = { ok: "M-4 .5-1 3.5 4-3", bad: "M-3-3 3 3M3-3-3 3", warn: "M0-4V1M0 3.5v.1",
  quiet: "M-3 0h6", busy: "M0-4a4 4 0 1 1-4 4" };

/** In a frame that scrolls, with the middle to be seen at first. */
export function graph_frame(graph, tasks) {
  const frame = h("div", { class: "graph-frame", tabindex: 0, role: "group",
    "aria-label": "Graph" }, draw_graph(graph, tasks));
  requestAnimationFrame(() => {
    frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
  });
  return frame;
}

/** `tasks` of a run, or none. The list of tasks beside it says the same in words. */
function draw_graph(graph, tasks) {
  const at = layout(graph);
  const run = tasks ? states(graph, tasks) : null;
  const margin = graph.edges.some(({ label }) => label) ? 60 : 0;
  const wide = at.width + 2 * margin;
  const words = run ? [...run].map(([id, { word }]) => `${id} ${word}`).join(", ") : "";
  return svg("svg", { class: "graph", role: "img", viewBox: `${-margin} 0 ${wide} ${at.height}`,
    width: Math.ceil(wide), height: Math.ceil(at.height),
    "aria-label": `${graph.nodes.length} tasks and what they wait for. ${words}` },
  svg("defs", {}, ["", "went"].map((name) => svg("marker", { id: `tip${name}`,
    viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8,
    markerUnits: "userSpaceOnUse", orient: "auto" },
  svg("path", { class: `tip ${name}`, d: "M0 0 8 4 0 8z" })))),
  at.nodes.filter(({ holds }) => holds).map((box) => draw_box(box, run)),
  at.edges.map(({ edge, points }) => draw_edge(edge, points, run)),
  at.edges.map(({ edge, points }) => edge.label ? label_of(edge, points) : null),
  at.nodes.filter(({ holds }) => !holds).map((box) => draw_box(box, run)));
}

function draw_edge(edge, points, run) {
  const went = run?.has(edge.from) && run.has(edge.to) &&
    !["Skipped", "Omitted"].includes(run.get(edge.to).word);
  return svg("g", { class: `edge ${edge.kind === "case" ? "case" : "needs"}${
    went ? " went" : ""}` }, svg("path", { d: curve(points),
    "marker-end": `url(#tip${went ? "went" : ""})` }));
}

/** Beside the tip, on the side that the line does not come from. */
function label_of(edge, points) {
  const [x, y] = points.at(-1), [px] = points.at(-2);
  const side = px > x ? -1 : 1;
  return svg("text", { class: "edge-label", x: x + 7 * side, y: y - 8, "text-anchor": side < 0 ? "end" : "start" },
    svg("title", {}, edge.label), cut(edge.label.replaceAll("$tasks.", ""), 120, 6));
}

function draw_box({ node, x, y, width, height, holds }, run) {
  const state = run?.get(node.id);
  // Branches, and the blocks of a try, are no tasks.
  const frame = ["branch", "tasks", "catch"].includes(node.type);
  const kind = frame ? "frame" : state ? kind_of(state.word) : run ? "waits" : "plain";
  const title = node.label ?? name_of(node);
  const times = state && state.total > 1 ? ` ×${state.total}` : "";
  return svg("g", { class: `task ${kind}${holds ? " block" : ""}`,
    transform: `translate(${x} ${y})`, "data-task": node.id },
  svg("title", {}, state ? `${node.id}: ${Object.entries(state.by_word)
    .map(([word, n]) => n > 1 ? `${n} ${word}` : word).join(", ")}` : node.id),
  svg("rect", { width, height, rx: node.type === "condition" ? 14 : 6 }),
  svg("text", { class: "name", x: 12, y: 17 },
    cut(title, width - 38) + times),
  frame ? null : svg("text", { class: "type", x: 12, y: 31 },
    cut(node.type, width - 20, 6.1)),
  state ? svg("g", { transform: `translate(${width - 14} 13)` },
    svg("path", { class: "sign", d: signs[kind] ?? signs.quiet })) : null);
}
