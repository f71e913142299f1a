// Asks the node. Where it wants a token, whoever looks is asked for it; it is kept
// for this tab alone.

import { learn } from "./clock.js";

const store = sessionStorage, name = "mfo_token";
let asking = null, declined = false, ask = async () => false;

/** `fn(wrong)` asks a person, calls set_token, and gives whether there is one now. */
export const on_token_wanted = (fn) => { ask = fn; };
export const has_token = () => store.getItem(name) !== null;
export const set_token = (token) => store.setItem(name, token);
export const forget_token = () => store.removeItem(name);
/** Who did not want to give a token is not asked again before this. */
export const ask_again = () => { declined = false; };

/** What the node refused, or that it did not answer (`status` 0). */
export class api_error extends Error {
  constructor(status, detail, body = {}) {
    super(detail);
    this.status = status;
    this.body = body;
  }
  get is_missing() { return this.status === 404; }
  get is_silence() { return this.status === 0; }
}

/** What a GET that was turned away (429) waits for its next try; then it is an error. */
const waits_ms = [300, 1000, 3000];

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The answer, once it is not 401; throws api_error. */
export async function request(path, options = {}) {
  for (let turned_away = 0;;) {
    const token = store.getItem(name);
    const headers = { ...options.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    let answer;
    try {
      answer = await fetch(path, { ...options, headers, cache: "no-store",
        // Another mode has connections of its own: twice as many for one page.
        credentials: "same-origin", redirect: "error" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new api_error(0, "The node does not answer.");
    }
    // A whole second, and what the way took.
    const date = Date.parse(answer.headers.get("Date"));
    if (date) learn(date + 500, 1500);
    if (answer.ok) return answer;
    // Another request may have been given a new one meanwhile.
    if (answer.status === 401 &&
        (store.getItem(name) !== token || await ask_once(token !== null)))
      continue;
    if (answer.status === 429 && !options.method && turned_away < waits_ms.length) {
      await wait(waits_ms[turned_away++]);
      continue;
    }
    throw await refusal(answer);
  }
}

/** One dialog for all that wait for it. */
function ask_once(wrong) {
  if (declined) return false;
  asking ??= ask(wrong).then((given) => {
    asking = null;
    declined = !given;
    return given;
  });
  return asking;
}

async function refusal(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // No problem document: the status has to do.
  }
  const detail = typeof body?.detail === "string" ? body.detail
    : `The node answered ${answer.status}.`;
  return new api_error(answer.status, detail, body ?? {});
}

/** JSON of a GET; `query` without what is empty. */
export async function get(path, query = {}, signal = undefined) {
  const set = Object.entries(query).filter(([, value]) =>
    value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(set).toString();
  const answer = await request(text ? `${path}?${text}` : path, { signal });
  return json(answer);
}

export const post = (path, body) => send("POST", path, body);
export const put = (path, body) => send("PUT", path, body);

async function send(method, path, body) {
  const answer = await request(path, {
    method,
    ...(body === undefined ? {} : {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return json(answer);
}

async function json(answer) {
  try {
    return await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new api_error(answer.status, "The node's answer was cut off.");
  }
}

/** A segment of a path. */
export const seg = encodeURIComponent;
