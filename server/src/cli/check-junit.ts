import { reaches, type Severity } from '../core/severity.ts';
import type { CheckResult } from './check-result.ts';
import { describeFinding } from './describe-finding.ts';
import { printable } from './printable.ts';
import { placeWords } from './row-words.ts';

export interface JunitContext {
  readonly failOn: Severity;
  readonly strict: boolean;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  /** The document. */
  readonly suite: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly type: string;
}

/**
 * The result as JUnit XML: each document is a suite, each finding a case. What makes the exit code 1 is a failure, what
 * makes it 3 an error, and what makes neither is skipped with its reason, so that the report and the exit code agree.
 */
export function checkJunit(result: CheckResult, context: JunitContext): string {
  const suites = new Map<string, TestCase[]>();
  const cases = casesOf(result, context);
  for (const item of cases) {
    const suite = suites.get(item.suite);
    if (suite) suite.push(item);
    else suites.set(item.suite, [item]);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="provender check" ${totals(cases)}>`,
    ...[...suites].flatMap(([name, items]) => [
      `  <testsuite ${attributes({ name })} ${totals(items)}>`,
      ...items.map(caseElement),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ findings, problems, coverage }: CheckResult, { failOn, strict }: JunitContext): TestCase[] {
  const open: Outcome = strict ? 'error' : 'skipped';
  const checked = String(coverage.checked);
  return [
    { suite: 'coverage', name: `${checked} packages checked`, outcome: 'passed', message: '', type: '' },
    ...coverage.unknown.map(({ name, version, reason }): TestCase => {
      return { suite: 'coverage', name: `${name} ${version}`, outcome: open, message: reason, type: 'not checked' };
    }),
    ...problems.map(({ document, line, message }): TestCase => {
      return { suite: document, name: `line ${String(line)}`, outcome: open, message, type: 'not read' };
    }),
    ...findings.map((item): TestCase => {
      const { finding, places } = item;
      const [place] = places;
      const where = place === undefined ? '' : ` (${placeWords(place)})`;
      return {
        suite: place?.document ?? 'packages',
        name: `${finding.package.name} ${finding.package.version}: ${finding.ruleId}`,
        outcome: reaches(finding.severity, failOn) ? 'failure' : 'skipped',
        message: `${describeFinding(item)}${where}`,
        type: finding.severity,
      };
    }),
  ];
}

function totals(cases: readonly TestCase[]): string {
  const number = (outcome: Outcome): string => String(cases.filter((item) => item.outcome === outcome).length);
  return attributes({
    tests: String(cases.length),
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
  });
}

function caseElement({ suite, name, outcome, message, type }: TestCase): string {
  const start = `    <testcase ${attributes({ classname: suite, name })}`;
  if (outcome === 'passed') return `${start}/>`;
  const kind = outcome === 'skipped' ? {} : { type };
  return `${start}><${outcome} ${attributes({ message, ...kind })}/></testcase>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${xmlText(value)}"`)
    .join(' ');
}

/** Half of a surrogate pair and the two last code points of the plane are no characters of XML. */
function xmlText(text: string): string {
  return printable(text, 1000)
    .toWellFormed()
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}
