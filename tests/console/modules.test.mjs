// What needs no page: where boxes of a graph go, how a stream is read, and what it adds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/modules.mjs";

const { layout } = await load("graph_layout.js");
const { reader_of_events } = await load("sse.js");
const { last_seconds, merge_events, merge_runs } = await load("live.js");

const nodes = (...ids) => ids.map((id) => ({ id, type: "set",
  ...(id.includes("/") ? { parent: id.slice(0, id.indexOf("/")) } : {}) }));
const needs = (...pairs) => pairs.map(([from, to]) => ({ from, to, kind: "needs" }));
const of = ({ nodes: boxes }, id) => boxes.find(({ node }) => node.id === id);

const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width &&
  a.y < b.y + b.height && b.y < a.y + a.height;

test("what waits is below what it waits for, and no box is on another", () => {
  const ids = Array.from({ length: 30 }, (_, i) => `t${i}`);
  const pairs = ids.flatMap((id, i) => [[2, 3, 5].map((by) => ids[Math.floor(i / by)])
    .filter((from) => from !== id).map((from) => [from, id])]).flat();
  const drawn = layout({ nodes: nodes(...ids), edges: needs(...pairs) });
  for (const [from, to] of pairs)
    assert.ok(of(drawn, from).y + of(drawn, from).height <= of(drawn, to).y, `${from} ${to}`);
  for (const a of drawn.nodes)
    for (const b of drawn.nodes) assert.ok(a === b || !overlap(a, b));
  for (const box of drawn.nodes)
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= drawn.width &&
      box.y + box.height <= drawn.height);
});

test("the tasks of a block are within its box", () => {
  const drawn = layout({ nodes: nodes("each", "each/a", "each/b", "after"),
    edges: needs(["each/a", "each/b"], ["each", "after"]) });
  const block = of(drawn, "each");
  assert.ok(block.holds);
  for (const id of ["each/a", "each/b"]) {
    const box = of(drawn, id);
    assert.ok(box.x > block.x && box.x + box.width < block.x + block.width &&
      box.y > block.y && box.y + box.height < block.y + block.height);
  }
  assert.ok(of(drawn, "each/b").y > of(drawn, "each/a").y);
  assert.ok(of(drawn, "after").y > block.y + block.height);
});

test("what should not be there does not hang it: circles, loose ends, nothing", () => {
  const circle = layout({ nodes: nodes("a", "b"), edges: needs(["a", "b"], ["b", "a"],
    ["a", "a"], ["a", "nobody"]) });
  assert.equal(circle.nodes.length, 2);
  const own = [{ id: "p", type: "loop", parent: "q" }, { id: "q", type: "loop", parent: "p" }];
  layout({ nodes: own, edges: [] });
  assert.deepEqual(layout({ nodes: [], edges: [] }).nodes, []);
});

function read(...pieces) {
  const events = [], retries = [];
  const take = reader_of_events((name, data) => events.push([name, data]),
    (ms) => retries.push(ms));
  pieces.forEach(take);
  return { events, retries };
}

test("events are read, however they are cut", () => {
  const text = 'retry: 2000\n\n: a word\n\nevent: overview\ndata: {"a":\ndata: 1}\n\ndata: 2\r\n\r\n';
  const whole = { events: [["overview", { a: 1 }], ["message", 2]], retries: [2000] };
  assert.deepEqual(read(text), whole);
  assert.deepEqual(read(...text), whole);
});

test("what is no JSON, and what is not finished, is no event", () => {
  assert.deepEqual(read("data: {\n\ndata: 1").events, []);
});

const event = (id, received_at, outcome) => ({ id, received_at, outcome });

test("an event that has ended is as the stream has it, and one sent again is there twice", () => {
  const known = [event("b", "02", "in_flight"), event("a", "01", "delivered")];
  assert.deepEqual(merge_events(known, [event("b", "02", "delivered"),
    event("a", "03", "refused")]), [event("a", "03", "refused"),
    event("b", "02", "delivered"), event("a", "01", "delivered")]);
});

test("a run keeps what lists do not tell of it", () => {
  const [run] = merge_runs([{ id: "r", started_at: "01", tasks: [1], state: "running" }],
    [{ id: "r", started_at: "01", state: "ended" }]);
  assert.deepEqual(run, { id: "r", started_at: "01", tasks: [1], state: "ended" });
});

test("what the stream told is remembered for its time, and no longer", () => {
  const kept = last_seconds(1000), forgotten = last_seconds(0);
  kept.add([1, 2]);
  kept.add([3]);
  forgotten.add([1]);
  assert.deepEqual(kept.all(), [1, 2, 3]);
  assert.deepEqual(forgotten.all(), []);
});
