import { describe, expect, test } from 'vitest';
import { scopeCheckOf } from '../support/check-scopes.ts';

const check = await scopeCheckOf('source.yarnlock');

describe('a lockfile of yarn 1', () => {
  test('has names, ranges, versions, addresses and hashes told apart', () => {
    check(`# yarn lockfile v1
^^^^^^^^^^^^^^^^^^ comment.line

"@acme/a@^1.0.0", "@acme/a@>= 1.2.0 < 2":
^ punctuation.definition.string
 ^^^^^^^ entity.name.tag
        ^ punctuation.separator.descriptor
         ^ keyword.operator.range
          ^^^^^ constant.numeric.version
                   ^^^^^^^ entity.name.tag
                           ^^ keyword.operator.range
                              ^^^^^ constant.numeric.version
                                      ^ constant.numeric.version
                                        ^ punctuation.separator.key-value
  version "1.2.3"
  ^^^^^^^ variable.other.field
           ^^^^^ constant.numeric.version
  resolved "https://registry.example/@acme/a/-/a-1.2.3.tgz#0123456789abcdef0123456789abcdef01234567"
  ^^^^^^^^ variable.other.field
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ string.quoted.double
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not constant.numeric
  integrity sha512-AAAA==
  ^^^^^^^^^ variable.other.field
            ^^^^^^^^^^^^^ string.unquoted.integrity
  dependencies:
  ^^^^^^^^^^^^ variable.other.field
    "@acme/b" "^2.0.0"
     ^^^^^^^ entity.name.tag
               ^ keyword.operator.range
                ^^^^^ constant.numeric.version
    c "1.x || 2.x"
    ^ entity.name.tag
       ^^^ constant.numeric.version
           ^^ keyword.operator.range`);
  });

  test('may have keys without quotes, also for packages that are named like a field', () => {
    check(`version@1.0.0, version@~1.0.1:
^^^^^^^ entity.name.tag
        ^^^^^ constant.numeric.version
               ^^^^^^^ entity.name.tag
                       ^ keyword.operator.range
                        ^^^^^ constant.numeric.version
                             ^ punctuation.separator.key-value
  dependencies:
    version "^1.0.0"
    ^^^^^^^ entity.name.tag
    dependencies "^1.0.0"
    ^^^^^^^^^^^^ entity.name.tag`);
  });

  test('has the address of a key as one string', () => {
    check(`"a@git+ssh://git@host.example/a.git#1.0.0", "b@file:../b-1.0.0":
 ^ entity.name.tag
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ string.unquoted
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not constant.numeric
                                             ^ entity.name.tag
                                               ^^^^^ keyword.other.protocol`);
  });
});

describe('a lockfile of later majors', () => {
  test('has names, protocols, ranges, versions and hashes told apart', () => {
    check(`__metadata:
^^^^^^^^^^ entity.name.tag
  version: 8
  ^^^^^^^ variable.other.field
           ^ constant.numeric.version
  cacheKey: 10c0
  ^^^^^^^^ variable.other.field

"@acme/a@npm:^1.0.0, @acme/a@npm:~1.2.0":
 ^^^^^^^ entity.name.tag
         ^^^^ keyword.other.protocol
             ^ keyword.operator.range
              ^^^^^ constant.numeric.version
                     ^^^^^^^ entity.name.tag
                             ^^^^ keyword.other.protocol
                                  ^^^^^ constant.numeric.version
  version: 1.2.3
           ^^^^^ constant.numeric.version
  resolution: "@acme/a@npm:1.2.3"
  ^^^^^^^^^^ variable.other.field
               ^^^^^^^ entity.name.tag
                       ^^^^ keyword.other.protocol
                           ^^^^^ constant.numeric.version
  dependencies:
  ^^^^^^^^^^^^ variable.other.field
    "@acme/b": "npm:^2.0.0"
     ^^^^^^^ entity.name.tag
                ^^^^ keyword.other.protocol
                    ^ keyword.operator.range
                     ^^^^^ constant.numeric.version
    c: 1.x
    ^ entity.name.tag
       ^^^ constant.numeric.version
  dependenciesMeta:
  ^^^^^^^^^^^^^^^^ variable.other.field
    c:
    ^ entity.name.tag
      optional: true
      ^^^^^^^^ variable.other.field
                ^^^^ constant.language.boolean
  checksum: 10c0/0123456789abcdef
  ^^^^^^^^ variable.other.field
            ^^^^^^^^^^^^^^^^^^^^^ string.unquoted.integrity
  linkType: hard
            ^^^^ string.unquoted`);
  });

  test('has aliases, members and patches by their protocol', () => {
    check(`"a@npm:b@^1.0.0, c@workspace:*, d@workspace:packages/d-1.0.0":
 ^ entity.name.tag
   ^^^^ keyword.other.protocol
       ^ entity.name.type.package
         ^ keyword.operator.range
                   ^^^^^^^^^^ keyword.other.protocol
                             ^ constant.numeric.version
                                            ^^^^^^^^^^^^^^^^ not constant.numeric
  version: 0.0.0-use.local
           ^^^^^^^^^^^^^^^ constant.numeric.version

"e@patch:e@npm%3A^1.0.0#optional!builtin<compat/e>":
 ^ entity.name.tag
   ^^^^^^ keyword.other.protocol
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not constant.numeric
                                                   ^ punctuation.separator.key-value`);
  });
});

test('marks of a merge conflict stand out', () => {
  check(`<<<<<<< HEAD
^^^^^^^^^^^^ invalid.illegal.conflict-marker
a@^1.0.0:
^ entity.name.tag
=======
^^^^^^^ invalid.illegal.conflict-marker
>>>>>>> branch
^^^^^^^^^^^^^^ invalid.illegal.conflict-marker`);
});

test('a line that is being typed does not take the lines below it', () => {
  check(`"a@^1.0
  version "1.0.
           ^^^^ constant.numeric.version
  resolved "https
  integrity sha512-AAAA==
  ^^^^^^^^^ variable.other.field
b@1:
^ entity.name.tag`);
});

test('a mark that does not hold fails', () => {
  expect(() => {
    check('a@1.0.0:\n^ constant.numeric');
  }).toThrow();
});
