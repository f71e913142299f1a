// Takes JSON apart without parsing it: what is between two separators comes
// back as the bytes that are there, white space included, so that a test can
// tell 1.0 from 1 and "\/" from "/". The text must be valid JSON.

const quote = 0x22, backslash = 0x5c, comma = 0x2c, colon = 0x3a;
const opening = new Set([0x5b, 0x7b]); // [ {
const closing = new Set([0x5d, 0x7d]); // ] }
const space = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** The elements of the array that `bytes` is. */
export function elements(bytes) {
  return pieces(bytes).map(([start, end]) => bytes.subarray(start, end));
}

/** A map from the names of the object that `bytes` is to their values. */
export function members(bytes) {
  return new Map(pieces(bytes).map(([start, end]) => {
    while (space.has(bytes[start])) ++start;
    const name_end = end_of_string(bytes, start);
    const name = JSON.parse(bytes.toString("utf8", start, name_end));
    return [name, bytes.subarray(bytes.indexOf(colon, name_end) + 1, end)];
  }));
}

/** [start, end) of each piece between the outermost brackets and commas. */
function pieces(bytes) {
  const found = [];
  let depth = 0, start = 0;
  for (let at = 0; at < bytes.length; ++at) {
    const byte = bytes[at];
    if (byte === quote) {
      at = end_of_string(bytes, at) - 1;
    } else if (opening.has(byte)) {
      if (++depth === 1) start = at + 1;
    } else if (closing.has(byte)) {
      if (--depth === 0) found.push([start, at]);
    } else if (byte === comma && depth === 1) {
      found.push([start, at]);
      start = at + 1;
    }
  }
  const empty = ([from, to]) => bytes.subarray(from, to).every((b) => space.has(b));
  return found.length === 1 && empty(found[0]) ? [] : found;
}

/** The place behind the closing quote of the string that starts at `at`. */
function end_of_string(bytes, at) {
  for (++at; bytes[at] !== quote; ++at)
    if (bytes[at] === backslash) ++at;
  return at + 1;
}
