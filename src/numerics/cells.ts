import { fillNormals, fillUniforms, type RandomSequence } from '../base/philox.ts';
import type { CellSpec } from '../hardware/cell.ts';
import type { CellError } from '../hardware/device/device.ts';
import { deviceModels } from '../hardware/device/index.ts';
import { ivModels } from '../hardware/iv/index.ts';
import type { IvCurve } from '../hardware/iv/iv.ts';
import { erf } from '../network/error-function.ts';
import { type Moment, randomStream } from './chance.ts';

/** The behaviour of a spec's cell: errors by conductance relative to the largest, 0 … 1. */
export interface CellPhysics {
  /** Conductance of a cell that is off: 1 / onOffRatio, 0 where that is infinite. */
  readonly gMin: number;
  readonly stuckOff: number;
  readonly stuckOn: number;
  readonly program: CellError;
  readonly drift: CellError;
  readonly read: CellError;
  /** Its current against its voltage. */
  readonly iv: IvCurve;
  /** Levels that a cell can be programmed to: 2^bits. */
  readonly bits: number;
  /** Cells take exactly the conductance they are given. */
  readonly exactProgram: boolean;
  /** Reading adds nothing. */
  readonly exactRead: boolean;
}

export function cellPhysics(cell: CellSpec): CellPhysics {
  const program = deviceModels.get(cell.program.type).error(cell.program as never);
  const drift = deviceModels.get(cell.drift.type).error(cell.drift as never);
  const read = deviceModels.get(cell.read.type).error(cell.read as never);
  return {
    gMin: cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio,
    stuckOff: cell.stuckOff,
    stuckOn: cell.stuckOn,
    ...{ program, drift, read },
    iv: ivModels.get(cell.iv.type).curve(cell.iv as never),
    bits: cell.bits,
    exactProgram: isExact(program) && isExact(drift) && cell.stuckOff === 0 && cell.stuckOn === 0,
    exactRead: isExact(read),
  };
}

/** Cells that take and keep exactly what they are given; those of `of` otherwise: on/off ratio, levels, I-V law. */
export function idealPhysics(of?: CellPhysics): CellPhysics {
  const exact: CellError = { law: 'none', sigma: () => 0 };
  const { gMin = 0, bits = 12, iv = ivModels.get('linear').curve({} as never) } = of ?? {};
  const errors = { program: exact, drift: exact, read: exact, exactProgram: true, exactRead: true };
  return { gMin, bits, iv, stuckOff: 0, stuckOn: 0, ...errors };
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
 * Fabricates, programs and ages the cells of one column in place: `g` holds wanted relative conductances, one for each
 * row, and becomes those obtained. A stuck cell stays at the smallest or largest conductance whatever is written;
 * the others err by the device's law and cannot fall below 0. `beforeDrift` receives what programming gave.
 */
export function programCells(
  physics: CellPhysics,
  g: Float64Array,
  address: CellAddress,
  beforeDrift?: Float64Array,
): void {
  applyError(physics.program, g, address, 'program');
  beforeDrift?.set(g);
  applyError(physics.drift, g, address, 'drift');
  if (physics.stuckOff > 0 || physics.stuckOn > 0) {
    const uniforms = new Float64Array(g.length);
    fillUniforms(uniforms, place(address, 'fabricate'));
    for (let row = 0; row < g.length; row++) {
      if (uniforms[row]! < physics.stuckOff) g[row] = physics.gMin;
      else if (uniforms[row]! < physics.stuckOff + physics.stuckOn) g[row] = 1;
    }
  }
}

function place({ seed, chip, layer, column, plane }: CellAddress, moment: Moment) {
  return { seed, stream: randomStream(chip, layer, moment), row: column, block: plane, read: 0 };
}

function applyError(error: CellError, g: Float64Array, address: CellAddress, moment: Moment): void {
  if (error.law === 'none' && error.mean === undefined && error.sample === undefined) return;
  const deviates = standardDeviates(error.law, g.length, place(address, moment));
  for (let row = 0; row < g.length; row++)
    g[row] = Math.max(obtained(error, g[row]!, deviates?.[row] ?? 0), 0);
}

/** Independent deviates of mean 0 and variance 1; none for a law without chance. */
function standardDeviates(
  law: CellError['law'],
  length: number,
  sequence: RandomSequence,
): Float32Array | Float64Array | undefined {
  if (law === 'normal') {
    const normals = new Float32Array(length);
    fillNormals(normals, sequence);
    return normals;
  }
  if (law === 'none') return undefined;
  const uniforms = new Float64Array(length);
  fillUniforms(uniforms, sequence);
  return uniforms.map((uniform) => (uniform - 0.5) * Math.sqrt(12));
}

function obtained(error: CellError, g: number, deviate: number): number {
  if (error.sample !== undefined) return error.sample(g, deviate);
  return g + (error.mean?.(g) ?? 0) + error.sigma(g) * deviate;
}

function isExact(error: CellError): boolean {
  return error.law === 'none' && error.mean === undefined && error.sample === undefined;
}

/** Mean and variance of a cell's conductance as it is read, which the sums on a bit line inherit. */
export interface ReadMoments {
  mean: number;
  variance: number;
}

/**
 * Moments of max(g + noise, 0): a conductance cannot be negative, and near zero the clip matters. Normal noise,
 * with t = g/σ: mean g·Φ(t) + σ·φ(t), second moment (g² + σ²)·Φ(t) + g·σ·φ(t) (a censored normal). Uniform noise
 * of half width a = σ·√3 > g: mean (g + a)²/4a, second moment (g + a)³/6a. A mean error shifts g. Writes into `out`.
 */
export function readMoments(read: CellError, conductance: number, out: ReadMoments): void {
  const g = conductance + (read.mean?.(conductance) ?? 0);
  const sigma = read.law === 'none' ? 0 : read.sigma(conductance);
  out.mean = sigma === 0 ? Math.max(g, 0) : g;
  out.variance = sigma * sigma;
  if (sigma === 0) return;
  let second: number;
  if (read.law === 'uniform') {
    const half = sigma * Math.sqrt(3);
    if (g >= half) return;
    const above = Math.max(g + half, 0);
    out.mean = above ** 2 / (4 * half);
    second = above ** 3 / (6 * half);
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
