// One run: its graph with the tasks that were done, live, and each task in a row.

import { get, seg } from "./api.js";
import { h, show } from "./dom.js";
import { graph_frame } from "./graph.js";
import { on, watch } from "./node.js";
import { card, empty, failure, long_id } from "./parts.js";
import { go, to } from "./router.js";
import { run_head, tasks_table } from "./run.js";

export const title = "Run";
export const within = "taskflows";

export function enter(main, { path: [of] }) {
  if (!of) return go("taskflows");
  const state = { run: null, graph: null, error: null };
  const body = h("div", { class: "stack" });
  main.append(h("p", { class: "back" }, h("a", { href: to("taskflows") }, "Taskflows")),
    h("h1", { class: "with-id" }, "Run ", long_id(of)), body);
  const draw = () => show(body, state.error && (state.error.is_missing ? gone()
    : failure(state.error, "run")), state.run && view(state, () => asked.now()));
  const asked = watch(`/api/v1/runs/${seg(of)}`, {}, 1500, take,
    (error) => { if (!state.run || !error.is_missing) { state.error = error; draw(); } });

  function take(run) {
    Object.assign(state, { run, error: null });
    if (!state.graph) find_graph(run);
    draw();
    if (run.state === "ended") asked.stop();
  }
  async function find_graph({ workflow, taskflow }) {
    state.graph = {};
    try {
      const { workflows } = await get("/api/v1/taskflows");
      state.graph.found = workflows.find((w) => w.name === workflow)
        ?.taskflows.find((flow) => flow.id === taskflow)?.graph;
      draw();
    } catch {
      // The list of tasks tells it as well.
    }
  }
  const off = on("runs", ({ runs }) => {
    const mine = runs.find((run) => run.id === of);
    if (mine?.tasks) take(mine);
    else if (mine) asked.now();
  });
  return () => { asked.stop(); off(); };
}

const gone = () => empty("This node knows of no such run.",
  "Those under way are kept, and the last that ended (taskflows.keep_runs). A restart forgets them; another node of the cluster may have it.");

const view = ({ run, graph }, again) => [
  h("section", { class: "card story" }, run_head(run, again)),
  graph?.found ? card("What was done", {}, graph_frame(graph.found, run.tasks)) : null,
  card("Tasks", {}, tasks_table(run))];
