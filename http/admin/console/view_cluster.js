// Who is in the cluster, as this node sees it, and asking one to drain.

import { post, seg } from "./api.js";
import { confirmed } from "./dialogs.js";
import { h, show, svg } from "./dom.js";
import { count, list_of, ms, of_them } from "./format.js";
import { node, watch } from "./node.js";
import { badge, button, card, code, command, empty, failure, meter, toast } from "./parts.js";
import { table } from "./table.js";

export const title = "Cluster";

const kinds = { alive: "ok", suspect: "warn", dead: "bad", left: "quiet" };

export function enter(main) {
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);
  let last = null;
  const asked = watch("/api/v1/cluster", {}, 2000, (cluster) => {
    last = cluster;
    show(body, draw(cluster, () => asked.now()));
  }, (error) => {
    if (error.is_missing) show(body, alone());
    else show(body, failure(error, "cluster"), last && draw(last, () => asked.now()));
  });
  return () => asked.stop();
}

const alone = () => empty("This node is alone.",
  "With a section cluster: in its configuration, several nodes share their work, hold copies for each other, and take over what one leaves.",
  ["To begin: ", command("mfo-node cluster init-ca --folder ca --cluster NAME")]);

function draw(cluster, again) {
  const { members } = cluster;
  const alive = members.filter(({ state }) => state === "alive");
  const off = members.filter(({ state }) => ["suspect", "dead"].includes(state));
  const unlinked = alive.filter(({ self, linked }) => !self && !linked);
  const kind = off.some(({ state }) => state === "dead") ? "bad"
    : off.length + unlinked.length > 0 ? "warn" : "ok";
  const names = (some) => list_of(some.map(({ name, state }) => `${name} is ${state}`));
  return [
    h("p", { class: `status ${kind}`, role: "status" }, h("span", {},
      `${cluster.cluster}: ${alive.length} of ${of_them(members.length, "member")} alive${
        off.length ? `; ${names(off)}` : ""}${unlinked.length
        ? `; no link to ${list_of(unlinked.map(({ name }) => name))}` : ""}.`)),
    h("p", { class: "muted" }, `${of_them(cluster.events_at_peers, "event")} of this node at peers, ${
      count(cluster.events_of_peers)} of theirs here.`),
    h("div", { class: "cluster" },
      card("Members", {}, table({ label: "Members", columns: columns(again), rows: members,
        key: ({ name, incarnation }) => `${name} ${incarnation}` })),
      card("Links of this node", {}, map(members))),
  ];
}

const columns = (again) => [
  { label: "Node", class: "tight", cell: (m) => [h("strong", {}, m.name), m.self ? h("span",
    { class: "muted" }, " this one") : "", h("div", { class: "muted small" },
    m.address)] },
  { label: "State", class: "tight", cell: (m) => [badge(kinds[m.state] ?? "quiet", m.state),
    m.draining ? [" ", badge("warn", "draining")] : ""] },
  { label: "Link", class: "tight", cell: (m) => m.self ? "–" : badge(m.linked ? "ok" : "bad",
    m.linked ? "up" : "none") },
  { label: "Load", class: "tight", cell: (m) => [meter(m.in_flight, m.max_in_flight, "In flight"),
    h("div", { class: "small" }, `${count(m.in_flight)} of ${count(m.max_in_flight)}`,
      m.queued ? `, ${count(m.queued)} wait` : "")] },
  { label: "Roles", cell: (m) => h("span", { class: "words" }, m.roles.map((role) =>
    h("span", { class: "word" }, role))) },
  { label: "Labels", cell: (m) => h("span", { class: "words" },
    Object.entries(m.labels).map(([name, value]) => h("span", { class: "word" },
      `${name}=${value}`))) },
  { label: "Open circuits", cell: (m) => m.open_circuits.length
    ? m.open_circuits.map((name) => badge("bad", name)) : "none" },
  { label: "Heard", class: "number", cell: (m) => m.last_heard_ms === undefined ? "–"
    : `${ms(m.last_heard_ms)} ago` },
  { label: "Release", class: "tight", cell: (m) => m.version },
  { label: "Drain", class: "tight", cell: (m) => m.draining || m.state !== "alive" ? ""
    : button("Drain…", () => drain(m, again), { class: "small danger",
      "aria-label": `Drain ${m.name}…` }) },
];

async function drain(member, again) {
  const yes = await confirmed({ title: `Drain ${member.name}?`, danger: true,
    verb: `Drain ${member.name}`, lines: [
      `${member.name} takes no more work: it is not ready any more, gives new events to the others, and finishes what it has (${of_them(member.in_flight, "event")} in flight).`,
      ["It stays like that until it is started again; there is no way back from here. ",
        member.self ? "It is the node that you look at." : ""]] });
  if (!yes) return;
  try {
    await post(`/api/v1/cluster/${seg(member.name)}/drain`);
    toast(`${member.name} was asked to drain.`);
  } catch (error) {
    toast(error.message, "bad");
  }
  again();
}

/** This node in the middle, the others around it. */
function map(members) {
  const peers = members.filter(({ self }) => !self).slice(0, 24);
  const left_out = members.length - 1 - peers.length;
  const place = peers.map((_, i) => {
    const turn = Math.PI + 2 * Math.PI * i / peers.length;
    return [150 + 95 * Math.cos(turn), 120 + 82 * Math.sin(turn)];
  });
  const ys = [120, ...place.map(([, y]) => y)];
  const top = Math.min(...ys) - 20, height = Math.max(...ys) + 34 - top;
  const dot = (m, x, y) => svg("g", { class: `dot ${kinds[m.state] ?? "quiet"}${
    m.draining ? " draining" : ""}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
  svg("title", {}, `${m.name}: ${m.state}`), svg("circle", { r: m.self ? 11 : 8 }),
  svg("text", { y: m.self ? 25 : 21, "text-anchor": "middle" },
    m.name.length > 16 ? `${m.name.slice(0, 15)}…` : m.name));
  const self = members.find((m) => m.self) ?? { name: node.overview?.node ?? "", self: true };
  return [svg("svg", { class: "map", viewBox: `0 ${top} 300 ${height}`, role: "img",
    "aria-label": `Links of ${self.name}: ${peers.map(({ name, linked }) =>
      `${name} ${linked ? "linked" : "not linked"}`).join(", ") || "none"}` },
  peers.map((m, i) => svg("line", { class: m.linked ? "link up" : "link down", x1: 150,
    y1: 120, x2: place[i][0].toFixed(1), y2: place[i][1].toFixed(1) })),
  peers.map((m, i) => dot(m, ...place[i])), dot(self, 150, 120)),
  left_out > 0 ? h("p", { class: "muted" }, `${left_out} more are in the table.`) : null,
  peers.length === 0 ? h("p", { class: "muted" }, "No other node yet: start one with the same ",
    code("cluster.name"), " and this one among its ", code("seeds"), ".") : null];
}
