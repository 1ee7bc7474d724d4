import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServingSystem } from '../../src/serving/serving-system.ts';
import { prepareServing } from '../../src/experiment/serving/experiment.ts';
import { ROOT } from '../cli/command.ts';

/** A workload on hybrid-edge with some cuts, measured (with batches of any size if told so) and able to play every MVM; accuracies are made up. */
export async function cycleSystem(
  workload: string,
  cuts: readonly string[],
  overrides: readonly string[] = [],
  batching = false,
): Promise<ServingSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-cycle-'));
  try {
    const scenario = join(folder, 'scenario.yaml');
    writeFileSync(
      scenario,
      `name: cycle
models:
  - workload: ${join(ROOT, 'workloads', `${workload}.yaml`)}
    cuts: [${cuts.map((cut) => `'${cut}'`).join(', ')}]
    accuracy: {${cuts.map((cut) => `'${cut}': 90 %`).join(', ')}}
fidelity: cycle
load: {type: poisson, rate: capacity}
duration: 1 s
window: 1 s
`,
    );
    const architecture = join(ROOT, 'arch/hybrid-edge.yaml');
    const how = { overrides, batching, seed: 1, workers: 1 };
    return (await prepareServing({ architecture, scenario, ...how })).system;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
