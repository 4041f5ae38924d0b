import { describe, expect, test } from 'vitest';
import { JsonScanner } from '../../../server/src/ecosystems/npm/text/json-scanner.ts';
import { keyWords } from '../../../server/src/ecosystems/npm/text/key-words.ts';
import type { Problem } from '../../../server/src/core/span.ts';

/** Every key and string of an object and of the objects in it, as the scanner sees them, and what it complains of. */
function scan(text: string): { found: string[]; problems: string[]; list: Problem[] } {
  const list: Problem[] = [];
  const json = new JsonScanner(text, list);
  const found: string[] = [];
  const readObject = (path: string): void => {
    while (json.nextKey()) {
      const key = `${path}${json.copy()}`;
      if (key.endsWith('{}')) {
        if (json.enterObject()) readObject(`${key}.`);
      } else if (json.readString()) found.push(`${key}=${json.copy()}`);
      else found.push(key);
    }
  };
  if (json.enterObject()) readObject('');
  json.expectEnd();
  return { found, problems: list.map(({ message }) => message), list };
}

describe('well-formed text', () => {
  test('keys and strings are found with their places', () => {
    const text = '{"a":"one", "b" : "two"}';
    const json = new JsonScanner(text, []);
    expect(json.enterObject()).toBe(true);
    expect(json.nextKey()).toBe(true);
    expect(text.slice(json.start, json.end)).toBe('a');
    expect(json.readString()).toBe(true);
    expect([json.start, json.end]).toEqual([6, 9]);
    expect(json.nextKey()).toBe(true);
    expect(json.readString()).toBe(true);
    expect(text.slice(json.start, json.end)).toBe('two');
    expect(json.nextKey()).toBe(false);
    expect(json.problems).toEqual([]);
  });

  test('values of every other kind are passed over', () => {
    const text = '{"a": {"x": ["}", {"y": "\\""}]}, "b": -1.5e3, "c": null, "d": [], "e": "last"}';
    expect(scan(text)).toMatchObject({ found: ['a', 'b', 'c', 'd', 'e=last'], problems: [] });
  });

  test('objects are entered where the caller wants to', () => {
    expect(scan('{"o{}": {"a": "1", "p{}": {"b": "2"}}, "c": "3"}').found).toEqual(['o{}.a=1', 'o{}.p{}.b=2', 'c=3']);
  });

  test('a byte order mark and CRLF line ends are no trouble', () => {
    expect(scan('\uFEFF{\r\n  "a": "1",\r\n  "b": "2"\r\n}\r\n')).toMatchObject({
      found: ['a=1', 'b=2'],
      problems: [],
    });
  });

  test('escapes are resolved in what is copied', () => {
    expect(scan(String.raw`{"a\u0062\/": "\"\n\\\u00e9"}`).found).toEqual(['ab/="\n\\é']);
  });

  test('literals and whole numbers are told apart', () => {
    const json = new JsonScanner('{"a": true, "b": false, "c": 3, "d": 3.5, "e": "3"}', []);
    json.enterObject();
    json.nextKey();
    expect(json.readTrue()).toBe(true);
    json.nextKey();
    expect(json.readTrue()).toBe(false);
    json.nextKey();
    expect(json.readInteger()).toBe(3);
    json.nextKey();
    expect(json.readInteger()).toBeUndefined();
    json.nextKey();
    expect(json.readInteger()).toBeUndefined();
    expect(json.nextKey()).toBe(false);
  });

  test('a key is recognized among words of its length', () => {
    const words = keyWords('dev', 'peer', 'link');
    const json = new JsonScanner('{"link": 1, "linked": 1, "__proto__": 1}', []);
    json.enterObject();
    const seen: (string | undefined)[] = [];
    while (json.nextKey()) {
      seen.push(json.keyAmong(words));
      json.skip();
    }
    expect(seen).toEqual(['link', undefined, undefined]);
  });
});

