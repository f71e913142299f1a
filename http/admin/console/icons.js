// Line icons of 16 by 16.

import { svg } from "./dom.js";

const paths = {
  overview: "M2 9h3l2-6 3 10 2-4h2",
  cluster: "M8 2.5v4M5.5 9 3.5 12M10.5 9l2 3M8 6.5a1.8 1.8 0 1 0 .01 0M3 12a1.3 1.3 0 1 0 .01 0M13 12a1.3 1.3 0 1 0 .01 0",
  endpoints: "M2 8h8M7 5l3 3-3 3M10.5 2.5H13v11h-2.5",
  taskflows: "M2.5 2.5h4v3h-4zM9.5 10.5h4v3h-4zM4.5 5.5V12h5M9.5 4h4",
  events: "M2.5 4h11M2.5 8h11M2.5 12h7",
  dead_letters: "M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5M5 15h6",
  questions: "M2.5 2.5h11v8.5H8l-3 2.5V11H2.5zM6.5 5.6a1.6 1.6 0 1 1 2 1.5c-.4.2-.5.4-.5.9M8 9.4v.1",
  configuration: "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.8v3.4M6 9.8v3.4",
  ok: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2 14.5 13.5h-13zM8 6.5v3.3M8 11.7v.1",
  bad: "M4 4l8 8M12 4l-8 8",
  busy: "M8 2a6 6 0 1 1-6 6",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M5 3l8 5-8 5z",
  skip: "M4 8h8",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  search: "M7 2.5a4.5 4.5 0 1 0 .01 0M10.3 10.3l3.4 3.4",
  theme: "M8 2.5a5.5 5.5 0 1 0 .01 0M8 2.5v11",
  help: "M6 6a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M8 11.6v.1M8 1.5a6.5 6.5 0 1 0 .01 0",
  clock: "M8 2a6 6 0 1 0 .01 0M8 4.8V8l2.2 1.6",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13.3 2v3h-3",
  arrow: "M3 8h9M9 4.8 12.2 8 9 11.2",
};

/** Only to be seen: what it says is in the text beside it. */
export const icon = (name) =>
  svg("svg", { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: paths[name] ?? paths.skip }));
