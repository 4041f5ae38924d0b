/** Written by scripts/generate.ts from the ecosystems' lists. Do not edit. */

/** The names of manifests, lockfiles and registry configurations. */
export const FILE_NAMES: readonly string[] = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'npm-shrinkwrap.json',
  'package-lock.json',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  '.npmrc',
  '.pnpmrc',
  '.yarnrc.yml',
  'bunfig.toml',
];

/** The files in which decisions about findings stand. */
export const DECISION_GLOBS: readonly string[] = [
  '**/.provender.jsonc',
  '**/.vex/*.json',
  '**/{vex,bom}.json',
  '**/*.{vex,openvex,cdx}.json',
  '**/osv-scanner.toml',
  '**/.trivyignore*',
  '**/{.audit-ci,audit-ci}.{json,jsonc,json5}',
  '**/.nsprc',
];
