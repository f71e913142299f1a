// Which view is shown: #/events/ID?outcome=refused is the view "events" with the
// path ["ID"] and the query {outcome: "refused"}.

export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const [view = "", ...rest] = path.split("/").map(decode);
  return { view, path: rest.filter((part) => part !== ""),
    query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a view, for links. */
export function to(view, path = [], query = {}) {
  const set = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(set).toString();
  return `#/${[view, ...path].map(encodeURIComponent).join("/")}` +
    (text ? `?${text}` : "");
}

export const go = (...where) => { location.hash = to(...where); };

/** Changes the query of the view that is shown, without a step in the history. */
export function refine(query) {
  const { view, path } = here();
  history.replaceState(null, "", to(view, path, query));
}

export const on_route = (fn) => addEventListener("hashchange", () => fn(here()));
