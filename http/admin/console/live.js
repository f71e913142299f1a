// What the stream tells, put to what was asked for. Pure, but for the clock.

/** Newest first; what came last of a run counts, without the tasks that lists have not. */
export function merge_runs(known, fresh) {
  const by_id = new Map(known.map((run) => [run.id, run]));
  for (const run of fresh) by_id.set(run.id, { ...by_id.get(run.id), ...run });
  return [...by_id.values()].sort((a, b) => a.started_at < b.started_at ? 1 : -1);
}

/** One arrival of an event: what is sent again has its id again. */
export const key_of = (event) => `${event.id} ${event.received_at}`;

/** Newest first; of those in both, as `fresh` has it. */
export function merge_events(known, fresh) {
  const told = new Set(fresh.map(key_of));
  return [...fresh, ...known.filter((event) => !told.has(key_of(event)))]
    .sort((a, b) => a.received_at < b.received_at ? 1 : -1);
}

/** The last seconds of the stream: an answer that was under way meanwhile lacks them. */
export function last_seconds(ms = 5000) {
  let kept = [];
  const all = () => {
    kept = kept.filter(({ at }) => Date.now() - at < ms);
    return kept.map(({ item }) => item);
  };
  return {
    all,
    add(items) {
      const at = Date.now();
      kept = [...kept, ...items.map((item) => ({ at, item }))];
      all();
    },
  };
}