describe('broken text', () => {
  test.each([
    ['{"a": "1" "b": "2"}', ['a=1', 'b=2'], ['A comma is missing before this']],
    ['{"a": "1",, "b": "2"}', ['a=1', 'b=2'], ['A comma too many']],
    ['{"a": "1",}', ['a=1'], ['A comma too many']],
    ['{"a", "b": "2"}', ['a', 'b=2'], ['A colon and a value are missing']],
    ['{"a": , "b": "2"}', ['a', 'b=2'], ['The value is missing']],
    ['{"a": }', ['a'], ['The value is missing']],
    ['{"a": nonsense, "b": "2"}', ['a', 'b=2'], ['Not a JSON value']],
    ['{stray "b": "2"}', ['b=2'], ['A key is expected here']],
    ['{"a": "1"} more', ['a=1'], ['Text after the end']],
    ['{"a": "1"', ['a=1'], ['The text ends before its last bracket is closed']],
  ])('%s', (text, found, problems) => {
    expect(scan(text)).toMatchObject({ found, problems });
  });

  test('a string that is not closed ends with its line, and the next lines are read', () => {
    const text = '{\n  "a": "half\n  "b": "2"\n}';
    const { found, list } = scan(text);
    expect(found).toEqual(['a=half', 'b=2']);
    const [problem] = list;
    expect(problem?.message).toBe('The string is not closed');
    expect(text.slice(problem?.span.start, problem?.span.end)).toBe('"half');
  });

  test('a half-typed key does not take the next line with it', () => {
    expect(scan('{\n  "node_mod\n  "b": "2"\n}').found).toEqual(['node_mod', 'b=2']);
  });

  test('text that is no object is entered by nobody', () => {
    for (const text of ['', ' ', '[]', '"x"', '12', 'null']) {
      expect(new JsonScanner(text, []).enterObject()).toBe(false);
    }
  });

  test('a hundred thousand brackets do not exhaust the stack', () => {
    const text = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "b": "2"}`;
    expect(scan(text).found).toEqual(['a', 'b=2']);
  });

  test('a text full of faults does not fill the memory with problems', () => {
    expect(scan(`{${'?,'.repeat(10_000)}`).problems.length).toBeLessThanOrEqual(200);
  });
});

describe('arrays', () => {
  function items(text: string, dialect: 'json' | 'jsonc' = 'json'): { found: string[]; problems: string[] } {
    const list: Problem[] = [];
    const json = new JsonScanner(text, list, dialect);
    const found: string[] = [];
    if (json.enterObject()) {
      while (json.nextKey()) {
        const key = json.copy();
        if (!json.enterArray()) continue;
        while (json.nextItem()) {
          found.push(json.isString ? `${key}=${json.copy()}` : key);
          if (!json.isString) json.skip();
        }
      }
    }
    json.expectEnd();
    return { found, problems: list.map(({ message }) => message) };
  }

  test('give their items one by one, strings read', () => {
    expect(items('{"a": ["x", 1, {"y": ["z"]}, [], null, "w"], "b": [], "c": "d", "e": ["f"]}')).toEqual({
      found: ['a=x', 'a', 'a', 'a', 'a', 'a=w', 'e=f'],
      problems: [],
    });
  });

  test('pass over a control character', () => {
    expect(items('{"a": [\u0000, "x"]}')).toEqual({ found: ['a', 'a=x'], problems: ['Not a JSON value'] });
  });

  test('are complained of where commas are missing or too many', () => {
    expect(items('{"a": ["x" "y",, "z",]}')).toEqual({
      found: ['a=x', 'a=y', 'a=z'],
      problems: ['A comma is missing before this', 'A comma too many', 'A comma too many'],
    });
  });

  test('end before the key, the brace and the end of the text that come before their bracket', () => {
    const missing = 'A closing bracket is missing before this';
    expect(items('{"a": ["x",\n"b": ["y"]}')).toEqual({ found: ['a=x', 'b=y'], problems: [missing] });
    expect(items('{"a": ["x"}')).toEqual({ found: ['a=x'], problems: [missing] });
    expect(items('{"a": ["x"').found).toEqual(['a=x']);
  });
});

test('comments and commas after the last item belong to one dialect only', () => {
  const text = '{ // "}\n "a": /* { */ {"x": [1, /* ] */ 2,],}, /* */ }// the end\n';
  const problems = (dialect: 'json' | 'jsonc'): number => {
    const list: Problem[] = [];
    const json = new JsonScanner(text, list, dialect);
    json.enterObject();
    while (json.nextKey()) json.skip();
    json.expectEnd();
    return list.length;
  };
  expect(problems('jsonc')).toBe(0);
  expect(problems('json')).toBeGreaterThan(0);
});
