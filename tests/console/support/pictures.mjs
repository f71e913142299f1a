// For pictures alone: an hour of history, where the node of a test has lived for a
// minute. It says nothing that the node would not: only that it was longer.

/** Does nothing unless MFO_PICTURES is set. */
export async function fill_history(page) {
  if (!process.env.MFO_PICTURES) return;
  await page.route("**/api/v1/history*", async (route) => {
    const answer = await route.fetch();
    const real = await answer.json(), seen = { ...real };
    const steps = 360, last = seen.received.length;
    const wave = (i) => 14 + 5 * Math.sin(i / 31) + 2 * Math.sin(i / 5) + 2 * Math.sin(i * 2);
    const past = (i, name) => ({
      received: Math.round(wave(i)), delivered: Math.round(wave(i)),
      refused: i % 47 ? 0 : 1, dead_lettered: 0, failed: 0,
      in_flight: Math.round(1.6 + 1.5 * Math.sin(i / 23)), p50: 1.9 + 0.2 * Math.sin(i / 9),
      p95: 4.4 + Math.sin(i / 13), p99: 9.1 + 2 * Math.sin(i / 7) })[name];
    for (const name of ["received", "delivered", "refused", "dead_lettered", "failed",
      "in_flight", "p50", "p95", "p99"])
      real[name] = Array.from({ length: steps }, (_, i) => {
        const at = last - steps + i;
        return at >= 0 && seen[name][at] !== null && seen.received[at] > 0
          ? seen[name][at] : past(i, name);
      });
    const end = Date.parse(real.from) + last * real.step_seconds * 1000;
    real.from = new Date(end - steps * real.step_seconds * 1000).toISOString();
    await route.fulfill({ response: answer, json: real });
  });
}
