import { Fault } from '../base/fault.ts';
import type { AdcSteps } from '../hardware/adc/adc.ts';
import type { Workspace } from './workspace.ts';

/**
 * Writes the steps of one fabricated converter as the kernels read them: for every step that a uniform converter
 * would give the first threshold that may lie above, then thresholds (rounded to float32, in codes) and codes.
 */
export function writeSteps(work: Workspace, at: number, levels: number, steps: AdcSteps): void {
  const { int32, float32 } = work;
  const { thresholds, codes } = steps;
  const most = 4 * levels;
  if (thresholds.length >= most) {
    throw new Fault(`a converter of ${levels} levels with ${thresholds.length} steps cannot be simulated`, {
      cure: 'lower its errors',
    });
  }
  const table = at / 4;
  const from = table + levels + 2;
  float32.fill(Infinity, from, from + most);
  // u = (2 code + 1 − levels) / levels in the middle of a step.
  thresholds.forEach((u, index) => {
    float32[from + index] = (u * levels + levels - 1) / 2;
  });
  codes.forEach((code, index) => {
    float32[from + most + index] = code;
  });
  let index = 0;
  for (let bucket = 0; bucket < levels + 2; bucket++) {
    // A level within bucket is at least bucket − 1, beyond the first one.
    while (bucket > 0 && index < thresholds.length && float32[from + index]! < bucket - 1) index++;
    int32[table + bucket] = index;
  }
}
