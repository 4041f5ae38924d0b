import { expect, test } from 'vitest';

import { createLog } from '../../server/src/io/stream-log.ts';

test('messages below the level are left out', () => {
  const written: string[] = [];
  const log = createLog('warn', (level, message) => void written.push(`${level} ${message}`));
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(written).toEqual(['warn c', 'error d']);
});
