/**
 * Reads the text format of Prometheus: a function that gives the sum over all
 * series of a name, 0 if there is none.
 */
export function parse_metrics(text) {
  const sums = new Map();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z_]+)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    if (name) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return (name) => sums.get(name) ?? 0;
}
