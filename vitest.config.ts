import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two processes: the numerics' own worker pool runs beside them.
    maxWorkers: 2,
    reporters: ['default', './test/summary-reporter.ts'],
  },
});
