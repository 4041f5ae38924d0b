import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GROUPINGS } from '../../client/src/views/risk-tree-model.ts';
import { DECIDE_COMMAND, INSTALL_COMMAND } from '../../server/src/protocol.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string }[] }[];
  };
}

const root = join(import.meta.dirname, '../..');
const manifest = readManifest();
const contributed = manifest.contributes.commands.map(({ command }) => command);
const commandFolder = join(root, 'client/src/commands');
const registered = readdirSync(commandFolder)
  .map((name) => readFileSync(join(commandFolder, name), 'utf8'))
  .flatMap((text) => [...text.matchAll(/^ {2}'(provender\.[\w.]+)':/gm)].map(([, id]) => id ?? ''));

describe('the manifest', () => {
  test('names exactly the commands that are registered, those for code actions apart', () => {
    expect([...contributed, INSTALL_COMMAND, DECIDE_COMMAND].sort()).toEqual([...registered].sort());
  });

  test('puts all commands under one category', () => {
    expect(new Set(manifest.contributes.commands.map(({ category }) => category))).toEqual(new Set(['Provender']));
  });

  test('hides the commands of the tree from the palette', () => {
    const hidden = manifest.contributes.menus['commandPalette']?.filter(({ when }) => when === 'false');
    expect(hidden?.map(({ command }) => command).sort()).toEqual(
      contributed.filter((command) => command.startsWith('provender.risks.')).sort(),
    );
  });

  test('names only commands of its own in menus, welcome texts and walkthrough', () => {
    const inMenus = Object.values(manifest.contributes.menus).flat();
    const texts = [
      ...manifest.contributes.viewsWelcome.map(({ contents }) => contents),
      ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ];
    const linked = texts.flatMap((text) => [...text.matchAll(/command:(provender\.[\w.]+)/g)].map(([, id]) => id));
    const named = [...inMenus.map(({ command }) => command), ...linked].filter((id) => id !== undefined);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !contributed.includes(id))).toEqual([]);
  });

  test('offers each grouping of the tree', () => {
    const offered = manifest.contributes.menus['provender.risks.grouping']?.map(({ when }) => when);
    expect(offered).toEqual(GROUPINGS.map((grouping) => `provender.risks.grouping != '${grouping}'`));
  });

  test('activates only for workspaces that hold a project', () => {
    expect(manifest.activationEvents.length).toBeGreaterThan(0);
    expect(manifest.activationEvents.filter((event) => !/^workspaceContains:\*\*\/[\w.-]+$/.test(event))).toEqual([]);
  });
});

function readManifest(): Manifest {
  const value: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (!isManifest(value)) throw new Error('package.json contributes nothing');
  return value;
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'contributes' in value;
}
