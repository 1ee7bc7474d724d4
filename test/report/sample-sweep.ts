import type { LoadSweep, ServedPolicy, ServingReport } from '../../src/report/serving.ts';

/**
 * A report with every policy swept over so many factors from 0.1 on. Policies have knees at different factors, p99 grows tenfold
 * with each half of the load, and half of the points are in time.
 */
export function withSweep(report: ServingReport, factors = 8): ServingReport {
  const scenarios = report.scenarios.map((scenario) => ({
    ...scenario,
    sweep: sweepOf(scenario.policies, factors),
  }));
  return { ...report, scenarios };
}

function sweepOf(policies: readonly ServedPolicy[], count: number): LoadSweep {
  const factors = Array.from({ length: count }, (_, at) => (at + 1) / 10);
  return {
    factors,
    policies: policies.map(({ name, figures }, index) => ({
      name,
      knee: factors[Math.min(index + 2, count - 1)]!,
      highestInTime: factors[Math.floor(count / 2) - 1] ?? null,
      points: factors.map((factor, at) => ({
        factor,
        inTime: at < Math.floor(count / 2) ? 1 : 0.5,
        meetsDeadline: at < Math.floor(count / 2),
        kleinrockPower: { mean: 1e9, interval95: 1e7 },
        figures: {
          ...figures,
          offeredRate: { mean: factor * 5e4, interval95: 10 },
          // The first interval is wider than its value.
          p99: { mean: 1e-5 * (index + 1) * 100 ** factor, interval95: at === 0 ? 1e-3 : 1e-6 },
        },
      })),
    })),
  };
}
