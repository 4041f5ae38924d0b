import { describe, expect, test } from 'vitest';

import { SIGNATURE_VERDICTS, type SignatureEvidence, type SignatureVerdict } from '../../server/src/core/evidence.ts';
import {
  ABSENT,
  type AttestationsOutcome,
  type CertificateClaims,
  invalid,
  unverifiable,
  VERIFIED,
} from '../../server/src/evidence/attestations-outcome.ts';
import { judgeSignature, type SignatureFacts } from '../../server/src/evidence/judge-signature.ts';
import type { DowngradeResult } from '../../server/src/core/trust-downgrade.ts';

const CLAIMS: CertificateClaims = {
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/acme/widget',
  repositoryId: '1001',
  ref: 'refs/tags/v1.2.3',
  commit: '0123456789abcdef0123456789abcdef01234567',
  workflow: '.github/workflows/release.yml',
  runner: 'github-hosted',
  trigger: 'release',
  run: 'https://github.com/acme/widget/actions/runs/42/attempts/1',
  visibility: 'public',
  hasLegacyOnly: false,
};

const ATTESTED: AttestationsOutcome = {
  publish: VERIFIED,
  provenance: VERIFIED,
  claims: CLAIMS,
  loggedAt: Date.parse('2025-06-01T00:00:00Z'),
  logIndex: '42',
  ignored: [],
};

const DOWNGRADE: DowngradeResult = {
  verdict: 'downgrade',
  earlier: { version: '1.0.1', publishedAt: Date.parse('2025-02-01T10:00:00Z'), rank: 1 },
};

const WEAKER: DowngradeResult = { verdict: 'weaker', earlier: { ...DOWNGRADE.earlier, rank: 2 } };

/** A registry's verdict with its code, and the codes of further reasons. */
function registry(verdict: SignatureVerdict, code: string = verdict, ...more: readonly string[]): SignatureEvidence {
  const reasons = [code, ...more].map((each) => ({ code: each, message: `About ${each}` }));
  return { verdict, code, message: `About ${code}`, reasons };
}

function judge(facts: Partial<SignatureFacts>): SignatureEvidence {
  return judgeSignature({
    registry: registry('signed'),
    attestations: undefined,
    declaredRepository: 'git+https://github.com/acme/widget.git',
    ...facts,
  });
}

function codesOf({ reasons }: SignatureEvidence): readonly string[] {
  return reasons.map(({ code }) => code);
}

