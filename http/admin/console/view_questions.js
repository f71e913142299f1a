// What runs ask people.

import { post, seg } from "./api.js";
import { now } from "./clock.js";
import { h, show } from "./dom.js";
import { ago, clock, moment, whole_span, as_date } from "./format.js";
import { watch } from "./node.js";
import { code, empty, failure, id, toast } from "./parts.js";
import { to } from "./router.js";

export const title = "Questions";

export function enter(main) {
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);
  let last = null;
  const draw = (...before) => show(body, before, !last ? null : last.length
    ? last.map((one) => question(one, () => asked.now()))
    : empty("Nobody is asked anything.",
      ["A task ", code("ask_user"), " of a taskflow waits for a person; its question is here, and its run goes on with the answer."]));
  const asked = watch("/api/v1/questions", {}, 2500, ({ questions }) => {
    last = questions;
    draw();
  }, (error) => draw(failure(error, "list of questions")));
  return () => asked.stop();
}

function question(q, again) {
  const label = `answer-${q.id}`;
  const left = q.until ? (as_date(q.until).getTime() - now()) / 1000 : null;
  return h("form", { class: "card question", "data-key": q.id,
    on: { submit: (e) => answer(e, q, again) } },
  h("p", { class: "asked", id: label }, q.question),
  h("p", { class: "muted" }, `${q.workflow}/${q.taskflow}, task `, code(q.task), ", asked ",
    ago(q.asked_at), left === null ? "; it waits as long as its run does"
      : [`; it waits until ${moment(q.until, clock)} (${whole_span(Math.max(0, left))})`],
    ". Run ", id(q.run, to("runs", [q.run]))),
  h("div", { class: "answer-line", role: "group", "aria-labelledby": label }, q.choices.length
    ? q.choices.map((choice) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "answer", required: true, "data-choice": choice }),
      choice))
    : h("input", { type: "text", name: "answer", required: true, maxlength: 4096,
      "aria-label": "Answer" }),
  h("button", { type: "submit", class: "primary" }, "Answer")),
  h("p", { class: "muted small" }, "It is given once, and the run goes on with it at once."));
}

async function answer(event, q, again) {
  event.preventDefault();
  const form = event.currentTarget;
  const text = q.choices.length ? form.querySelector(":checked")?.dataset.choice
    : form.querySelector("input").value;
  if (text === undefined) return;
  try {
    await post(`/api/v1/questions/${seg(q.id)}/answer`, { answer: text });
    toast("The answer was given.");
  } catch (error) {
    toast(error.message, "bad");
  }
  again();
}
