import { describe, expect, test } from 'vitest';

import { known, unknown, type ProvenanceSource, type SignatureEvidence } from '../../server/src/core/evidence.ts';
import { provenanceRows, signatureText } from '../../server/src/features/provenance-rows.ts';

const SOURCE: ProvenanceSource = {
  repository: 'https://github.com/acme/widget',
  ref: 'refs/tags/v1.2.3',
  commit: '0123456789abcdef0123456789abcdef01234567',
  workflow: '.github/workflows/release.yml',
  builder: 'GitHub Actions',
  run: 'https://github.com/acme/widget/actions/runs/42/attempts/1',
  trigger: 'release',
  repositoryId: '1',
  loggedAt: Date.parse('2026-01-02T03:04:05Z'),
  logIndex: '123456',
};

function rowsOf(changes: Partial<SignatureEvidence>): string[] {
  const evidence: SignatureEvidence = {
    verdict: 'provenance-verified',
    code: 'provenance-verified',
    message: 'Built from there',
    reasons: [
      { code: 'provenance-verified', message: 'Built from there' },
      { code: 'signed', message: 'Signed by the registry' },
    ],
    source: SOURCE,
    ...changes,
  };
  return provenanceRows(known(evidence, 'npm registry', 0)).map((row) => row.trim());
}

describe('what a card says below the verdict', () => {
  test('leads to the source, the commit, the run and the log entry', () => {
    expect(rowsOf({})).toEqual([
      '[github\\.com/acme/widget](https://github.com/acme/widget) · commit [0123456](https://github.com/acme/widget/commit/0123456789abcdef0123456789abcdef01234567) · built on [GitHub Actions](https://github.com/acme/widget/actions/runs/42/attempts/1) by release · log entry [123456](https://search.sigstore.dev/?logIndex=123456) of 2026\\-01\\-02'.replaceAll(
        '2026\\-01\\-02',
        '2026-01-02',
      ),
    ]);
  });

  test('lists what else was seen', () => {
    const reasons = [
      { code: 'a', message: 'first' },
      { code: 'b', message: 'The repository is another one' },
    ];
    expect(rowsOf({ verdict: 'provenance-warning', reasons })[0]).toBe('The repository is another one');
    expect(rowsOf({ reasons: [...reasons, { code: 'signed', message: 'Signed' }], source: undefined })).toEqual([
      'The repository is another one',
      'Signed',
    ]);
  });

  test.each([
    ['javascript:alert(1)', 'command:evil'],
    ['https://evil.example/acme/widget', 'http://github.com/acme/widget'],
    ['https://github.com.evil.example/a', 'https://github.com:8443/a'],
    ['not a url](command:evil)', '<a href="command:evil">'],
  ])('%s is text and no link', (repository, run) => {
    const [row = ''] = rowsOf({
      source: {
        ...SOURCE,
        repository,
        run,
        commit: '](command:evil)',
        logIndex: '1](command:evil)',
        builder: '[x](y)',
      },
    });
    expect(row).not.toMatch(/(?<!\\)\]\(/);
    expect(row).not.toContain('<a');
  });

  test('says nothing of what is not known', () => {
    const offline = unknown('offline', 'offline: it was *not* asked');
    expect(provenanceRows(offline)).toEqual([]);
    expect(signatureText(offline)).toBe('unknown, because offline: it was \\*not\\* asked');
  });
});
