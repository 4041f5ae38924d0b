/** The facts of `examples/` that the example server answers with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MockBuild } from '../../test/support/mock-build.ts';
import { repositoryRoot } from '../vscode/tools-cache.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface ExampleVersion {
  /** ISO date; undefined where the example does not say. */
  readonly published: string | undefined;
  readonly integrity: string;
  readonly deprecated: string | undefined;
  readonly hasInstallScript: boolean;
  /** `none` makes the registry leave its signature out. */
  readonly isSigned: boolean;
  /** What its provenance says; undefined for a version without one. */
  readonly builtFrom: MockBuild | undefined;
  /** The range of Node versions. */
  readonly node: string | undefined;
  readonly dependencies: JsonObject;
  readonly peerDependencies: JsonObject;
}

export interface ExamplePackage {
  /** `github.com/owner/name` */
  readonly repository: string | undefined;
  readonly license: string | undefined;
  readonly versions: ReadonlyMap<string, ExampleVersion>;
}

export interface ExampleWorld {
  readonly packages: ReadonlyMap<string, ExamplePackage>;
  /** By `github.com/owner/name`: what Scorecard's API answers, without the repository. */
  readonly scorecards: ReadonlyMap<string, JsonObject>;
  /** Entries of the catalog of known exploited vulnerabilities. */
  readonly kev: readonly JsonObject[];
  /** OSV records. */
  readonly advisories: readonly JsonObject[];
}

/** Reads `examples/registry.json` and `examples/advisories.jsonl`; throws when they are not as they should be. */
export async function readExampleWorld(folder = join(repositoryRoot, 'examples')): Promise<ExampleWorld> {
  const [registryText, advisoryText] = await Promise.all([
    readFile(join(folder, 'registry.json'), 'utf8'),
    readFile(join(folder, 'advisories.jsonl'), 'utf8'),
  ]);
  const registry = objectOf(JSON.parse(registryText));
  const lines = advisoryText.split('\n').filter((line) => line !== '');
  return {
    packages: mapOf(registry['packages'], decodePackage),
    scorecards: mapOf(registry['scorecards'], (scorecard) => scorecard),
    kev: listOf(registry['kev']).map(objectOf),
    advisories: lines.map((line) => objectOf(JSON.parse(line))),
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error(`Expected an object, not ${JSON.stringify(value)}`);
  return value;
}

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`Expected a list, not ${JSON.stringify(value)}`);
  return value;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function mapOf<T>(value: unknown, decode: (item: JsonObject) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(objectOf(value)).map(([key, item]) => [key, decode(objectOf(item))]));
}

function decodePackage(value: JsonObject): ExamplePackage {
  return {
    repository: textOf(value['repository']),
    license: textOf(value['license']),
    versions: mapOf(value['versions'], decodeVersion),
  };
}

function decodeVersion(value: JsonObject): ExampleVersion {
  const integrity = textOf(value['integrity']);
  if (integrity === undefined) throw new Error(`A version without integrity: ${JSON.stringify(value)}`);
  return {
    published: textOf(value['published']),
    integrity,
    deprecated: textOf(value['deprecated']),
    hasInstallScript: value['hasInstallScript'] === true,
    isSigned: value['signature'] !== 'none',
    builtFrom: isObject(value['builtFrom']) ? value['builtFrom'] : undefined,
    node: textOf(value['node']),
    dependencies: objectOf(value['dependencies'] ?? {}),
    peerDependencies: objectOf(value['peerDependencies'] ?? {}),
  };
}
