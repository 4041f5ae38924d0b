import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    exclude: ['host/**'],
    pool: 'threads',
    testTimeout: 30_000,
    sequence: { shuffle: true },
  },
});
