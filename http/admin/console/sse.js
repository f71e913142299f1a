// Server-sent events out of pieces of text. Pure.

/**
 * Takes pieces of text as they come; `on_event(name, data)` for each event whose data
 * is JSON, `on_retry(ms)`. https://html.spec.whatwg.org/multipage/#event-stream-interpretation
 */
export function reader_of_events(on_event, on_retry) {
  let rest = "", name = "", data = [];
  function line(text) {
    if (text === "") {
      if (data.length > 0) give(name || "message", data.join("\n"));
      name = "";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
    else if (field === "retry" && /^\d+$/.test(value)) on_retry(Number(value));
  }
  function give(of, text) {
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    on_event(of, value);
  }
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(line);
  };
}
