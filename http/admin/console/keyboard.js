// Keys of the whole page: "g" and a letter goes to a view, "/" to the search.

import { go } from "./router.js";

const wait_ms = 1500;

/** `views`: [{name, key}]; `keys`: {"?": fn}. */
export function install(views, keys) {
  let going = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (event.key === "Escape" && target.matches?.("input")) target.blur();
    if (target.matches?.("input, select, textarea, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() < going) {
      going = 0;
      const view = views.find(({ key }) => key === event.key);
      if (view) {
        event.preventDefault();
        go(view.name);
      }
      return;
    }
    if (event.key === "g") {
      going = Date.now() + wait_ms;
    } else if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}
