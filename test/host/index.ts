/** What the extension host runs: loads every suite of this folder into mocha, which ends with the code it answers. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as mochaModule from 'mocha';

/** Called by VS Code; a rejection makes it exit with 1. */
export async function run(): Promise<void> {
  const Mocha = mochaConstructor(mochaModule);
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 60_000 });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith('.suite.cjs')) mocha.addFile(join(__dirname, name));
  }
  const result = await runToEnd(mocha);
  const resultFile = process.env['PROVENDER_HOST_RESULT'];
  if (resultFile !== undefined) writeFileSync(resultFile, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} tests failed`);
  if (result.passed === 0) throw new Error('No test ran');
}

function runToEnd(mocha: Mocha): Promise<{ passed: number; failed: number }> {
  return new Promise((resolve, reject) => {
    try {
      const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
    } catch (error) {
      // A suite that cannot be loaded throws here.
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** Mocha 12 is an ES module whose types still say CommonJS, so where its class lies depends on who loads it. */
function mochaConstructor(loaded: unknown): typeof Mocha {
  for (const found of [
    member(loaded, 'Mocha'),
    member(member(loaded, 'default'), 'Mocha'),
    member(loaded, 'default'),
  ]) {
    if (isMocha(found)) return found;
  }
  throw new Error('The mocha package has no Mocha class');
}

function member(value: unknown, name: string): unknown {
  const holds = (typeof value === 'object' || typeof value === 'function') && value !== null;
  return holds ? Reflect.get(value, name) : undefined;
}

function isMocha(value: unknown): value is typeof Mocha {
  return typeof value === 'function' && typeof member(value.prototype, 'addFile') === 'function';
}