describe('the verdict', () => {
  const broken = { ...ATTESTED, claims: undefined };
  const elsewhere = { declaredRepository: 'github:evil/widget' };

  // Each with all that comes after it, as far as both can be true of one package.
  const cases: readonly (readonly [SignatureVerdict, Partial<SignatureFacts>])[] = [
    ['invalid', { registry: registry('invalid', 'bad-signature'), attestations: ATTESTED, ...elsewhere }],
    ['invalid', { attestations: { ...broken, provenance: invalid('bad-signature', 'Its signature does not fit') } }],
    [
      'invalid',
      { attestations: { ...ATTESTED, publish: invalid('other-bytes', 'It is of other bytes') }, ...elsewhere },
    ],
    [
      'invalid',
      {
        registry: registry('unverifiable', 'unknown-key'),
        attestations: {
          ...broken,
          publish: unverifiable('unknown-key', 'x'),
          provenance: invalid('x', 'It is broken'),
        },
        downgrade: DOWNGRADE,
      },
    ],
    ['unverifiable', { registry: registry('unverifiable', 'unknown-key'), attestations: ATTESTED, ...elsewhere }],
    [
      'unverifiable',
      { attestations: { ...broken, provenance: unverifiable('unknown-log', 'x') }, downgrade: DOWNGRADE },
    ],
    ['downgrade', { registry: registry('unsigned', 'no-signature'), downgrade: DOWNGRADE }],
    ['downgrade', { registry: registry('signed-weak-pin', 'no-pin'), downgrade: DOWNGRADE }],
    ['downgrade', { attestations: { ...broken, provenance: ABSENT }, downgrade: DOWNGRADE }],
    ['provenance-warning', { registry: registry('unsigned', 'no-signature'), attestations: ATTESTED, ...elsewhere }],
    ['provenance-warning', { registry: registry('signed-weak-pin', 'no-pin'), attestations: ATTESTED, ...elsewhere }],
    ['provenance-warning', { attestations: ATTESTED, downgrade: WEAKER }],
    ['unsigned', { registry: registry('unsigned', 'no-signature'), attestations: ATTESTED }],
    ['signed-weak-pin', { registry: registry('signed-weak-pin', 'weak-hash'), attestations: ATTESTED }],
    ['signed-weak-pin', { registry: registry('registry-unsigned', 'no-keys', 'no-pin'), attestations: ATTESTED }],
    ['provenance-verified', { attestations: ATTESTED }],
    ['provenance-verified', { registry: registry('registry-unsigned', 'no-keys'), attestations: ATTESTED }],
    ['signed', { attestations: { ...broken, provenance: ABSENT } }],
    ['signed', {}],
    ['registry-unsigned', { registry: registry('registry-unsigned', 'no-keys', 'no-pin') }],
    ['not-registry', { registry: registry('not-registry', 'git') }],
  ];

  test.each(cases)('is %s by precedence', (verdict, facts) => {
    const evidence = judge(facts);
    expect(evidence.verdict).toBe(verdict);
    expect(evidence.code).toBe(evidence.reasons[0]?.code);
    expect(evidence.message).not.toBe('');
  });

  test('has a case for every one there is', () => {
    expect(new Set(cases.map(([verdict]) => verdict))).toEqual(new Set(SIGNATURE_VERDICTS));
  });
});

describe('the sentence', () => {
  test('of a verified provenance says who built it from what', () => {
    expect(judge({ attestations: ATTESTED }).message).toBe(
      'Built from github.com/acme/widget@v1.2.3 by .github/workflows/release.yml on GitHub Actions; signature, log and hash in your lockfile match',
    );
  });

  test('leaves out what the certificate does not say', () => {
    const { issuer, repository, hasLegacyOnly } = CLAIMS;
    const claims = { issuer: `${issuer}/enterprise`, repository, hasLegacyOnly };
    const { message } = judge({ attestations: { ...ATTESTED, claims } });
    expect(message).toMatch(/^Built from github\.com\/acme\/widget on https:\/\/token\.actions[^;]*; /);
  });

  test('of a warning says what is remarkable', () => {
    const { message, code } = judge({ attestations: ATTESTED, declaredRepository: 'github:evil/widget' });
    expect(code).toBe('source-mismatch');
    expect(message).toMatch(
      /match, but: the package declares github\.com\/evil\/widget as its repository, and was built/,
    );
  });

  test('does not speak of the lockfile’s hash where it pins none', () => {
    const weak = registry('signed-weak-pin', 'no-pin');
    const { message } = judge({ registry: weak, attestations: ATTESTED, declaredRepository: 'github:evil/widget' });
    expect(message).toContain('; signature and log match, but: ');
  });

  test('of a downgrade names the last version that had more, and its day', () => {
    expect(judge({ downgrade: DOWNGRADE }).message).toMatch(
      /^Earlier versions \(last: 1\.0\.1, 2025-02-01\) were published from CI with provenance, .* Account takeovers/,
    );
  });

  test('of an invalid attestation says which, why, and what to do', () => {
    const provenance = invalid('other-bytes', 'It is of other bytes than the lockfile pins');
    expect(judge({ attestations: { ...ATTESTED, claims: undefined, provenance } }).message).toBe(
      'The provenance does not fit: it is of other bytes than the lockfile pins. Do not install it; compare it with the registry',
    );
  });

  test('of a key that is not known asks for newer trust data, and does not cry wolf', () => {
    const publish = unverifiable('unknown-key', 'It is signed with a key that is not known here (k)');
    const { message } = judge({ attestations: { ...ATTESTED, publish } });
    expect(message).toMatch(/^The registry’s publish attestation cannot be checked: .*Newer trust data may know it/);
    expect(judge({ attestations: { ...ATTESTED, publish: unverifiable('runtime', 'x') } }).message).not.toMatch(
      /Newer/,
    );
  });
});

