import type { EnergyMatrix } from '../report/analysis.ts';

/**
 * Energy as folded stacks, `model;layer;component pJ` a line: what flamegraph.pl and speedscope read. They take whole
 * numbers only; the largest remainders are rounded up, so that the sum is that of the matrix to half a pJ.
 */
export function foldedEnergy(model: string, matrix: EnergyMatrix): string {
  const stacks = matrix.rows.flatMap(({ layer, energy }) =>
    energy.map((joules, column) => ({
      name: [model, layer, matrix.components[column]!].map(frame).join(';'),
      picojoules: joules * 1e12,
    })),
  );
  const total = Math.round(stacks.reduce((sum, { picojoules }) => sum + picojoules, 0));
  const whole = stacks.map(({ picojoules }) => Math.floor(picojoules));
  const missing = total - whole.reduce((sum, value) => sum + value, 0);
  const byRemainder = stacks
    .map(({ picojoules }, index) => ({ index, remainder: picojoules - whole[index]! }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) whole[index]! += 1;
  return stacks
    .map(({ name }, index) => ({ name, value: whole[index]! }))
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => `${name} ${value}\n`)
    .join('');
}

/** A name without what separates frames and lines. */
function frame(name: string): string {
  return name.replace(/[;\s]+/g, ' ').trim() || '(unnamed)';
}
