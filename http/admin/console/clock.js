// The node's time: this browser's clock, or the node's, may be wrong, and what is asked
// for and told is by the node's.

let ahead_ms = 0;

/** Milliseconds since 1970, as the node has it. */
export const now = () => Date.now() + ahead_ms;

/** The node says that it is `at` now; what it may be off by, `within`, teaches nothing. */
export function learn(at, within) {
  const ahead = at - Date.now();
  if (Math.abs(ahead - ahead_ms) > within) ahead_ms = ahead;
}

/** By how much the node's clock is ahead of this browser's, in milliseconds. */
export const difference = () => ahead_ms;
