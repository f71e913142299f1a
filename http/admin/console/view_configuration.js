// The configuration in force, reading it again, and the log level.

import { get, post, put } from "./api.js";
import { confirmed } from "./dialogs.js";
import { h, show } from "./dom.js";
import { ago } from "./format.js";
import { badge, button, card, code, copy_button, facts, failure, toast } from "./parts.js";
import { watch } from "./node.js";
import { yaml } from "./yaml.js";

export const title = "Configuration";

const levels = { trace: "trace: all, and slow", debug: "debug: what it does with each event",
  info: "info: what is usual", warn: "warn: what may be wrong", error: "error: what is wrong",
  off: "off: nothing" };

export function enter(main) {
  const state = { config: null, config_error: null, reload: null, reload_error: null,
    level: null, busy: false };
  const body = h("div", { class: "stack" });
  main.append(h("h1", {}, title), body);

  async function read_config() {
    try {
      state.config = await get("/api/v1/config");
      state.config_error = null;
    } catch (error) {
      state.config_error = error;
    }
    draw();
  }
  async function read_level() {
    try {
      state.level = (await get("/api/v1/log-level")).level;
    } catch {
      state.level = null;
    }
    draw();
  }
  async function reload() {
    const file = state.config?.file;
    const yes = await confirmed({ title: "Read the configuration again?", verb: "Read it again",
      lines: [["The node reads ", file ? code(file) : "its file", " and what that names, and checks all of it."],
        "If it is right, it comes into force at once. What is under way goes on under the former one; no event is lost or refused by it.",
        "If anything is wrong, nothing changes, and the problems are shown here."] });
    if (!yes) return;
    state.busy = true;
    draw();
    try {
      state.reload = await post("/api/v1/reload");
      toast(`Configuration ${state.reload.generation} is in force.`);
    } catch (error) {
      toast(error.status === 422 ? "It is not in force: see the problems." : error.message, "bad");
    }
    state.busy = false;
    read_config();
    asked.now();
  }
  async function set_level(level) {
    const yes = await confirmed({ title: `Log at ${level}?`, verb: `Log at ${level}`, lines: [
      `From now until the next start, or until it is changed again, the node logs at ${level} in place of ${state.level}.`,
      ["trace", "debug"].includes(level) ? "That is several lines for each event: put it back when you have seen enough."
        : ["error", "off"].includes(level) ? "Refused events are not in the log then." : ""] });
    try {
      if (yes) {
        await put("/api/v1/log-level", { level });
        toast(`The log level is ${level}.`);
      }
    } catch (error) {
      toast(error.message, "bad");
    }
    await read_level();
  }
  const draw = () => show(body, reload_card(state, reload), level_card(state, set_level),
    config_card(state));
  const asked = watch("/api/v1/reload", {}, 10_000, (result) => {
    const changed = state.reload && state.reload.generation !== result.generation;
    Object.assign(state, { reload: result, reload_error: null });
    draw();
    if (changed) read_config();
  }, (error) => { state.reload_error = error; draw(); });
  read_config();
  read_level();
  return () => asked.stop();
}

function reload_card({ reload, reload_error, busy }, act) {
  return h("section", { class: "card" },
    h("h2", {}, "In force", button(busy ? "Reading…" : "Read it again…", act,
      { class: "small push", disabled: busy })),
    reload_error ? failure(reload_error, "word of reloads") : null,
    reload ? [
      h("p", { class: "sentence", role: "status" }, reload.in_force
        ? badge("ok", "in force") : badge("bad", "not in force"), " ",
      reload.in_force ? `Configuration ${reload.generation} is what was read last.`
        : `What was read last is wrong: configuration ${reload.generation}, from before, is still in force, and a restart would fail.`),
      reload.problems.length ? h("ul", { class: "config-problems" },
        reload.problems.map((problem) => h("li", {}, code(problem)))) : null,
      facts([["Read", ago(reload.at)], ["Because of", reload.reason],
        ["What it changed", !reload.in_force ? null : reload.changed.length
          ? reload.changed.map((key, i) => [i ? ", " : "", code(key)]) : "no key"]])] : null);
}

function level_card({ level }, act) {
  if (!level) return null;
  return h("section", { class: "card" }, h("h2", {}, "Log level"),
    h("p", {}, h("label", { for: "level" }, "The log has "), h("select", { id: "level",
      on: { change: (e) => act(e.currentTarget.value) } },
    Object.entries(levels).map(([value, text]) => h("option", { value,
      selected: value === level }, text))), h("span", { class: "muted" },
      " until the next start.")));
}

function config_card({ config, config_error }) {
  return h("section", { class: "card" },
    h("h2", {}, "With every default, without secrets",
      config ? h("span", { class: "push" }, copy_button(config.yaml, "configuration")) : null),
    config_error ? failure(config_error, "configuration to show") : null,
    config ? [config.file ? h("p", { class: "muted" }, code(config.file)) : null,
      yaml(config.yaml)] : null);
}
