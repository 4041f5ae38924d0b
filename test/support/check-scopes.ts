import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar, type IToken } from 'vscode-textmate';
import { expect } from 'vitest';

/** A line of carets below the line that they speak of. */
const MARK = /^( *)(\^+) (not )?(\S+)$/;
const root = join(import.meta.dirname, '../..');

/** A grammar as the extension's manifest contributes it. */
interface Contributed {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

const contributed = contributedGrammars();

export type ScopeCheck = (marked: string) => void;

/**
 * Answers a check for texts of one grammar. Below a line, carets and a scope say that all characters above the carets
 * have it (or one below it); with `not` in between, that none has.
 */
export async function scopeCheckOf(scopeName: string): Promise<ScopeCheck> {
  const grammar = await loadGrammar(scopeName);
  return (marked) => {
    expect(withFoundScopes(marked, grammar)).toBe(marked);
  };
}

async function loadGrammar(scopeName: string): Promise<IGrammar> {
  await loadWASM(readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => createOnigScanner(patterns),
      createOnigString: (text) => createOnigString(text),
    }),
    loadGrammar: (name) => Promise.resolve(parseRawGrammar(grammarText(name), `${name}.json`)),
    getInjections: (name) =>
      contributed.filter(({ injectTo }) => injectTo?.includes(name) === true).map((grammar) => grammar.scopeName),
  });
  const grammar = await registry.loadGrammar(scopeName);
  if (grammar === null) throw new Error(`there is no grammar ${scopeName}`);
  return grammar;
}

function grammarText(scopeName: string): string {
  const found = contributed.find((grammar) => grammar.scopeName === scopeName);
  return found === undefined ? JSON.stringify(PLAIN_JSON) : readFileSync(join(root, found.path), 'utf8');
}

function contributedGrammars(): readonly Contributed[] {
  const value: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (!isManifest(value)) throw new Error('package.json contributes nothing');
  return value.contributes.grammars;
}

function isManifest(value: unknown): value is { contributes: { grammars: readonly Contributed[] } } {
  return typeof value === 'object' && value !== null && 'contributes' in value;
}

/** The text again, each mark that does not hold followed by the scopes that were found. */
function withFoundScopes(marked: string, grammar: IGrammar): string {
  let state = INITIAL;
  let tokens: readonly IToken[] = [];
  return marked
    .split('\n')
    .map((line) => {
      const [, indent = '', carets = '', not, scope = ''] = MARK.exec(line) ?? [];
      if (scope !== '') {
        const found = scopesUnder(tokens, indent.length, indent.length + carets.length);
        const holds =
          not === undefined ? found.every((each) => has(each, scope)) : !found.some((each) => has(each, scope));
        return holds ? line : `${line} BUT ${found.map((each) => each.join(' ')).join(' | ')}`;
      }
      const result = grammar.tokenizeLine(line, state);
      state = result.ruleStack;
      tokens = result.tokens;
      return line;
    })
    .join('\n');
}

function scopesUnder(tokens: readonly IToken[], start: number, end: number): string[][] {
  return tokens.filter((token) => token.startIndex < end && token.endIndex > start).map(({ scopes }) => scopes);
}

function has(scopes: readonly string[], scope: string): boolean {
  return scopes.some((each) => each === scope || each.startsWith(`${scope}.`));
}

/** As much of a grammar for JSON as the injection needs, with the scopes that VS Code's has. */
const PLAIN_JSON = {
  scopeName: 'source.json',
  patterns: [{ include: '#value' }],
  repository: {
    value: {
      patterns: [{ include: '#string' }, { include: '#array' }, { include: '#object' }, { include: '#comments' }],
    },
    comments: { match: '//.*$', name: 'comment.line.double-slash.js' },
    string: { begin: '"', end: '"', name: 'string.quoted.double.json', patterns: [{ match: '\\\\.' }] },
    array: { begin: '\\[', end: '\\]', name: 'meta.structure.array.json', patterns: [{ include: '#value' }] },
    object: {
      begin: '\\{',
      end: '\\}',
      name: 'meta.structure.dictionary.json',
      patterns: [
        { begin: '"', end: '"', name: 'string.json support.type.property-name.json', patterns: [{ match: '\\\\.' }] },
        { include: '#comments' },
        {
          begin: ':',
          end: '(,)|(?=\\})',
          name: 'meta.structure.dictionary.value.json',
          patterns: [{ include: '#value' }],
        },
        { match: '[^\\s\\}]', name: 'invalid.illegal.expected-dictionary-separator.json' },
      ],
    },
  },
};