describe('the reasons', () => {
  test('are all that was seen, what decided first', () => {
    const evidence = judge({
      registry: registry('signed-weak-pin', 'no-pin'),
      attestations: { ...ATTESTED, claims: { ...CLAIMS, runner: 'self-hosted' }, ignored: ['https://slsa.dev/vsa/v1'] },
      declaredRepository: undefined,
    });
    expect(codesOf(evidence)).toEqual([
      'foreign-runner',
      'no-pin',
      'provenance-verified',
      'repository-not-declared',
      'attestations-ignored',
    ]);
  });

  test('name attestations that were announced and are not at hand; the verdict stays', () => {
    const evidence = judge({ missing: 'the registry did not answer' });
    expect([evidence.verdict, ...codesOf(evidence)]).toEqual(['signed', 'signed', 'attestations-missing']);
    expect(evidence.reasons[1]?.message).toContain('the registry did not answer');
  });

  test('name an answer without attestations', () => {
    const evidence = judge({ attestations: { publish: ABSENT, provenance: ABSENT, ignored: [] } });
    expect([evidence.verdict, ...codesOf(evidence)]).toEqual(['signed', 'signed', 'attestations-missing']);
  });

  test('say that a downgrade is not known, and why', () => {
    const evidence = judge({ downgrade: { verdict: 'unknown', reason: 'the registry gives no time for 1.0.0' } });
    expect([evidence.verdict, ...codesOf(evidence)]).toEqual(['signed', 'signed', 'downgrade-unknown']);
  });
});

describe('a downgrade by the registry’s marks', () => {
  test('is none where a provenance was verified here', () => {
    expect(judge({ attestations: ATTESTED, downgrade: DOWNGRADE }).verdict).toBe('provenance-verified');
  });

  test('is a warning where that was a trusted publisher', () => {
    const lost: DowngradeResult = { verdict: 'downgrade', earlier: WEAKER.earlier };
    expect(judge({ attestations: ATTESTED, downgrade: lost })).toMatchObject({
      verdict: 'provenance-warning',
      code: 'weaker-publishing',
    });
  });

  test('never makes a provenance that was not verified', () => {
    const evidence = judge({ missing: 'the registry did not answer', downgrade: WEAKER });
    expect([evidence.verdict, evidence.source]).toEqual(['signed', undefined]);
    expect(codesOf(evidence)).toContain('weaker-publishing');
  });
});

describe('the source', () => {
  test('is what the certificate says, with the log entry', () => {
    expect(judge({ attestations: ATTESTED }).source).toEqual({
      repository: 'https://github.com/acme/widget',
      ref: 'refs/tags/v1.2.3',
      commit: CLAIMS.commit,
      workflow: '.github/workflows/release.yml',
      builder: 'GitHub Actions',
      run: CLAIMS.run,
      trigger: 'release',
      repositoryId: '1001',
      loggedAt: ATTESTED.loggedAt,
      logIndex: '42',
    });
  });

  test('is not told without a provenance that was verified', () => {
    expect(judge({}).source).toBeUndefined();
    const provenance = invalid('bad-signature', 'Its signature does not fit');
    expect(judge({ attestations: { ...ATTESTED, provenance } }).source).toBeUndefined();
  });

  test('does not change with a verdict that comes before it', () => {
    expect(judge({ registry: registry('unsigned', 'no-signature'), attestations: ATTESTED }).source).toBeDefined();
  });
});
