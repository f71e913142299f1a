// Makes and updates elements. Texts are set as texts: nothing here reads markup,
// so what a sender says cannot become any.

const svg_names = "http://www.w3.org/2000/svg";
const handlers = Symbol("handlers"), later = Symbol("later"), made_of = Symbol("made of");

/**
 * An element. `props`: attributes; `class`; `on` {event: function}; `value` and
 * `checked` as properties. What is null, undefined or false is left out.
 */
export function h(name, props, ...children) {
  return fill(document.createElement(name), props, children);
}

export function svg(name, props, ...children) {
  return fill(document.createElementNS(svg_names, name), props, children);
}

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") listen(node, value);
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...flat(children));
  return node;
}

/** Without gaps and lists in lists. */
export function flat(children) {
  return children.flat(Infinity).filter((child) =>
    child !== null && child !== undefined && child !== false)
    .map((child) => child instanceof Node ? child : String(child));
}

function listen(node, by_event) {
  node[handlers] = by_event;
  for (const event of Object.keys(by_event))
    node.addEventListener(event, (e) => node[handlers][event]?.(e));
}

/**
 * An element that is made by `build()` only where `show` has none with this `key` and
 * this `token`: long lists are mostly what they were.
 */
export function lazy(name, key, token, build) {
  const node = h(name, { "data-key": key, "data-later": true });
  node[later] = { token, build };
  return node;
}

function made(node) {
  const built = node[later].build();
  built[made_of] = node[later].token;
  return built;
}

/** `node`, with all that was put off. */
function whole(node) {
  if (node[later]) return made(node);
  if (node.nodeType === Node.ELEMENT_NODE)
    for (const one of node.querySelectorAll("[data-later]")) one.replaceWith(made(one));
  return node;
}

/**
 * Makes the children of `parent` what `children` are, and keeps each element that
 * can stay: so the focus, a selection and what is typed stay where they are.
 * Elements with `data-key` are known by it.
 */
export function show(parent, ...children) {
  const fresh = document.createElement("div");
  fresh.append(...flat(children));
  patch_children(parent, fresh);
}

const key_of = (node) => node.dataset?.key;

function patch_children(old, fresh) {
  const wanted = new Set();
  for (const node of fresh.childNodes)
    if (key_of(node)) wanted.add(key_of(node));
  const known = new Map();
  for (const node of [...old.childNodes]) {
    const key = key_of(node);
    if (!key) continue;
    if (wanted.has(key)) known.set(key, node);
    else node.remove();
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = key_of(next);
    const match = key ? known.get(key) : at && !key_of(at) ? at : null;
    known.delete(key);
    if (!match || !alike(match, next)) {
      old.insertBefore(whole(next), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    if (!next[later]) {
      patch(match, next);
    } else if (match[made_of] !== next[later].token) {
      patch(match, next[later].build());
      match[made_of] = next[later].token;
    }
  }
  while (at) {
    const after = at.nextSibling;
    at.remove();
    at = after;
  }
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName;

function patch(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (fresh[handlers]) {
    if (old[handlers]) old[handlers] = fresh[handlers];
    else listen(old, fresh[handlers]);
  } else if (old[handlers]) {
    old[handlers] = {};
  }
  if (old.type === "checkbox") old.checked = fresh.checked;
  // A <details> is opened by who reads it.
  const mine = (name) => name !== "open";
  for (const { name } of [...old.attributes])
    if (mine(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (mine(name) && old.getAttribute(name) !== value)
      old.setAttribute(name, value);
  patch_children(old, fresh);
  if (old.selected === false && fresh.hasAttribute("selected")) old.selected = true;
}
