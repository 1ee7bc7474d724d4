import { type ServingReport, servingFigures, servingSchema } from '../../src/report/serving.ts';

/** A serving report of two policies over so many windows of 1 ms, in round numbers. */
export function sampleServing(windows = 450): ServingReport {
  const figure = (mean: number) => ({ mean, interval95: mean / 100 });
  const policy = (name: string, better: number) => ({
    name,
    window: { type: 'static', cut: 'digital' },
    request: [{ type: 'fifo' }],
    figures: Object.fromEntries(
      Object.keys(servingFigures).map((key, index) => [key, figure((index + 1) / 100 + better)]),
    ),
    ...{
      regret: figure(0.25 - better),
      againstFirst: figure(better),
      againstBest: figure(better - 0.125),
      utilisation: [figure(0.5), figure(0.25)],
    },
    models: [
      {
        ...{ name: 'net', offered: 30 * windows, onTime: 20 * windows, late: 5 * windows },
        ...{ droppedFull: 2 * windows, droppedEarly: 3 * windows, inFlight: 0, right: 22 * windows },
        ...{ rightOnTime: 18 * windows, belowQuality: 0, again: 0, answersByCut: [windows, 24 * windows] },
        ...{ p50: figure(1e-5), p99: figure(4e-5) },
      },
    ],
    windows: Array.from({ length: windows }, (_, index) => ({
      ...{ start: index * 1e-3, length: 1e-3, energy: 1e-6 },
      models: [
        {
          ...{ offered: 30, answered: index === 0 ? 0 : 25, onTime: index === 0 ? 0 : 20, dropped: 5 },
          ...{ right: index === 0 ? 0 : 22, expected: 22, p99: index === 0 ? null : 1e-6 * index },
          ...{ waiting: 1, devices: 1, plan: index % 2 === 0 ? [1, 0] : [0, 1] },
        },
      ],
    })),
    moves: 0,
    programmings: 0,
  });
  return servingSchema.parse({
    ...{ kind: 'kirchhoff-serving', formatVersion: 1, architecture: 'chip' },
    provenance: {
      ...{ kirchhoff: '0.1.0', seed: 1, overrides: [] },
      inputs: [{ role: 'scenario', file: 'a.yaml', sha256: 'f00d' }],
    },
    scenarios: [
      {
        ...{ name: 'sample', file: 'a.yaml', fidelity: 'profile' },
        ...{ load: { type: 'poisson', rate: 3e4 }, duration: windows * 1e-3, warmUp: 0, window: 1e-3 },
        ...{
          devices: 1,
          replications: 3,
          independent: 3,
          stations: ['analog', 'digital'],
          capacity: 2e4,
          fastest: 5e4,
        },
        bound: figure(0.9),
        models: [
          {
            ...{ name: 'net', share: 1, deadline: 1e-4, measured: true },
            cuts: ['digital', 'analog'].map((name, index) => ({
              ...{ name, accuracy: 0.9 - index / 100, latency: 2e-5, interval: 1e-5, energy: 3e-7 },
              work: [1e-6, 2e-6],
            })),
          },
        ],
        policies: [policy('steady-first', 0), policy('other', 0.125)],
        sweep: null,
        mlperf: null,
        notes: [],
      },
    ],
  });
}

/** The same with every name that comes from a file replaced. */
export function renamedServing(report: ServingReport, name: string): ServingReport {
  const scenario = report.scenarios[0]!;
  const models = scenario.models.map((model) => ({
    ...{ ...model, name },
    cuts: model.cuts.map((cut, index) => ({ ...cut, name: `${index}${name}` })),
  }));
  const policies = scenario.policies.map((policy, index) => ({
    ...{ ...policy, name: `${index}${name}`, window: { type: name } },
  }));
  return {
    ...{ ...report, architecture: name },
    provenance: {
      ...report.provenance,
      overrides: [name],
      inputs: [{ role: name, file: name, sha256: name }],
    },
    scenarios: [{ ...scenario, ...{ name, file: name, stations: [name, name], models, policies } }],
  };
}
