// A run of a taskflow: what it did, task by task, on one scale of time.

import { h, svg } from "./dom.js";
import { post, seg } from "./api.js";
import { confirmed } from "./dialogs.js";
import { count, ms, seconds_since, time } from "./format.js";
import { badge, button, code, facts, id, kind_of, long_id, notice, outcome_badge, run_word,
  toast } from "./parts.js";
import { to } from "./router.js";
import { table } from "./table.js";

const elapsed = (run) => run.duration_ms ?? Math.max(0, seconds_since(run.started_at) * 1000);

export const run_columns = [
  { label: "Began", is_link: true, class: "tight", cell: (run) => time(run.started_at) },
  { label: "Taskflow", cell: (run) => `${run.workflow}/${run.taskflow}` },
  { label: "Outcome", cell: (run) => outcome_badge(run_word(run)) },
  { label: "Took", class: "number", cell: (run) => ms(elapsed(run)) },
  { label: "Tasks", class: "number", cell: (run) => count(run.tasks_total) },
  { label: "What was wrong", class: "wide", cell: (run) => run.error ? error_text(run.error) : "" },
  { label: "Event", class: "tight", cell: (run) => id(run.event_id, to("events", [run.event_id])) },
];

export const runs_table = (label, runs, more = {}) => table({ label, columns: run_columns,
  rows: runs, key: (run) => run.id, href: (run) => to("runs", [run.id]), ...more });

export const error_text = (error) => h("span", { class: "error-text" }, code(error.code),
  " ", error.message, error.task ? [" at ", code(error.task)] : "");

export function run_head(run, on_change) {
  return [h("p", { class: "sentence" }, outcome_badge(run_word(run)), " ",
    run.state === "running" ? `Under way for ${ms(elapsed(run))}.`
      : `Ended after ${ms(run.duration_ms)}.`,
    run.state === "running" ? [" ", button("Cancel this run…", () => cancel(run, on_change),
      { class: "danger small" })] : null),
  run.error ? h("div", { class: "why bad" }, h("h3", {}, "Why"),
    h("p", {}, error_text(run.error))) : null,
  facts([["Run", long_id(run.id)], ["Event", h("a",
    { class: "long", href: to("events", [run.event_id]) }, code(run.event_id))],
  ["Taskflow", h("a", { href: to("taskflows", [run.workflow, run.taskflow]) },
    `${run.workflow}/${run.taskflow}`)],
  ["Trigger", run.trigger], ["Began", time(run.started_at)]])];
}

async function cancel(run, on_change) {
  const yes = await confirmed({ title: "Cancel this run?", danger: true, verb: "Cancel the run",
    lines: [`${run.workflow}/${run.taskflow} ends as soon as it can: calls that are under way are broken off, tasks that have not begun do not begin. What was done stays done.`,
      "A sender that waits for it is told 503, taskflow_cancelled."] });
  if (!yes) return;
  try {
    await post(`/api/v1/runs/${seg(run.id)}/cancel`);
    toast("The run is being ended.");
  } catch (error) {
    toast(error.message, "bad");
  }
  on_change?.();
}

/** Each task with a bar from its beginning to its end. */
export function tasks_table(run) {
  const tasks = run.tasks ?? [];
  const whole = Math.max(elapsed(run), 0.001);
  const columns = [
    { label: "Task", class: "path", cell: (task) => h("span", {},
      "\u2003".repeat(Math.min(task.path.split("/").length - 1, 6)),
      code(task.path.slice(task.path.lastIndexOf("/") + 1)),
      task.path.includes("/") ? h("span", { class: "muted" },
        ` ${task.path.slice(0, task.path.lastIndexOf("/"))}`) : "") },
    { label: "Type", cell: (task) => h("span", { class: "muted" }, task.type) },
    { label: "Outcome", cell: (task) => outcome_badge(run_word(task)) },
    { label: "When", class: "bar-cell", cell: (task) => bar(task, whole) },
    { label: "Took", class: "number", cell: (task) => task.attempts === 0 && !task.duration_ms
      ? "–" : ms(task.duration_ms ?? whole - task.began_ms) },
    { label: "Tries", class: "number", cell: (task) => count(task.attempts) },
    { label: "What was wrong", class: "wide", cell: (task) => task.error
      ? error_text({ ...task.error, task: "" }) : "" },
  ];
  return [table({ label: "Tasks of the run", columns, rows: tasks, key: (task) => task.path }),
    run.tasks_left_out ? notice("quiet", null,
      `${count(run.tasks_left_out)} more tasks are not kept.`) : null];
}

function bar(task, whole) {
  const from = Math.min(100 * task.began_ms / whole, 99);
  const long = Math.max(1, Math.min(100 * (task.duration_ms ?? whole - task.began_ms) / whole,
    100 - from));
  return svg("svg", { class: `gantt ${kind_of(run_word(task))}`, viewBox: "0 0 100 8",
    preserveAspectRatio: "none", role: "img",
    "aria-label": `from ${ms(task.began_ms)} after the beginning` },
  svg("rect", { class: "track", y: 3.5, width: 100, height: 1 }),
  svg("rect", { class: "bar", x: from, y: 1, width: long, height: 6 }));
}

export const trigger_badge = (trigger) => badge(trigger.enabled ? "ok" : "quiet",
  trigger.enabled ? "enabled" : "disabled");
