import type { UpgradeRole, UpgradeRow } from '../workspace/upgrade-card.ts';
import { escapeMarkdown } from './markdown.ts';
import { ageText, oneLine } from './words.ts';

/** One item of a list for each version, the nearest first. */
export function upgradeRows(rows: readonly UpgradeRow[], now: number): string[] {
  return rows.map((row) => `- **${escapeMarkdown(row.release.version)}** ${factsOf(row, now).join(' · ')}`);
}

function factsOf(row: UpgradeRow, now: number): string[] {
  const { release, advisories, brings } = row;
  const { fixes, leaves, adds = 'unknown' } = advisories;
  return [
    row.roles.map((role) => roleText(role, row)).join(', '),
    `fixes ${String(fixes)}, leaves ${String(leaves)}, new ${String(adds)}`,
    `brings in: ${bringsText(brings)}`,
    ...(release.publishedAt === undefined ? [] : [`published ${ageText(now - release.publishedAt)} ago`]),
    ...(release.deprecated === undefined ? [] : ['deprecated']),
    ...row.unmetPeers.map(
      ({ name, range, installed }) =>
        `**needs ${escapeMarkdown(oneLine(`${name} ${range}`))}**, installed ${escapeMarkdown(installed)}`,
    ),
    ...(row.unmetNode === undefined ? [] : [`**needs Node ${escapeMarkdown(oneLine(row.unmetNode))}**`]),
  ];
}

function roleText(role: UpgradeRole, { release, advisories }: UpgradeRow): string {
  if (role === 'clean') return advisories.adds === undefined ? 'proposed fix' : 'no known advisory';
  return role === 'latest' ? 'latest' : `latest ${escapeMarkdown(release.version.split('.')[0] ?? '')}.x`;
}

function bringsText(brings: number | undefined): string {
  if (brings === undefined) return 'unknown';
  return brings === 0 ? 'nothing affected' : `up to ${String(brings)} affected`;
}
