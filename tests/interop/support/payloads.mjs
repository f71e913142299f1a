// What is sent: every example payload of GitHub's webhooks, and JSON that does
// not survive being parsed and written again.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const examples = dirname(
  require.resolve("@octokit/webhooks-examples/package.json"));

/**
 * One {host, event, body} for each example of each flavour of GitHub that the
 * package has: api.github.com and the enterprise servers.
 */
export function github_payloads() {
  const hosts = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return hosts.flatMap((host) =>
    JSON.parse(readFileSync(join(examples, host, "index.json"), "utf8"))
      .flatMap(({ name, examples }) => examples.map((payload) => (
        { host, event: name, body: Buffer.from(JSON.stringify(payload)) }))));
}

/** Texts that a round trip through a parser would change, by what they hold. */
export const delicate_payloads = {
  "integers beyond 64 bits": '{"n":12345678901234567890123456789012345678901}',
  "integers beyond a double's precision": '{"n":12345678901234567890}',
  "a fraction of nought": '{"n":1.0,"m":-0.0,"k":0.10}',
  "exponents": '{"n":1E+2,"m":1e-7}',
  "a number that no double holds": '{"n":1e400,"m":-1e400}',
  "more digits than a double has": '{"n":0.1000000000000000055511151231257827}',
  "duplicate keys": '{"a":1,"b":2,"a":3}',
  "keys that are not sorted": '{"z":1,"10":2,"9":3,"a":4}',
  "escapes that need none": '{"e":"\\u00e9","s":"\\/","a":"\\u0041"}',
  "escaped control characters": '{"e":"\\u0000\\b\\f\\n\\r\\t\\u007f"}',
  "a surrogate pair": '{"e":"\\ud83d\\ude00"}',
  "a lone surrogate": '{"e":"\\ud800"}',
  "raw UTF-8": '{"é":"日本語 😀 \u2028"}',
  "the envelope's own words": '{"payload":{"id":"\\",\\"metadata\\":{"}}',
  "white space inside and around": ' \t{ "a" :\r\n [ 1 , 2 ] }\r\n',
  "an empty object": "{}",
  "an array": '[1,"2",null,true]',
  "a bare string": '"text"',
  "a bare number": "1.50",
  "null": "null",
  "500 nested arrays": "[".repeat(500) + "]".repeat(500),
  "100,000 numbers": `[${Array.from({ length: 100_000 }, (_, i) => i)}]`,
};
