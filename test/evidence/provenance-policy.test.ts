import { describe, expect, test } from 'vitest';

import type { CertificateClaims } from '../../server/src/evidence/attestations-outcome.ts';
import { judgeProvenance, type ProvenanceContext } from '../../server/src/evidence/provenance-policy.ts';

const CLAIMS: CertificateClaims = {
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/acme/widget',
  repositoryId: '1001',
  ownerId: '2001',
  ref: 'refs/tags/v1.2.3',
  commit: '0123456789abcdef0123456789abcdef01234567',
  workflow: '.github/workflows/release.yml',
  workflowRef: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
  buildSigner: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
  runner: 'github-hosted',
  trigger: 'release',
  visibility: 'public',
  hasLegacyOnly: false,
};

const DECLARED = 'git+https://github.com/acme/widget.git';

/** `warning source-mismatch` for each, as they come. */
function check(changes: Partial<CertificateClaims>, context: Partial<ProvenanceContext> = {}): readonly string[] {
  const found = judgeProvenance({ ...CLAIMS, ...changes }, { repository: DECLARED, ...context });
  for (const { message } of found) expect(message).toMatch(/^[A-Z].{20,}[^.]$/);
  return found.map(({ level, code }) => `${level} ${code}`);
}

test('a release from the declared repository by a hosted runner is unremarkable', () => {
  expect(check({})).toEqual([]);
});

test('a build of a branch is unremarkable', () => {
  expect(check({ ref: 'refs/heads/main', trigger: 'push' })).toEqual([]);
});

test('a certificate from before March 2023, which has few claims, is unremarkable', () => {
  const { issuer, repository, ref, trigger } = CLAIMS;
  expect(judgeProvenance({ issuer, repository, ref, trigger, hasLegacyOnly: true }, { repository: DECLARED })).toEqual(
    [],
  );
});

describe('the source repository', () => {
  test.each(['github:acme/widget', 'git@github.com:acme/widget.git', 'https://github.com/ACME/Widget/tree/main/core'])(
    'fits what is declared as %s',
    (repository) => {
      expect(check({}, { repository })).toEqual([]);
    },
  );

  test('is another than the declared one', () => {
    expect(check({}, { repository: 'https://github.com/evil/widget' })).toEqual(['warning source-mismatch']);
  });

  test('may be another one, as it was in the version before', () => {
    const context = { repository: 'https://github.com/old-name/widget', previous: CLAIMS };
    expect(check({}, context)).toEqual(['info source-mismatch']);
  });

  test('is not excused by a version before that had no number of its repository either', () => {
    const context = { repository: 'https://github.com/old/widget', previous: { ...CLAIMS, repositoryId: undefined } };
    expect(check({ repositoryId: undefined }, context)).toEqual(['warning source-mismatch']);
  });

  test.each([undefined, '', 'gist:11081aaa281', 'widget'])('cannot be compared with %j', (repository) => {
    expect(check({}, { repository })).toEqual(['info repository-not-declared']);
  });
});

describe('who built it', () => {
  test('on GitLab is as good as on GitHub', () => {
    const repository = 'https://gitlab.com/acme/group/widget';
    expect(check({ issuer: 'https://gitlab.com', runner: 'gitlab-hosted', repository }, { repository })).toEqual([]);
  });

  test.each<readonly [string, Partial<CertificateClaims>, string]>([
    ['an issuer that is no known build service', { issuer: 'https://issuer.example' }, 'warning unknown-issuer'],
    ['an issuer that looks like one', { issuer: 'https://gitlab.com.evil.example' }, 'warning unknown-issuer'],
    ['a machine of the project’s own', { runner: 'self-hosted' }, 'warning foreign-runner'],
    ['a pull request', { trigger: 'pull_request' }, 'warning risky-trigger'],
    ['a pull request with rights', { trigger: 'pull_request_target' }, 'warning risky-trigger'],
    ['a comment', { trigger: 'issue_comment' }, 'warning risky-trigger'],
    ['another workflow’s end', { trigger: 'workflow_run' }, 'warning risky-trigger'],
    ['a private repository', { visibility: 'private' }, 'warning private-source'],
    [
      'a reusable workflow',
      { buildSigner: 'https://github.com/tools/build/.github/workflows/node.yml@refs/tags/v2' },
      'info reusable-workflow',
    ],
  ])('by %s', (_case, changes, expected) => {
    expect(check(changes)).toEqual([expected]);
  });

  test('all that is remarkable is told, warnings first', () => {
    const buildSigner = 'https://github.com/tools/build/x.yml@refs/tags/v2';
    const changes = { buildSigner, runner: 'self-hosted', trigger: 'issue_comment' };
    expect(check(changes)).toEqual(['warning foreign-runner', 'warning risky-trigger', 'info reusable-workflow']);
  });
});

describe('the version before', () => {
  test('had the same identity', () => {
    expect(check({}, { previous: { ...CLAIMS, ref: 'refs/tags/v1.2.2', commit: 'other' } })).toEqual([]);
  });

  test('was built from another repository', () => {
    const previous = { ...CLAIMS, repository: 'https://github.com/acme/other', repositoryId: '7' };
    expect(check({}, { previous })).toEqual(['warning other-repository']);
  });

  test('was built from a repository of the same name, which is another one by its number', () => {
    expect(check({}, { previous: { ...CLAIMS, repositoryId: '7' } })).toEqual(['warning other-repository']);
  });

  test('was built from the same repository under its old name', () => {
    const previous = { ...CLAIMS, repository: 'https://github.com/old-name/widget' };
    expect(check({}, { previous })).toEqual([]);
  });

  test('has a number of another host, which says nothing', () => {
    const previous = { ...CLAIMS, issuer: 'https://gitlab.com', repository: 'https://gitlab.com/acme/widget' };
    expect(check({}, { previous })).toEqual(['warning other-repository']);
  });

  test('has no number, so names are compared', () => {
    const legacy = { ...CLAIMS, repositoryId: undefined };
    expect(check({}, { previous: legacy })).toEqual([]);
    expect(check({}, { previous: { ...legacy, repository: 'https://github.com/acme/other' } })).toEqual([
      'warning other-repository',
    ]);
  });

  test('was built by another workflow', () => {
    expect(check({}, { previous: { ...CLAIMS, workflow: '.github/workflows/ci.yml' } })).toEqual([
      'warning other-workflow',
    ]);
  });

  test('has no workflow to compare', () => {
    expect(check({}, { previous: { ...CLAIMS, workflow: undefined } })).toEqual([]);
  });
});
