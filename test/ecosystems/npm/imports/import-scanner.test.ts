import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IMPORT_DIALECT } from '../../../../server/src/ecosystems/npm/imports/import-dialect.ts';
import { importedPackages } from '../../../../server/src/ecosystems/npm/imports/import-scanner.ts';

/** Checks the names that a source imports, written with spaces between them. */
function check(source: string, names: string): void {
  expect([...importedPackages(source)].sort().join(' '), source).toBe(names.split(' ').sort().join(' '));
}

describe('a source imports', () => {
  test.each([
    ["import 'a'", 'a'],
    ['import a from "a"', 'a'],
    ["import a, { b as c } from 'a/b/c.js'", 'a'],
    ["import * as x from '@s/a'", '@s/a'],
    ["import type { T } from '@s/a/types'", '@s/a'],
    ["import {\n  a,\n  b,\n} from 'a'", 'a'],
    ["import a from'a';import b from'b'", 'a b'],
    ["export * from 'a'; export { x } from 'b'", 'a b'],
    ["const a = await import('a')", 'a'],
    ["import(/* webpackChunkName: 'x' */ 'a')", 'a'],
    ['import(`a`)', 'a'],
    ["let x: typeof import('a')", 'a'],
    ["import a = require('a')", 'a'],
    ["const { a } = require ( 'a' )", 'a'],
    ["require.resolve('a/package.json')", 'a'],
    ["import.meta.resolve('a')", 'a'],
    ["module.require('a')", 'a'],
    ['/// <reference types="vite/client" />', 'vite'],
    ["import a from 'a' with { type: 'json' }", 'a'],
    ['@import "~bootstrap/scss/bootstrap"; @use \'@s/theme\' as t; @forward "a";', 'bootstrap @s/theme a'],
    ["<script setup>\nimport a from 'a'\n</script>\n<template><p>Don't</p></template>", 'a'],
    ["const page = <p>It's {require('a')}</p>\nimport('b')", 'b'],
    ["const e = <A b={`${require('a')}`} />", 'a'],
    ['`${`${require("a")}`} import "b"`; import "c"', 'a c'],
  ])('%s', (source, names) => check(source, names));
});

describe('a source does not import', () => {
  test.each([
    ['files and what Node has', "import './a'; import '/a'; import '#a'; import 'node:fs'; require('..')"],
    ['URLs', "import 'https://a.example/a.js'; import 'data:text/javascript,1'"],
    ['what stands in comments', "// import 'a'\n/* import 'b'\n require('c') */ /** @type {import('d')} */"],
    ['what stands in strings', `"import 'a'"; 'require("b")'; \`import "c"\``],
    ['what stands in a regular expression', `x = /import 'a'/; f(/[/'"]require("b")/g); return /from 'c'/`],
    ['what only looks like it', "Array.from('a'); path.resolve('b'); x.import('c'); required('d'); { from: 'e' }"],
    ['what is computed', "require('a' + x); import(x); require(`${x}/b`)"],
    ['what is not closed', "import 'a\nrequire('b\n"],
  ])('%s', (_, source) => {
    // A literal that is added to is a name for all that can be told.
    check(source, source.includes("'a' + x") ? 'a' : '');
  });
});

test('after a division, an apostrophe or a tag the next lines are read', () => {
  check("const x = (a / b) / c; require('a')", 'a');
  check("const x = a\n  / b / require('a')", 'a');
  check("<p>5 o'clock</p>\nimport 'a'", 'a');
  check("</p> / </p>\nimport 'a'", 'a');
  check("if (x) /'/.test(y)\nimport 'a'", 'a');
});

test('line ends of Windows and a byte order mark change nothing', () => {
  check("\uFEFFimport 'a'\r\n// b'\r\nimport {\r\n x } from 'c'\r\n", 'a c');
});

test('any text is read, in a time that grows with its length', () => {
  fc.assert(fc.property(fc.string(), (text) => [...importedPackages(text)].every((name) => !/[\s'"`]/.test(name))));
  const signs = fc.stringMatching(/^[/*'"`${}()\n\\a[\]=]*$/);
  fc.assert(fc.property(signs, (text) => importedPackages(text).size === 0));
  for (const part of ['/*', '/[', '=/[a', '`${', '"', "'a", '//', 'import(', '/// <reference types="', '\\']) {
    expect(importedPackages(part.repeat(300_000)).size).toBeLessThan(2);
  }
});

describe('which files are sources, and of what', () => {
  test.each([
    ['src/index.ts', 'production'],
    ['index.js', 'production'],
    ['src/App.vue', 'production'],
    ['src/contest/latest.mjs', 'production'],
    ['src/a.test.ts', 'test'],
    ['src/__tests__/a.tsx', 'test'],
    ['test/a.js', 'test'],
    ['vite.config.ts', 'test'],
    ['scripts/release.mjs', 'test'],
    ['gulpfile.js', 'test'],
    ['README.md', 'none'],
    ['lib/jquery.min.js', 'none'],
    ['package.json', 'none'],
  ])('%s: %s', (path, kind) => {
    const isSource = IMPORT_DIALECT.isSource(path.split('/').at(-1) ?? '');
    expect(isSource ? (IMPORT_DIALECT.isTest(path) ? 'test' : 'production') : 'none').toBe(kind);
  });

  test('types are needed for the package that they describe', () => {
    expect(IMPORT_DIALECT.importedAs('@types/react')).toBe('react');
    expect(IMPORT_DIALECT.importedAs('@types/babel__core')).toBe('@babel/core');
    expect(IMPORT_DIALECT.importedAs('@types/node')).toBeUndefined();
    expect(IMPORT_DIALECT.importedAs('react')).toBe('react');
  });
});
