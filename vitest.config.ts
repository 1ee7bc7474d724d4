import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What one test calibrated must not hide from another that calibration broke.
    env: { KIRCHHOFF_CACHE: 'off' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two processes: the numerics' own worker pool runs beside them.
    maxWorkers: 2,
    reporters: ['default', './test/summary-reporter.ts'],
  },
});
