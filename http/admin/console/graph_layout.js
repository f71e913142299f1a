// Where the boxes of a taskflow go: layers from the top down (Sugiyama), blocks of
// loops as boxes with a layout of their own. Pure.

const row_gap = 34, column_gap = 18, pad = 14, head = 38;
const node_height = 40, dummy_width = 6;

/** By how letters of 12 px run; `title` and `type` are texts. */
export const width_of = (title, type) => Math.min(220,
  Math.max(76, 62 + 7.2 * title.length, 20 + 6.1 * type.length));

export const name_of = (node) => node.id.slice(node.id.lastIndexOf("/") + 1);

/**
 * {nodes: [{node, x, y, width, height, holds}], edges: [{edge, points}], width, height}
 * of a graph of GET /api/v1/taskflows.
 */
export function layout({ nodes, edges }) {
  const by_id = new Map(nodes.map((node) => [node.id, node]));
  const parent_of = (node) => by_id.has(node.parent) && node.parent !== node.id
    ? node.parent : undefined;
  const children = new Map();
  for (const node of nodes) {
    const parent = parent_of(node);
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  /** The one of `group` that is `id` or holds it. */
  const in_group = (id, group) => {
    for (let at = id, n = 0; at !== undefined && n < 64; ++n) {
      if (group.has(at)) return at;
      at = by_id.get(at)?.parent;
    }
    return undefined;
  };
  const placed = new Map(), ways = new Map(), done = new Set();

  function place(parent) {
    done.add(parent);
    const members = children.get(parent) ?? [];
    const boxes = new Map(members.map((node) => {
      const inner = children.has(node.id) && !done.has(node.id) ? place(node.id) : null;
      const own = width_of(node.label ?? name_of(node), node.type);
      return [node.id, { node, inner,
        width: inner ? Math.max(own, inner.width + 2 * pad) : own,
        height: inner ? head + inner.height + pad : node_height }];
    }));
    const within = edges.filter((edge) => edge.kind !== "body" &&
      edge.from !== edge.to).map((edge) => ({ edge, from: in_group(edge.from, boxes),
      to: in_group(edge.to, boxes) }))
      .filter(({ from, to }) => from && to && from !== to);
    return arrange(boxes, within);
  }

  function settle(group, dx, dy) {
    for (const box of group.boxes.values()) {
      placed.set(box.node.id, { node: box.node, x: box.x + dx, y: box.y + dy,
        width: box.width, height: box.height, holds: Boolean(box.inner) });
      if (box.inner) settle(box.inner,
        box.x + dx + (box.width - box.inner.width) / 2, box.y + dy + head);
    }
    for (const { edge, points } of group.lines)
      ways.set(edge, points.map(([x, y]) => [x + dx, y + dy]));
  }

  const whole = place(undefined);
  settle(whole, pad, pad);
  return { nodes: [...placed.values()],
    edges: [...ways].map(([edge, points]) => ({ edge, points })),
    width: whole.width + 2 * pad, height: whole.height + 2 * pad };
}

/** One group: ranks, order within them, places. */
function arrange(boxes, links) {
  const ranks = rank(boxes, links);
  const layers = [];
  const put = (at, item) => (layers[at] ??= []).push(item);
  for (const [id, box] of boxes) put(ranks.get(id), { ...box, id, up: [], down: [] });
  const item_of = new Map(layers.flat().map((item) => [item.id, item]));
  const chains = links.map(({ edge, from, to }) => {
    const chain = [item_of.get(from)];
    for (let at = ranks.get(from) + 1; at < ranks.get(to); ++at) {
      const dummy = { width: dummy_width, height: 0, up: [], down: [], dummy: true };
      put(at, dummy);
      chain.push(dummy);
    }
    chain.push(item_of.get(to));
    if (ranks.get(from) < ranks.get(to))
      for (let i = 1; i < chain.length; ++i) {
        chain[i - 1].down.push(chain[i]);
        chain[i].up.push(chain[i - 1]);
      }
    return { edge, chain };
  });
  order(layers);
  const size = positions(layers);
  for (const item of item_of.values())
    Object.assign(boxes.get(item.id), { x: item.x, y: item.y });
  return { boxes, ...size, lines: chains.map(({ edge, chain }) => ({ edge,
    points: chain.flatMap((item, i) => {
      const x = item.x + item.width / 2;
      if (item.dummy) return [[x, item.y], [x, item.y + item.row]];
      return [[x, i === 0 ? item.y + item.height : item.y]];
    }) })) };
}

/** The longest way to each; an edge that would close a circle does not count. */
function rank(boxes, links) {
  const into = new Map([...boxes.keys()].map((id) => [id, []]));
  for (const { from, to } of links) into.get(to).push(from);
  const ranks = new Map(), open = new Set();
  const of = (id) => {
    if (ranks.has(id)) return ranks.get(id);
    if (open.has(id)) return -1;
    open.add(id);
    const longest = Math.max(-1, ...into.get(id).map(of));
    open.delete(id);
    ranks.set(id, longest + 1);
    return longest + 1;
  };
  [...boxes.keys()].forEach(of);
  return ranks;
}

/** Barycentres, down and up a few times. */
function order(layers) {
  const number = () => layers.forEach((layer) =>
    layer.forEach((item, i) => { item.at = i; }));
  number();
  for (let turn = 0; turn < 6; ++turn) {
    const side = turn % 2 ? "down" : "up";
    for (const layer of layers) {
      layer.forEach((item) => {
        const others = item[side];
        item.weight = others.length === 0 ? item.at
          : others.reduce((sum, other) => sum + other.at, 0) / others.length;
      });
      layer.sort((a, b) => a.weight - b.weight || a.at - b.at);
      layer.forEach((item, i) => { item.at = i; });
    }
  }
}

/** x near the middle of those above and below, none on another; y by rows. */
function positions(layers) {
  const middle = (item) => item.x + item.width / 2;
  layers.forEach((layer) => {
    let x = 0;
    for (const item of layer) { item.x = x; x += item.width + column_gap; }
  });
  const widest = Math.max(...layers.map((layer) =>
    layer.at(-1).x + layer.at(-1).width), 0);
  layers.forEach((layer) => {
    const shift = (widest - layer.at(-1).x - layer.at(-1).width) / 2;
    layer.forEach((item) => { item.x += shift; });
  });
  for (let turn = 0; turn < 8; ++turn)
    for (const layer of turn % 2 ? [...layers].reverse() : layers) {
      for (const item of layer) {
        const others = turn % 2 ? item.down : item.up;
        if (others.length > 0)
          item.want = others.reduce((sum, o) => sum + middle(o), 0) / others.length -
            item.width / 2;
        else item.want = item.x;
      }
      spread(layer);
    }
  const all = layers.flat();
  const least = Math.min(...all.map((item) => item.x));
  all.forEach((item) => { item.x -= least; });
  let y = 0;
  for (const layer of layers) {
    const row = Math.max(...layer.map((item) => item.height));
    layer.forEach((item) => { item.y = y; item.row = row; });
    y += row + row_gap;
  }
  return { width: Math.max(...all.map((item) => item.x + item.width)),
    height: y - row_gap };
}

/** To where they want to be, in their order, with gaps; half way from each side. */
function spread(layer) {
  const from_left = [], from_right = [];
  let edge = -Infinity;
  layer.forEach((item, i) => {
    from_left[i] = Math.max(item.want, edge);
    edge = from_left[i] + item.width + column_gap;
  });
  edge = Infinity;
  for (let i = layer.length - 1; i >= 0; --i) {
    from_right[i] = Math.min(layer[i].want, edge - layer[i].width);
    edge = from_right[i] - column_gap;
  }
  layer.forEach((item, i) => { item.x = (from_left[i] + from_right[i]) / 2; });
}
