import { Fault } from '../../base/fault.ts';
import type { IvCurve } from '../../hardware/iv/iv.ts';

/** A current-voltage law that rises everywhere, so that a circuit of such cells has exactly one operating point. */
export interface MonotoneLaw {
  /** Largest voltage up to which this is the cell's own law; beyond it goes on straight. */
  readonly limit: number;
  current(g: number, v: number): number;
  /** Its derivative by voltage; a Fault where it is negative. */
  slope(g: number, v: number): number;
}

/**
 * The law of cells driven by up to `drive`, continued straight beyond the voltage up to which it rises. Wires may put
 * twice the drive on a cell, between a driven line and an oppositely driven one. A Fault where it falls before the
 * drive is reached: such a circuit may have several operating points.
 */
export function monotoneLaw(iv: IvCurve, conductances: Float64Array, drive: number): MonotoneLaw {
  const limit = risesUpTo(iv, conductances, drive);
  const end = (g: number, v: number) => {
    const edge = v > 0 ? limit : -limit;
    const inside = edge * (1 - STEP);
    return { edge, slope: (iv.current(g, edge) - iv.current(g, inside)) / (edge - inside) };
  };
  return {
    limit,
    current(g, v) {
      if (g <= 0) return 0;
      if (Math.abs(v) <= limit) return iv.current(g, v);
      const { edge, slope } = end(g, v);
      return iv.current(g, edge) + slope * (v - edge);
    },
    slope(g, v) {
      if (g <= 0) return 0;
      const step = limit * STEP;
      const slope =
        Math.abs(v) + step > limit
          ? end(g, v).slope
          : (iv.current(g, v + step) - iv.current(g, v - step)) / (2 * step);
      if (slope < 0) throw falls(g, v);
      return slope;
    },
  };
}

/** Relative step of differences: its square and 1e-16 over it are both far below 1e-9. */
const STEP = 1e-6;
/** Inputs below this are treated as if the largest were: differences need room. */
const SMALLEST_RANGE = 1e-6;
const SAMPLED_CELLS = 64;
const SAMPLED_VOLTAGES = 64;

function risesUpTo(iv: IvCurve, conductances: Float64Array, drive: number): number {
  const cells = conductances.filter((g) => g > 0).sort();
  const samples = Math.min(SAMPLED_CELLS, cells.length);
  const range = 2 * Math.max(drive, SMALLEST_RANGE);
  let limit = range;
  for (let sample = 0; sample < samples; sample++) {
    const g = cells[Math.round((sample * (cells.length - 1)) / Math.max(samples - 1, 1))]!;
    for (const sign of [1, -1]) {
      let before = 0;
      for (let step = 1; step <= SAMPLED_VOLTAGES; step++) {
        const v = (range * step) / SAMPLED_VOLTAGES;
        const current = sign * iv.current(g, sign * v);
        if (!(current >= before)) {
          if (v <= drive) throw falls(g, sign * v);
          limit = Math.min(limit, (range * (step - 1)) / SAMPLED_VOLTAGES);
          break;
        }
        before = current;
      }
    }
  }
  return limit;
}

function falls(g: number, v: number): Fault {
  return new Fault(
    `the current of a cell of relative conductance ${g.toPrecision(3)} falls with the voltage at ${v.toPrecision(3)} of the full input: with resistive wires it would have no one operating point`,
    { cure: 'keep conductances and voltages in the range of the I-V law, or leave wires out' },
  );
}
