// The taskflows: what starts them, their graphs, their runs.

import { post, seg } from "./api.js";
import { asked_for_text } from "./dialogs.js";
import { h, show } from "./dom.js";
import { of_them } from "./format.js";
import { graph_frame } from "./graph.js";
import { last_seconds, merge_runs } from "./live.js";
import { on, watch } from "./node.js";
import { badge, button, card, code, command, empty, events_link, failure, toast } from "./parts.js";
import { go, to } from "./router.js";
import { runs_table } from "./run.js";

export const title = "Taskflows";

const most_runs = 500;

export function enter(main, { path: [workflow, taskflow] }) {
  const state = { workflows: null, error: null, runs: [], runs_error: null, shown: 50 };
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);
  const heard = last_seconds();
  const chosen = () => {
    const all = (state.workflows ?? []).flatMap((w) =>
      w.taskflows.map((flow) => ({ workflow: w, flow })));
    return all.find((one) => one.workflow.name === workflow && one.flow.id === taskflow)
      ?? (workflow ? undefined : all[0]);
  };
  const mine = (run) => {
    const one = chosen();
    return one && run.workflow === one.workflow.name && run.taskflow === one.flow.id;
  };
  const draw = () => show(body, state.error && failure(state.error, "list of taskflows"),
    state.workflows && view(state, chosen(), state.runs.filter(mine),
      () => { state.shown += 50; draw(); }));
  const asked = [
    watch("/api/v1/taskflows", {}, 15_000, ({ workflows }) => {
      Object.assign(state, { workflows, error: null });
      draw();
    }, (error) => { state.error = error; draw(); }),
    watch("/api/v1/runs", { workflow, taskflow, limit: most_runs }, 10_000, ({ runs }) => {
      Object.assign(state, { runs: merge_runs(runs, heard.all()), runs_error: null });
      draw();
    }, (error) => { state.runs_error = error; draw(); }),
  ];
  const off = on("runs", ({ runs }) => {
    heard.add(runs);
    // Bounded where the list cannot be asked for, however long the page stays open.
    state.runs = merge_runs(state.runs, runs).slice(0, most_runs);
    draw();
  });
  return () => { asked.forEach((one) => one.stop()); off(); };
}

function view({ workflows, runs_error, shown }, chosen, runs, more) {
  if (workflows.length === 0)
    return empty("This node has no workflows.",
      ["A workflow says in YAML what is to be done with an event: what calls what, and when. Name its file under ",
        code("workflows:"), " in the configuration."],
      command("mfo-node taskflow check FILE"));
  const nav = h("nav", { class: "chooser", "aria-label": "Taskflows" }, workflows.map((w) =>
    h("section", {}, h("h2", {}, w.name), h("ul", {}, w.taskflows.map((flow) => h("li", {},
      h("a", { href: to("taskflows", [w.name, flow.id]), "aria-current":
        chosen?.workflow === w && chosen.flow === flow ? "page" : null }, flow.id)))))));
  if (!chosen)
    return h("div", { class: "beside" }, nav, empty("There is no such taskflow.",
      "It may have been removed by a reload."));
  const { workflow, flow } = chosen;
  const triggers = workflow.triggers.filter((t) => t.taskflow === flow.id);
  const by_hand = triggers.filter((t) => t.type === "manual" && t.enabled);
  return h("div", { class: "beside" }, nav, h("div", { class: "stack" },
    h("section", { class: "card" },
      h("h2", {}, `${workflow.name}/${flow.id}`, " ", by_hand.length > 0
        ? button("Start a run…", () => start(workflow, flow, by_hand), { class: "small push" })
        : null),
      h("p", { class: "muted" }, workflow.description ? `${workflow.description} ` : "",
        code(workflow.file)),
      h("h3", {}, "What starts it"),
      triggers.length ? h("ul", { class: "triggers" }, triggers.map(trigger_line))
        : h("p", { class: "muted" }, "No trigger: other taskflows run it, or nobody does."),
      h("h3", {}, "Its tasks"),
      graph_frame(flow.graph),
      in_words(flow.graph)),
    card("Runs", {}, runs_error ? failure(runs_error, "list of runs") : null,
      runs.length ? runs_table("Runs", runs, { shown, more })
        : h("p", { class: "muted" }, "No run of it is remembered: ",
          "the node keeps those under way and the last that ended."))));
}

const trigger_line = (t) => h("li", {}, h("strong", {}, t.id), " ",
  h("span", { class: "muted" }, t.type), " ", t.path ? code(t.path) : "",
  t.endpoint ? [" ", events_link("its events", { endpoint: t.endpoint })] : "",
  t.cron ? [code(t.cron), " ", t.time_zone ?? ""] : "",
  t.events ? t.events.map((name) => [" ", code(name)]) : "",
  t.enabled ? "" : [" ", badge("quiet", "disabled")]);

/** The same as the picture. */
function in_words({ nodes, edges }) {
  const before = (id) => edges.filter((e) => e.to === id && e.kind !== "body");
  return h("details", {}, h("summary", {}, `In words: ${of_them(nodes.length, "task")}`),
    h("ul", { class: "in-words" }, nodes.map((task) => h("li", {}, code(task.id), " ",
      h("span", { class: "muted" }, task.type), before(task.id).map((edge) =>
        [edge.kind === "case" ? " · chosen by " : " · after ", code(edge.from),
          edge.label ? ` (${edge.label})` : ""])))));
}

async function start(workflow, flow, triggers) {
  const text = await asked_for_text({ title: `Start ${workflow.name}/${flow.id}?`,
    verb: "Start it", label: "Input", value: "{}", lines: [
      "The taskflow runs now, on this node or another, and calls what it calls. Its input is one JSON text, or empty:"],
    check: (input) => {
      try {
        if (input.trim()) JSON.parse(input);
        return "";
      } catch (error) {
        return `This is not JSON: ${error.message}`;
      }
    } });
  if (text === null) return;
  const query = triggers.length > 1 ? `?trigger=${seg(triggers[0].id)}` : "";
  try {
    const { run } = await post(`/api/v1/taskflows/${seg(workflow.name)}/${seg(flow.id)}/runs${
      query}`, text.trim() ? JSON.parse(text) : undefined);
    go("runs", [run]);
  } catch (error) {
    toast(error.message, "bad");
  }
}
