import type { RiskGroup, RiskItem } from '../protocol.ts';
import type { ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { isDoubtful, SHOWN_VERDICTS, VERDICT_WORDS } from './verdict-words.ts';
import { count } from './words.ts';

/**
 * How many packages have each verdict. What is to be looked at stands among the risks as well; the rest says how far
 * the checks reach.
 */
export function signatureGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  if (filter.trim() !== '') return [];
  const { projects } = snapshot;
  const counts = new Map(SHOWN_VERDICTS.map((verdict) => [verdict, countOf(projects, verdict)]));
  const verified = VERIFIED.reduce((sum, verdict) => sum + (counts.get(verdict) ?? 0), 0);
  const looked = [...counts].reduce((sum, [verdict, number]) => sum + (verdict === 'not-registry' ? 0 : number), 0);
  // Why nothing is known stands with the packages that were not checked.
  if (looked === (counts.get('unknown') ?? 0)) return [];
  const zero = { line: 0, character: 0 };
  const [first] = projects;
  const path = first?.lockfile?.document.path ?? first?.manifests[0]?.document.path;
  const target = { uri: path === undefined ? '' : uriOf(path), range: { start: zero, end: zero } };
  const row = (id: string, label: string, description: string, icon: string, tooltip: string): RiskItem => ({
    id: `signatures:${id}`,
    label,
    description,
    tooltip,
    icon,
    severity: 'none',
    ...target,
    actionable: false,
  });
  const items = [
    ...strippedRows(projects, row),
    ...[...counts]
      .filter(([, number]) => number > 0)
      .map(([verdict, number]) =>
        row(verdict, VERDICT_WORDS[verdict], count(number, 'package'), iconOf(verdict), EXPLAINED[verdict]),
      ),
  ];
  const description = `${String(verified)} of ${count(looked, 'package')} verified`;
  return [{ id: 'signatures', label: 'Signatures', description, icon: 'verified', items }];
}

type Shown = (typeof SHOWN_VERDICTS)[number];

/** Whose signature fits the bytes that the lockfile pins. */
const VERIFIED = ['provenance-verified', 'provenance-warning', 'downgrade', 'signed'] as const;

const EXPLAINED: Readonly<Record<Shown, string>> = {
  invalid: 'The signature, or the provenance, does not fit the bytes that the lockfile pins',
  unverifiable: 'Signed with a key or a log that is not known here; never a sign of tampering by itself',
  downgrade: 'Earlier versions were published from CI, with more evidence than this one',
  'provenance-warning': 'The provenance is genuine, and something in it is worth a look',
  unsigned: 'The registry signs every package, and its answer had no signature',
  'signed-weak-pin': 'Signed, but the lockfile does not pin the bytes with a sha512 hash',
  'provenance-verified': 'Signature, transparency log and build provenance were verified against the lockfile',
  signed: 'The registry signed the bytes that the lockfile pins; who built them is not recorded',
  'registry-unsigned': 'The registry publishes no signing keys that are known here',
  'not-registry': 'From git, a file or a URL: registry signatures do not cover it',
  unknown: 'Not asked, or not answered',
};

function countOf(projects: readonly ProjectView[], verdict: Shown): number {
  return projects.reduce((sum, { assessment }) => sum + (assessment.signatures.counts.get(verdict) ?? 0), 0);
}

function iconOf(verdict: Shown): string {
  if (verdict === 'unknown' || verdict === 'not-registry' || verdict === 'registry-unsigned') return 'question';
  return isDoubtful(verdict) ? 'unverified' : 'verified';
}

function strippedRows(
  projects: readonly ProjectView[],
  row: (id: string, label: string, description: string, icon: string, tooltip: string) => RiskItem,
): RiskItem[] {
  const stripped = new Map(projects.flatMap(({ assessment }) => [...assessment.signatures.stripped]));
  return [...stripped].map(([registry, number]) => {
    const host = URL.canParse(registry) ? new URL(registry).host : registry;
    const tooltip = `${host} answers without signatures for all of ${count(number, 'package')}: a proxy on the way seems to remove them`;
    return row(`stripped:${registry}`, host, `strips signatures from ${count(number, 'package')}`, 'warning', tooltip);
  });
}
