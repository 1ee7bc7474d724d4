import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What one test calibrated must not hide from another that calibration broke.
    env: { KIRCHHOFF_CACHE: 'off' },
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Two processes: the numerics' own worker pool runs beside them.
    maxWorkers: 2,
    // Test files share what they import: a third of the time of importing it each anew.
    isolate: false,
    // The built command line as Node runs it.
    server: { deps: { external: [/\/dist\//] } },
    globalSetup: './test/build-first.ts',
    reporters: ['default', './test/summary-reporter.ts'],
  },
});
