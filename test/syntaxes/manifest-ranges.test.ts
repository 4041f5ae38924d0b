import { describe, expect, test } from 'vitest';
import { scopeCheckOf } from '../support/check-scopes.ts';

const check = await scopeCheckOf('source.json');

describe('in the dependencies of a manifest', () => {
  test('operator and version are told apart, and the string stays a string', () => {
    check(`{
  "dependencies": {
   ^^^^^^^^^^^^ support.type.property-name.json
    "lodash": "~4.17.20",
     ^^^^^^ support.type.property-name.json
              ^^^^^^^^^^ string.quoted.double.json
               ^ keyword.operator.range
                ^^^^^^^ constant.numeric.version
    "@acme/a": ">=1.2.0-beta.1 <2 || 3.x",
                ^^ keyword.operator.range
                  ^^^^^^^^^^^^ constant.numeric.version
                               ^ keyword.operator.range
                                ^ constant.numeric.version
                                  ^^ keyword.operator.range
                                     ^^^ constant.numeric.version
    "a": "1.2.3 - 2.3.4", "b": "*", "c": "latest"
          ^^^^^ constant.numeric.version
                ^ keyword.operator.range
                  ^^^^^ constant.numeric.version
                                ^ constant.numeric.version
                                          ^^^^^^ not constant.numeric
  },
}`);
  });

  test('a protocol is told from what follows it', () => {
    check(`{
  "devDependencies": {
    "a": "workspace:^1.2.0",
          ^^^^^^^^^^ keyword.other.protocol
                    ^ keyword.operator.range
                     ^^^^^ constant.numeric.version
    "b": "workspace:packages/b-1.2.0",
          ^^^^^^^^^^ keyword.other.protocol
                    ^^^^^^^^^^^^^^^^ not constant.numeric
    "c": "npm:@acme/c@^3.0.0",
          ^^^^ keyword.other.protocol
              ^^^^^^^ entity.name.type.package
                      ^ keyword.operator.range
                       ^^^^^ constant.numeric.version
    "d": "catalog:",
          ^^^^^^^^ keyword.other.protocol
    "e": "catalog:react18"
          ^^^^^^^^ keyword.other.protocol
                  ^^^^^^^ entity.name.type.catalog
  }
}`);
  });

  test('digits in addresses and paths are no versions', () => {
    check(`{
  "optionalDependencies": {
    "a": "https://registry.example/a/-/a-1.2.3.tgz",
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not constant.numeric
    "b": "github:acme/b#v1.4.0",
          ^^^^^^^ keyword.other.protocol
                 ^^^^^^^^^^^^^ not constant.numeric
    "c": "file:../c-1.0.0.tgz",
          ^^^^^ keyword.other.protocol
               ^^^^^^^^^^^^^^ not constant.numeric
    "d": "git+ssh://git@host.example/d.git#1.0.0",
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not constant.numeric
    "e": "acme/e#1.0.0"
          ^^^^^^^^^^^^ not constant.numeric
  }
}`);
  });
});

test.each(['peerDependencies', 'resolutions', 'catalog', 'overrides', 'catalogs'])(
  'ranges in %s are colored',
  (group) => {
    check(`{
  "pnpm": { "x": 1, "${group}": {
    "a": "^1.0.0"
          ^ keyword.operator.range
           ^^^^^ constant.numeric.version
  } }
}`);
  },
);

test('overrides may stand in one another', () => {
  check(`{
  "overrides": {
    "a": { ".": "1.0.0", "b": "^2.0.0" },
                 ^^^^^ constant.numeric.version
                               ^ keyword.operator.range
    "c": "3.0.0"
          ^^^^^ constant.numeric.version
  }
}`);
});

describe('outside of dependencies nothing is colored', () => {
  test('neither the version of the package nor what scripts and engines say', () => {
    check(`{
  "version": "1.0.0",
              ^^^^^ not constant.numeric
  "scripts": { "release": "npm version ^1.2.3" },
                                       ^ not keyword
                                        ^^^^^ not constant.numeric
  "packageManager": "pnpm@9.15.9",
                          ^^^^^^ not constant.numeric
  "description": "\\"dependencies\\": { 1.0.0",
                                      ^^^^^ not constant.numeric
  "files": ["dependencies", "1.0.0"],
                             ^^^^^ not constant.numeric
  "dependencies": { "a": "1.0.0" },
                          ^^^^^ constant.numeric.version
  "license": "1.0.0"
   ^^^^^^^ support.type.property-name.json
              ^^^^^ not constant.numeric
}`);
  });

  test('nor what stands deeper than the ranges of a group', () => {
    check(`{
  "dependencies": {
    "a": { "version": "1.0.0", "requires": { "b": "^1.0.0" } },
                       ^^^^^ not constant.numeric
                                                   ^^^^^ not constant.numeric
    "c": ["1.0.0"],
           ^^^^^ not constant.numeric
    "d": "1.0.0"
          ^^^^^ constant.numeric.version
  }
}`);
  });
});

test('the comma behind a group is no mistake', () => {
  check(`{
  "dependencies": {},
                    ^ not invalid
  "overrides": { "a": {} }, "name": "x"
                          ^ not invalid
}`);
});

test('a string that is being typed does not take the lines below it', () => {
  check(`{
  "dependencies": {
    "a": "^1.
          ^ keyword.operator.range
    "b": "^2.0.0"
     ^ not constant.numeric
           ^^^^^ constant.numeric.version
  }
}`);
});

test('a mark that does not hold fails', () => {
  expect(() => {
    check('{ "version": "1.0.0" }\n              ^^^^^ constant.numeric');
  }).toThrow();
});
