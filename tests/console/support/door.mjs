// A port in front of another, which can be shut and opened again. It stays taken while
// it is shut, so that nobody else gets it.

import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * `url`; `shut()` resets what is open and what comes, until `open()`; `close()`. After
 * `nobody()`, which waits until no connection is open, `most()` is how many there were at
 * a time.
 */
export async function open_door(port) {
  const passing = new Set();
  let is_open = true, now = 0, most = 0;
  const server = createServer((from) => {
    if (!is_open) return from.resetAndDestroy();
    most = Math.max(most, ++now);
    from.on("close", () => { --now; server.emit("left"); });
    const to = connect(port, "127.0.0.1");
    for (const [one, other] of [[from, to], [to, from]]) {
      passing.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => { passing.delete(one); other.destroy(); });
      one.pipe(other);
    }
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => passing.forEach((one) => one.resetAndDestroy());
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    shut() { is_open = false; cut(); },
    open() { is_open = true; },
    async nobody() {
      while (now > 0) await once(server, "left");
      most = 0;
    },
    most: () => most,
    async close() {
      server.close();
      cut();
      await once(server, "close");
    },
  };
}
