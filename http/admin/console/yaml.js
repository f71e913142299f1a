// Spans for what a line of YAML is made of. It colours, and understands no more than
// that needs: the node writes one key or item a line.

import { h } from "./dom.js";

const key = /^(\s*(?:- )*)([\w.$/-]+|"(?:[^"\\]|\\.)*")(:)(?=\s|$)(.*)$/;

function value(text) {
  const [, space, rest] = /^(\s*)(.*)$/.exec(text);
  if (rest === "") return [text];
  const name = rest.startsWith("#") ? "comment"
    : /^["']?\*{3,}["']?$/.test(rest) ? "secret"
      : /^["'|>]/.test(rest) ? "text"
        : /^(true|false|null|~)$/.test(rest) ? "word"
          : /^-?\d[\d.]*\s?(ms|s|m|h|d|[KMG]i?B|B|%)?$/.test(rest) ? "number" : "plain";
  return [space, h("span", { class: `y-${name}` }, rest)];
}

function line(text) {
  const found = key.exec(text);
  if (found) {
    const [, before, name, colon, rest] = found;
    return [before, h("span", { class: "y-key" }, name), colon, ...value(rest)];
  }
  const item = /^(\s*(?:- )+)(.*)$/.exec(text);
  if (item) return [item[1], ...value(item[2])];
  return value(text);
}

export const yaml = (text) => h("pre", { class: "yaml", tabindex: 0,
  "aria-label": "The configuration in force" },
h("code", {}, text.replace(/\n$/, "").split("\n").map((one) =>
  h("span", { class: "line" }, ...line(one), "\n"))));
