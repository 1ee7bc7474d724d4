import { fillNormals, fillUniforms } from '../base/philox.ts';
import type { CellSpec } from '../hardware/cell.ts';
import type { CellError } from '../hardware/device/device.ts';
import { deviceModels } from '../hardware/device/index.ts';
import { erf } from '../network/error-function.ts';
import { randomStream } from './chance.ts';

/** The behaviour of a spec's cell: errors by conductance relative to the largest, 0 … 1. */
export interface CellPhysics {
  /** Conductance of a cell that is off: 1 / onOffRatio, 0 where that is infinite. */
  readonly gMin: number;
  readonly stuckOff: number;
  readonly stuckOn: number;
  readonly program: CellError;
  readonly read: CellError;
  /** Cells take exactly the conductance they are given. */
  readonly exactProgram: boolean;
  /** Reading adds nothing. */
  readonly exactRead: boolean;
}

export function cellPhysics(cell: CellSpec): CellPhysics {
  const program = deviceModels.get(cell.program.type).error(cell.program as never);
  const read = deviceModels.get(cell.read.type).error(cell.read as never);
  return {
    gMin: cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio,
    stuckOff: cell.stuckOff,
    stuckOn: cell.stuckOn,
    program,
    read,
    exactProgram: program.law === 'none' && cell.stuckOff === 0 && cell.stuckOn === 0,
    exactRead: read.law === 'none',
  };
}

/** Cells that take and keep exactly what they are given; those that are off conduct as `of` says. */
export function idealPhysics(of?: CellPhysics): CellPhysics {
  const exact: CellError = { law: 'none', sigma: () => 0 };
  const gMin = of?.gMin ?? 0;
  return { gMin, stuckOff: 0, stuckOn: 0, program: exact, read: exact, exactProgram: true, exactRead: true };
}

/** Which cells are programmed: their place in the network, not on the crossbar, so that it outlives the mapping. */
export interface CellAddress {
  readonly seed: number;
  readonly chip: number;
  readonly layer: number;
  /** Output column of the layer. */
  readonly column: number;
  /** Weight slice and polarity: 2 · slice, + 1 for the negative cell of a pair. */
  readonly plane: number;
}

/**
 * Fabricates and programs the cells of one column in place: `g` holds wanted relative conductances, one for each
 * row, and becomes those obtained. A stuck cell stays at the smallest or largest conductance whatever is written;
 * the others err by the device's law and cannot fall below 0.
 */
export function programCells(physics: CellPhysics, g: Float64Array, address: CellAddress): void {
  const { chip, layer, seed, column, plane } = address;
  const { law } = physics.program;
  const place = { seed, row: column, block: plane, read: 0 };
  if (law === 'normal') {
    const normals = new Float32Array(g.length);
    fillNormals(normals, { ...place, stream: randomStream(chip, layer, 'program') });
    for (let row = 0; row < g.length; row++) {
      g[row] = Math.max(g[row]! + physics.program.sigma(g[row]!) * normals[row]!, 0);
    }
  } else if (law === 'uniform') {
    const uniforms = new Float64Array(g.length);
    fillUniforms(uniforms, { ...place, stream: randomStream(chip, layer, 'program') });
    for (let row = 0; row < g.length; row++) {
      const deviate = (uniforms[row]! - 0.5) * Math.sqrt(12);
      g[row] = Math.max(g[row]! + physics.program.sigma(g[row]!) * deviate, 0);
    }
  }
  if (physics.stuckOff > 0 || physics.stuckOn > 0) {
    const uniforms = new Float64Array(g.length);
    fillUniforms(uniforms, { ...place, stream: randomStream(chip, layer, 'fabricate') });
    for (let row = 0; row < g.length; row++) {
      if (uniforms[row]! < physics.stuckOff) g[row] = physics.gMin;
      else if (uniforms[row]! < physics.stuckOff + physics.stuckOn) g[row] = 1;
    }
  }
}

/** Mean and variance of a cell's conductance as it is read, which the sums on a bit line inherit. */
export interface ReadMoments {
  mean: number;
  variance: number;
}

/**
 * Moments of max(g + noise, 0): a conductance cannot be negative, and near zero the clip matters. Normal noise,
 * with t = g/σ: mean g·Φ(t) + σ·φ(t), second moment (g² + σ²)·Φ(t) + g·σ·φ(t) (a censored normal). Uniform noise
 * of half width a = σ·√3 > g: mean (g + a)²/4a, second moment (g + a)³/6a. Writes into `out`.
 */
export function readMoments(read: CellError, g: number, out: ReadMoments): void {
  out.mean = g;
  out.variance = 0;
  if (read.law === 'none') return;
  const sigma = read.sigma(g);
  out.variance = sigma * sigma;
  if (sigma === 0) return;
  let second: number;
  if (read.law === 'uniform') {
    const half = sigma * Math.sqrt(3);
    if (g >= half) return;
    out.mean = (g + half) ** 2 / (4 * half);
    second = (g + half) ** 3 / (6 * half);
  } else {
    const t = g / sigma;
    // Beyond 8 σ what is clipped away is below double precision.
    if (t > 8) return;
    const cumulative = 0.5 * (1 + erf(t / Math.SQRT2));
    const density = Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
    out.mean = g * cumulative + sigma * density;
    second = (g * g + sigma * sigma) * cumulative + g * sigma * density;
  }
  out.variance = Math.max(second - out.mean * out.mean, 0);
}
