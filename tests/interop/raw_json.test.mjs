import assert from "node:assert/strict";
import { test } from "node:test";
import { elements, members } from "./support/raw_json.mjs";

const texts = (pieces) => pieces.map((piece) => piece.toString());

test("an array gives its elements as they are written", () => {
  const array = Buffer.from('[1.0, "a,]\\"" ,{"b":[2,3]},[]]');
  assert.deepEqual(texts(elements(array)),
    ["1.0", ' "a,]\\"" ', '{"b":[2,3]}', "[]"]);
});

test("an empty array gives no element", () => {
  assert.deepEqual(elements(Buffer.from("[ \n]")), []);
});

test("an object gives its values as they are written", () => {
  const object = Buffer.from('{"a" : 1e400 ,"\\u00e9":"x:\\/"}');
  assert.deepEqual(members(object), new Map([
    ["a", Buffer.from(" 1e400 ")],
    ["é", Buffer.from('"x:\\/"')],
  ]));
});
