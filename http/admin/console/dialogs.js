// Asks before something is done, and for the token.

import { h } from "./dom.js";
import { forget_token, set_token } from "./api.js";

/** Shows a <dialog> until it is closed; gives its returnValue. */
function ask(label, content, first) {
  const before = document.activeElement;
  const dialog = h("dialog", { "aria-label": label }, content);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
    (first ?? dialog.querySelector("[autofocus]"))?.focus();
  });
}

const close = (value) => (event) => event.currentTarget.closest("dialog").close(value);

const buttons = (...all) => h("p", { class: "buttons" }, all);
const cancel = () =>
  h("button", { type: "button", autofocus: true, on: { click: close("") } }, "Cancel");

/** `title` asks, `lines` say what will happen, `verb` does it. Gives true for yes. */
export async function confirmed({ title, lines, verb, danger = false }) {
  return await ask(title, [h("h2", {}, title),
    lines.map((line) => h("p", {}, line)),
    buttons(cancel(), h("button", { type: "button", class: danger ? "danger" : "primary",
      on: { click: close("yes") } }, verb))]) === "yes";
}

/** Asks for a text; null where nobody wants to say one. */
export async function asked_for_text({ title, lines, verb, label, value = "", check }) {
  const area = h("textarea", { rows: 8, spellcheck: "false", "aria-label": label, value });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const give = (event) => {
    const complaint = check?.(area.value);
    if (complaint) wrong.textContent = complaint;
    else close("yes")(event);
  };
  const answer = await ask(title, [h("h2", {}, title), lines.map((line) => h("p", {}, line)),
    area, wrong, buttons(cancel(),
      h("button", { type: "button", class: "primary", on: { click: give } }, verb))], area);
  return answer === "yes" ? area.value : null;
}

/** For api.js. */
export async function ask_for_token(wrong) {
  const field = h("input", { type: "password", autocomplete: "off", required: true,
    "aria-label": "Token", name: "token" });
  const complaint = h("p", { class: "wrong", role: "alert" },
    wrong ? "The node did not take the last one." : "");
  const give = (event) => {
    event.preventDefault();
    // No other can be sent, as RFC 6750 has it.
    if (/^[!-~]+$/.test(field.value.trim())) event.currentTarget.closest("dialog").close("yes");
    else complaint.textContent = "A token has no spaces and no letters beyond ASCII.";
  };
  const answer = await ask("Token wanted", h("form", { on: { submit: give } },
    h("h2", {}, "This node wants a token"),
    h("p", {}, "It is one of ", h("code", {}, "admin.token"), " in its configuration. ",
      "It is kept for this tab alone, until the tab is closed."),
    h("label", {}, "Token", field),
    complaint,
    buttons(h("button", { type: "button", on: { click: close("") } }, "Cancel"),
      h("button", { type: "submit", class: "primary" }, "Use it"))), field);
  if (answer === "yes") set_token(field.value.trim());
  else forget_token();
  return answer === "yes";
}

/** `sections`: [[title, [[keys, what]]]]. */
export const show_help = (sections) => ask("Keys", [
  h("h2", {}, "Keys"),
  h("div", { class: "keys" }, sections.map(([title, keys]) => h("section", {},
    h("h3", {}, title),
    h("dl", {}, keys.map(([key, what]) => h("div", {},
      h("dt", {}, key.split(" ").map((k) => h("kbd", {}, k))), h("dd", {}, what))))))),
  buttons(h("button", { type: "button", class: "primary", autofocus: true,
    on: { click: close("") } }, "Close"))]);
