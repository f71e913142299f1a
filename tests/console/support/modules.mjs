// Modules of the console that import nothing, without a browser.

import { readFileSync } from "node:fs";

const folder = new URL("../../../http/admin/console/", import.meta.url);

/** By its text, as no package.json says that the console's .js are modules. */
export const load = (name) => import(`data:text/javascript,${
  encodeURIComponent(readFileSync(new URL(name, folder), "utf8"))}`);
