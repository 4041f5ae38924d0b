import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { packageLock } from '../support/cli-world.ts';
import { startAttestedRegistry, type PublishedRelease } from '../support/attested-registry.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { integrityOf } from '../support/signed-releases.ts';

const SERVER = join(import.meta.dirname, '..', '..', 'dist', 'server.cjs');

interface Row {
  readonly name: string;
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly source?: Readonly<Record<string, string>>;
  readonly accepted?: string;
}

interface Verified {
  readonly code: number;
  readonly rows: readonly Row[];
  readonly coverage: {
    readonly checked: number;
    readonly unknown: readonly object[];
    readonly skipped: readonly object[];
  };
}

interface Project {
  readonly folder: string;
  readonly verify: (...options: string[]) => Promise<{ readonly code: number; readonly stdout: string }>;
  readonly json: (...options: string[]) => Promise<Verified>;
  readonly write: (name: string, text: string) => void;
}

/** A project that installs each of these, `pins` telling the hash that its lockfile has where it is another one. */
async function project(
  releases: readonly PublishedRelease[],
  pins: Readonly<Record<string, string | undefined>> = {},
): Promise<Project & { readonly requests: () => readonly string[] }> {
  const registry = await startAttestedRegistry(releases);
  const folder = scratchFolder();
  const installed = [...new Map(releases.map((release) => [release.name, release])).values()];
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const dependencies = Object.fromEntries(installed.map(({ name, version }) => [name, version]));
  write('package.json', JSON.stringify({ name: 'app', dependencies }));
  write(
    'package-lock.json',
    packageLock(
      dependencies,
      Object.fromEntries(
        installed.map(({ name, version, integrity }) => [
          name,
          { version, integrity: Object.hasOwn(pins, name) ? pins[name] : integrity },
        ]),
      ),
    ),
  );
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, registry.trustDocument);
  const data = join(folder, 'data');
  mkdirSync(data);
  const verify: Project['verify'] = (...options) => {
    const argv = [SERVER, 'verify', folder, '--host', `npm=${registry.server.base}`, ...options];
    const env = {
      ...process.env,
      PROVENDER_DATA: data,
      PROVENDER_TRUSTED_KEYS: keys,
      NPM_CONFIG_USERCONFIG: join(data, 'npmrc'),
    };
    return new Promise((resolve) => {
      execFile(process.execPath, argv, { env }, (error, stdout) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
      });
    });
  };
  return {
    folder,
    write,
    verify,
    requests: () => registry.server.requests.map(({ path }) => path),
    async json(...options) {
      const { code, stdout } = await verify('--format', 'json', ...options);
      const { packages, coverage } = JSON.parse(stdout) as { packages: Row[]; coverage: Verified['coverage'] };
      return { code, rows: packages, coverage };
    },
  };
}

const WIDGET: PublishedRelease = {
  name: '@acme/widget',
  version: '1.2.3',
  integrity: integrityOf('widget'),
  build: {},
  repository: 'git+https://github.com/acme/widget.git',
};
const PLAIN: PublishedRelease = { name: 'plain', version: '1.0.0', integrity: integrityOf('plain') };

function verdicts({ rows }: Verified): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, verdict }) => [name, verdict]));
}

