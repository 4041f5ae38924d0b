import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { AdvisoryDatabaseBuilder } from '../../server/src/store/build-advisory-database.ts';
import { osvText, record } from '../support/advisory-records.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const CHILD = join(import.meta.dirname, '..', 'support', 'import-child.ts');
const RECORDS = 12_000;

it('leaves the old generation, or the whole new one, whenever the import is killed', async () => {
  const folder = scratchFolder();
  const target = join(folder, 'advisories.db');
  const input = join(folder, 'in.jsonl');
  writeFileSync(input, Array.from({ length: RECORDS }, (_, index) => `${osvText(`NEW-${index}`)}\n`).join(''));
  const advisories = (): number => {
    const database = openAdvisoryDatabase(target);
    const entries = database.affected('npm', 'left-pad').length;
    expect(entries).toBe(database.info.ecosystems[0]?.advisories);
    database.close();
    return entries;
  };

  for (const linesBefore of [1, 1 + Math.floor(Math.random() * 22), 23, Infinity]) {
    const builder = new AdvisoryDatabaseBuilder({ target, now: 1 });
    builder.add(record('OLD-1'));
    builder.finish({ complete: [] });
    const sawDone = await importAndKill(input, target, linesBefore);
    expect(sawDone ? [RECORDS + 1] : [1, RECORDS + 1]).toContain(advisories());
  }
  expect(advisories()).toBe(RECORDS + 1);
});

/** Kills the import after so many lines of progress; true when it had said that it was done. */
async function importAndKill(input: string, target: string, linesBefore: number): Promise<boolean> {
  const child = spawn(process.execPath, [CHILD, input, target], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let seen = 0;
  let sawDone = false;
  for await (const line of createInterface({ input: child.stdout })) {
    sawDone ||= line === 'done';
    seen += 1;
    if (seen === linesBefore) child.kill('SIGKILL');
  }
  await exit;
  return sawDone;
}
