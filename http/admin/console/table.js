// Tables whose rows can be gone through by arrow keys, and opened.

import { h, lazy } from "./dom.js";
import { button } from "./parts.js";

/**
 * `columns`: [{label, cell(row), class?, is_link?}]; `key(row)`; `href(row)` is where a
 * row leads, by the cell that `is_link`; `shown` of the rows, and `more` to see others.
 * Rows of a `stable` table look the same as long as their values are the same.
 */
export function table({ label, columns, rows, key, href, shown, more, row_class,
  stable = false }) {
  const some = shown && rows.length > shown ? rows.slice(0, shown) : rows;
  const head = h("tr", { role: "row" }, columns.map((column) =>
    h("th", { role: "columnheader", scope: "col", class: column.class },
      column.label_hidden ? h("span", { class: "off-screen" }, column.label)
        : column.label)));
  const draw = (row) => {
    const target = href?.(row);
    return h("tr", { role: "row", "data-key": key(row),
      class: [target ? "opens" : "", row_class?.(row) ?? ""].join(" ").trim() || null,
      on: target ? { click: (e) => open(e, target) } : undefined },
    columns.map((column) => h("td",
      { role: "cell", class: column.class, "data-label": column.label },
      column.is_link && target
        ? h("a", { href: target, class: "row-link", "data-row": true }, column.cell(row))
        : column.cell(row))));
  };
  const body = some.map((row) => stable
    ? lazy("tr", key(row), JSON.stringify(row), () => draw(row)) : draw(row));
  return h("div", { class: "table-frame" },
    h("table", { role: "table", "aria-label": label, on: { keydown: walk } },
      h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, body)),
    some.length < rows.length && more
      ? h("p", { class: "more" },
        `${some.length} of ${rows.length} are shown. `, button("More", more))
      : null);
}

/** A click anywhere in a row opens it, but not one that marks text or means something else. */
function open(event, target) {
  if (event.target.closest("a, button, input, select, label")) return;
  if (String(getSelection())) return;
  location.hash = target;
}

const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

function walk(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const row = event.target.closest("tbody tr");
  if (!row || event.target.matches("input[type=text], select, textarea")) return;
  const links = [...row.parentElement.querySelectorAll("[data-row]")];
  const at = links.findIndex((link) => row.contains(link));
  const to = event.key === "Home" ? 0 : event.key === "End" ? links.length - 1
    : event.key in steps ? at + steps[event.key] : -1;
  if (!(to in links)) return;
  event.preventDefault();
  links[to].focus();
}

/** The first row, for who comes by the keyboard from elsewhere. */
export const first_row = (root) => root.querySelector("[data-row]");