describe('provender verify', () => {
  test('says who built a package from what, and that a signature alone does not', async () => {
    const { json } = await project([WIDGET, PLAIN]);
    const result = await json();
    expect(result.code).toBe(0);
    expect(verdicts(result)).toEqual({ '@acme/widget': 'provenance-verified', plain: 'signed' });
    expect(result.rows[0]).toMatchObject({
      purl: 'pkg:npm/%40acme/widget@1.2.3',
      source: {
        repository: 'https://github.com/acme/widget',
        ref: 'refs/tags/v1.2.3',
        commit: '0123456789abcdef0123456789abcdef01234567',
        workflow: '.github/workflows/release.yml',
        builder: 'GitHub Actions',
      },
    });
    expect(result.coverage).toEqual({ checked: 2, unknown: [], skipped: [] });
  });

  test('asks once, and verifies offline from then on', async () => {
    const { json, requests } = await project([WIDGET, PLAIN]);
    await json();
    const asked = requests().length;
    const again = await json();
    expect(verdicts(again)).toEqual({ '@acme/widget': 'provenance-verified', plain: 'signed' });
    const packuments = requests().slice(asked);
    expect(packuments).toEqual([]);
    expect(verdicts(await json('--offline'))).toEqual({ '@acme/widget': 'provenance-verified', plain: 'signed' });
  });

  test('fails for bytes that nobody signed', async () => {
    const { json, verify } = await project([WIDGET, PLAIN], { '@acme/widget': integrityOf('other'), plain: undefined });
    const result = await json('--fail-on', 'invalid');
    expect(result.code).toBe(1);
    expect(verdicts(result)).toEqual({ '@acme/widget': 'invalid', plain: 'signed-weak-pin' });
    expect(result.rows[0]?.reasons.map(({ code }) => code)).toEqual([
      'hash-mismatch',
      'publish-other-bytes',
      'provenance-other-bytes',
    ]);
    const { stdout } = await verify();
    expect(stdout).toContain('@acme/widget@1.2.3  invalid signature');
    expect(stdout).toContain('1  signed, not pinned');
  });

  test('fails for provenance that was lost, until somebody accepts it for this version', async () => {
    const before = { ...WIDGET, version: '1.2.2', integrity: integrityOf('before'), published: '2026-01-01T00:00:00Z' };
    const lost: PublishedRelease = {
      name: '@acme/widget',
      version: '1.2.3',
      integrity: WIDGET.integrity,
      published: '2026-02-01T00:00:00Z',
    };
    const { json, write } = await project([before, lost]);
    const result = await json();
    expect([result.code, verdicts(result)]).toEqual([1, { '@acme/widget': 'downgrade' }]);
    expect(result.rows[0]?.reasons[0]?.message).toContain('1.2.2');
    expect((await json('--fail-on', 'invalid')).code).toBe(0);
    const entry = { signature: 'downgrade', package: '@acme/widget', version: '1.2.3', reason: 'published by hand' };
    write('.provender.jsonc', JSON.stringify({ ignore: [entry] }));
    const accepted = await json();
    expect([accepted.code, accepted.rows[0]?.accepted]).toEqual([0, 'published by hand']);
    write('.provender.jsonc', JSON.stringify({ ignore: [{ ...entry, version: '1.2.2' }] }));
    expect((await json()).code).toBe(1);
  });

  test('warns of a repository that is not the declared one', async () => {
    const { json } = await project([{ ...WIDGET, repository: 'https://github.com/other/thing' }]);
    const result = await json();
    expect([result.code, verdicts(result)]).toEqual([1, { '@acme/widget': 'provenance-warning' }]);
  });

  test('says what could not be checked, and fails for it when it is strict', async () => {
    const { json } = await project([PLAIN]);
    const offline = await json('--offline', '--strict');
    expect([offline.code, verdicts(offline)]).toEqual([3, { plain: 'unknown' }]);
    expect(offline.coverage.unknown).toHaveLength(1);
  });

  test('says once that a proxy strips all signatures', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { verify } = await project(
      names.map((name) => ({ name, version: '1.0.0', integrity: integrityOf(name), isUnsigned: true })),
    );
    const { stdout } = await verify();
    expect(stdout).toContain('answers without signatures for all of 6 packages');
    expect(stdout).not.toContain('a@1.0.0');
  });

  test('shows hostile claims as the text that they are', async () => {
    const { verify } = await project([
      {
        ...WIDGET,
        build: { repository: 'https://github.com/acme/widget\u001b[31m' },
        repository: 'https://github.com/x/y',
      },
    ]);
    expect((await verify()).stdout).not.toContain('\u001b');
  });
});
