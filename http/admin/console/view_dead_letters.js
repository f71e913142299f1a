// Events that were acknowledged and could not be delivered, and another try.

import { get, post } from "./api.js";
import { confirmed } from "./dialogs.js";
import { h, show } from "./dom.js";
import { count, list_of, of_them, time } from "./format.js";
import { badge, broken, button, card, code, command, empty, failure, id, notice, toast } from "./parts.js";
import { explain } from "./reasons.js";
import { to } from "./router.js";
import { table } from "./table.js";

export const title = "Dead letters";

const most_at_once = 1000, most_shown = 10_000;

export function enter(main) {
  const state = { got: null, error: null, chosen: new Set(), limit: 100, busy: false,
    result: null };
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);

  async function ask() {
    try {
      state.got = await get("/api/v1/dead-letters", { limit: state.limit });
      state.error = null;
      const there = new Set(state.got.dead_letters.map((letter) => letter.event_id));
      for (const one of state.chosen) if (!there.has(one)) state.chosen.delete(one);
    } catch (error) {
      state.error = error;
    }
    draw();
  }
  async function replay() {
    const ids = [...state.chosen].slice(0, most_at_once);
    const letters = state.got.dead_letters.filter((l) => state.chosen.has(l.event_id));
    const servers = [...new Set(letters.map((l) => l.server).filter(Boolean))];
    const yes = await confirmed({ title: `Replay ${of_them(ids.length, "dead letter")}?`,
      verb: `Replay ${count(ids.length)}`, lines: [
        `${ids.length === 1 ? "It is" : "They are"} delivered to ${list_of(servers) ||
          "where they belong"}, now, under ${ids.length === 1 ? "its own id" : "their own ids"}: a server that has an event already takes it once.`,
        "What came in at a trigger has its taskflow run again from the beginning.",
        "A letter is gone from its sink once it was delivered; one that is not taken stays."] });
    if (!yes) return;
    state.busy = true;
    draw();
    try {
      state.result = await post("/api/v1/dead-letters/replay", { event_ids: ids });
      const { replayed, failed } = state.result;
      toast(`${count(replayed.length)} delivered, ${count(failed.length)} not.`,
        failed.length ? "bad" : "ok");
      state.chosen.clear();
    } catch (error) {
      toast(error.message, "bad");
    }
    state.busy = false;
    await ask();
  }
  const choose = (ids, on) => {
    for (const one of ids) if (on) state.chosen.add(one); else state.chosen.delete(one);
    draw();
  };
  const draw = () => show(body, state.error && failure(state.error, "list of dead letters"),
    state.got && view(state, { choose, replay, again: ask,
      more: () => { state.limit = Math.min(state.limit * 5, most_shown); ask(); } }));
  ask();
  const timer = setInterval(() => {
    if (!document.hidden && !state.busy) ask();
  }, 15_000);
  return () => clearInterval(timer);
}

function view({ got: { sinks, dead_letters: letters, more }, chosen, busy, result }, act) {
  if (sinks.length === 0)
    return empty("This node keeps no dead letters.",
      ["An event that was acknowledged before it was delivered (", code("ack: received"),
        ") goes here when it cannot be delivered. Name a place for them under ",
        code("dead_letters:"), "."]);
  const unreadable = sinks.filter(({ readable }) => !readable).map(({ name }) => name);
  return [
    result?.failed?.length ? notice("bad", "These were not taken, and stay: ", h("ul", {},
      result.failed.map(({ event_id, detail }) => h("li", {}, id(event_id), " ", detail)))) : null,
    card("Sinks", {}, h("ul", { class: "sinks" }, sinks.map((sink) => h("li", {},
      h("strong", {}, sink.name), " ", h("span", { class: "muted" }, sink.type), " ",
      sink.up === undefined ? "" : badge(sink.up ? "ok" : "bad", sink.up ? "up" : "down"), " ",
      sink.readable ? "" : badge("quiet", "cannot be read"),
      sink.error ? h("span", { class: "bad-text" }, " ", sink.error) : "")))),
    card("Letters", {}, letters.length === 0
      ? empty("There are none.", unreadable.length
        ? `What ${list_of(unreadable)} took cannot be read from here.`
        : "Whatever was acknowledged was delivered, or has been replayed.")
      : [h("div", { class: "toolbar" },
        button(busy ? "Replaying…" : `Replay ${chosen.size ? count(chosen.size) : "the chosen"}…`,
          act.replay, { class: "primary", disabled: chosen.size === 0 || busy }),
        button(`Choose all ${count(letters.length)}`, () =>
          act.choose(letters.map((l) => l.event_id), true)),
        chosen.size ? button("Choose none", () =>
          act.choose([...chosen], false)) : null,
        button("Read again", act.again, { class: "quiet push" })),
      table({ label: "Dead letters", columns: columns(chosen, act), rows: letters,
        key: (l) => `${l.sink} ${l.event_id} ${l.dead_at}`,
        row_class: (l) => chosen.has(l.event_id) ? "chosen" : "" }),
      more && letters.length < most_shown ? h("p", { class: "more" },
        `The oldest ${count(letters.length)} are shown. `,
        button("More", act.more)) : null]),
    h("p", { class: "muted" }, "To remove letters for good: ",
      command("mfo-node dead-letters purge --config node.yaml --id ID"))];
}

const columns = (chosen, act) => [
  { label: "Choose", label_hidden: true, class: "tight", cell: (l) => h("input", {
    type: "checkbox", "data-row": true, checked: chosen.has(l.event_id),
    "aria-label": `Choose ${l.event_id}`,
    on: { change: (e) => act.choose([l.event_id], e.currentTarget.checked) } }) },
  { label: "Died", class: "tight", cell: (l) => time(l.dead_at) },
  { label: "Type", class: "free", cell: (l) => l.type ?? "" },
  { label: "Endpoint", cell: (l) => broken(l.endpoint ?? "") },
  { label: "For server", cell: (l) => l.server ?? "" },
  { label: "Reason", cell: (l) => h("span", { title: explain(l.reason).meaning },
    code(broken(l.reason ?? ""))) },
  { label: "In detail", class: "wide", cell: (l) => [l.detail ?? "",
    l.last_status ? ` (last status ${l.last_status})` : ""] },
  { label: "Tries", class: "number", cell: (l) => count(l.attempts) },
  { label: "Sink", cell: (l) => l.sink },
  { label: "Event", class: "tight", cell: (l) => id(l.event_id, to("events", [l.event_id])) },
];
