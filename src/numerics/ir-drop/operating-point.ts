import { Fault } from '../../base/fault.ts';
import type { MonotoneLaw } from './monotone-law.ts';

/** Wires between sources, cells and virtual grounds. */
export interface CellNetwork {
  /** Voltages and currents of cells whose current is slope · voltage + source: exact, without iteration. */
  solve(slopes: Float64Array, sources: Float64Array, voltages: Float64Array, currents: Float64Array): void;
}

/**
 * Currents of cells in a network of wires, by Newton's method: `start` are their voltages while no current flows.
 * Rising laws make it the minimum of a convex function (Millar's co-content, Philosophical Magazine 42, 1951), so a step
 * is shortened until the slope of that function along it has halved, or is none to within rounding: it converges from
 * anywhere. Stops when no cell's current differs from what its wires carry by more than 1e-12 of the largest, or than
 * rounded voltages make it.
 */
export function operatingPoint(
  network: CellNetwork,
  conductances: Float64Array,
  law: MonotoneLaw,
  start: Float64Array,
): Float64Array {
  const count = conductances.length;
  const own = new Float64Array(count);
  const slopes = new Float64Array(count);
  const sources = new Float64Array(count);
  const dv = new Float64Array(count);
  const di = new Float64Array(count);
  const v = start.slice();
  const carried = new Float64Array(count);
  const drive = largest(start);
  for (let step = 0; step < MAX_STEPS; step++) {
    for (let i = 0; i < count; i++) own[i] = law.current(conductances[i]!, v[i]!);
    for (let i = 0; i < count; i++) slopes[i] = law.slope(conductances[i]!, v[i]!);
    if (converged(own, carried, slopes, drive)) {
      checkRange(v, law);
      return carried;
    }
    for (let i = 0; i < count; i++) sources[i] = own[i]! - slopes[i]! * v[i]!;
    network.solve(slopes, sources, dv, di);
    for (let i = 0; i < count; i++) dv[i] = dv[i]! - v[i]!;
    for (let i = 0; i < count; i++) di[i] = di[i]! - carried[i]!;
    let rounded = 0;
    for (let i = 0; i < count; i++) {
      rounded += Math.abs(own[i]! - carried[i]!) + slopes[i]! * Math.abs(dv[i]!);
    }
    // Through wires of next to no resistance a step is lost in the last digit of the voltages, its slope with it.
    const t = stepLength(ROUNDING * drive * rounded, (t) => {
      let slope = 0;
      for (let i = 0; i < count; i++) {
        const cell = law.current(conductances[i]!, v[i]! + t * dv[i]!);
        slope += (cell - (carried[i]! + t * di[i]!)) * dv[i]!;
      }
      return slope;
    });
    for (let i = 0; i < count; i++) v[i] = v[i]! + t * dv[i]!;
    for (let i = 0; i < count; i++) carried[i] = carried[i]! + t * di[i]!;
  }
  throw new Error(`no operating point after ${MAX_STEPS} Newton steps`);
}

const MAX_STEPS = 200;
const TOLERANCE = 1e-12;
/** Currents of a cell fully on that are none: near the smallest numbers there are no digits to agree in. */
const NOTHING = 1e-30;
/** A few units in the last place of a voltage of full drive. */
const ROUNDING = 1e-15;

function converged(own: Float64Array, carried: Float64Array, slopes: Float64Array, drive: number): boolean {
  const allowed = TOLERANCE * largest(own) + NOTHING;
  return own.every(
    (current, i) => Math.abs(current - carried[i]!) <= allowed + ROUNDING * drive * slopes[i]!,
  );
}

/**
 * The whole step, or the part of it where the derivative along it is at most half of what it was at 0, give or take
 * `rounded`, what is rounded away of it.
 */
function stepLength(rounded: number, derivative: (t: number) => number): number {
  const enough = 0.5 * Math.abs(derivative(0)) + rounded;
  if (derivative(1) <= enough) return 1;
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 60; halving++) {
    const t = (low + high) / 2;
    const slope = derivative(t);
    if (Math.abs(slope) <= enough) return t;
    if (slope > 0) high = t;
    else low = t;
  }
  return high;
}

function checkRange(voltages: Float64Array, { limit }: MonotoneLaw): void {
  const found = largest(voltages);
  if (found <= limit * (1 + 1e-9)) return;
  throw new Fault(
    `a cell sees ${found.toPrecision(3)} of the full input, where its current falls with the voltage`,
    { cure: 'lower the read voltage of the I-V law' },
  );
}

function largest(values: Float64Array): number {
  let found = 0;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}
