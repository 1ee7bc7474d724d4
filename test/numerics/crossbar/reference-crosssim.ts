import { referenceConverter } from './reference-converters.ts';
import { columns } from './reference-wires.ts';

/** A case of CrossSim 3.2 with every parameter that matters, as the equations name them. */
export interface ReferenceCase {
  readonly style: 'BALANCED' | 'OFFSET' | 'BITSLICED';
  readonly twoSided: boolean;
  readonly analogSubtraction: boolean;
  readonly unitColumn: boolean;
  readonly slicedStyle: 'BALANCED' | 'OFFSET';
  readonly slices: number;
  readonly weightBits: number;
  readonly cellBits: number;
  readonly percentile: number;
  /** Gmin / Gmax. */
  readonly g: number;
  readonly inputs: {
    readonly low: number;
    readonly high: number;
    /** Range of each call instead. */
    readonly percentile: number | undefined;
    readonly signed: boolean;
    readonly model: 'IdealDAC' | 'QuantizerDAC' | 'SignMagnitudeDAC';
    readonly bits: number;
    /** 0: all bits at once. */
    readonly sliceSize: number;
  };
  readonly adc: ReferenceAdc;
  readonly columnLimit: number;
  readonly rowsMax: number;
  readonly colsMax: number;
  readonly partition: 'EQUAL' | 'MAX';
  readonly wires: ReferenceWires | undefined;
  /** I = G (V − 0.25 V³), volt. */
  readonly cubic: number | undefined;
}

export interface ReferenceAdc {
  readonly model: string;
  readonly bits: number;
  readonly perInputBit: boolean;
  readonly option: 'CALIBRATED' | 'MAX' | 'GRANULAR';
  readonly limits: readonly (readonly [number, number])[];
  readonly gain: number;
  readonly split: boolean;
  readonly symmetric: boolean;
}

/** Resistances relative to 1 / Gmax. */
export interface ReferenceWires {
  readonly row: number;
  readonly column: number;
  readonly rowTerminal: number;
  readonly columnTerminal: number;
  readonly inputSourced: boolean;
  readonly interleaved: boolean;
  readonly selected: 'top' | 'bottom';
}

/** Outputs, and how near the nearest rounding came to a tie, in steps. */
export interface ReferenceResult {
  readonly y: readonly number[];
  readonly margin: number;
}

/** [output][input]. */
export type Cells = readonly (readonly number[])[];

/**
 * The equations of CrossSim 3.2 in their plainest form: matrices as arrays [output][input], wires as netlists solved
 * node by node. Written from the published equations, independently of what it tests.
 */
export function referenceProduct(
  c: ReferenceCase,
  weights: Cells,
  input: readonly number[],
): ReferenceResult {
  const rounding = new Rounding();
  const wmax = rangeOf(weights.flat(), c.percentile);
  const w = weights.map((row) => row.map((v) => Math.min(Math.max(v / wmax, -1), 1)));
  let [low, high] = [c.inputs.low, c.inputs.high];
  if (c.inputs.percentile !== undefined) {
    high = rangeOf(input, c.inputs.percentile);
    low = -high;
  }
  const scale = (c.inputs.signed ? 2 : 1) / (high - low);
  const x = drive(
    input.map((v) => v * scale),
    c.inputs.percentile === undefined ? [scale * low, scale * high] : [c.inputs.signed ? -1 : 0, 1],
    c,
    rounding,
  );
  const y = weights.map(() => 0);
  const perRow = parts(input.length, c.rowsMax, c.partition);
  for (const [o, outputs] of parts(weights.length, c.colsMax, c.partition)) {
    for (const [i, inputs] of perRow) {
      const block = w.slice(o, o + outputs).map((row) => row.slice(i, i + inputs));
      core(c, block, x.slice(i, i + inputs), rounding).forEach((v, k) => (y[o + k] = y[o + k]! + v));
    }
  }
  const out = (2 * wmax) / (1 - c.g) / scale / (c.style === 'BALANCED' ? 2 : 1);
  return { y: y.map((v) => v * out), margin: rounding.margin };
}

/** Rounds half to even and remembers the nearest tie. */
export class Rounding {
  margin = 0.5;

  round(v: number): number {
    const below = Math.floor(v);
    const part = v - below;
    this.margin = Math.min(this.margin, Math.abs(part - 0.5));
    if (part === 0.5) return below % 2 === 0 ? below : below + 1;
    return part < 0.5 ? below : below + 1;
  }

  threshold(distance: number): void {
    this.margin = Math.min(this.margin, Math.abs(distance));
  }
}

function rangeOf(values: readonly number[], percentile: number): number {
  if (percentile >= 1) return percentile * Math.max(...values.map(Math.abs));
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const rank = share * (sorted.length - 1);
    const k = Math.min(Math.floor(rank), sorted.length - 2);
    return sorted[k]! * (1 - (rank - k)) + sorted[k + 1]! * (rank - k);
  };
  return Math.max(Math.abs(at(percentile)), Math.abs(at(1 - percentile)));
}

function drive(
  x: readonly number[],
  range: readonly number[],
  c: ReferenceCase,
  rounding: Rounding,
): number[] {
  const { model, bits } = c.inputs;
  if (model === 'IdealDAC' || bits === 0) return [...x];
  const odd = model === 'SignMagnitudeDAC';
  const [lo, hi] = odd ? [-1, 1] : [range[0]!, range[1]!];
  const q = (2 ** bits - (odd ? 2 : 1)) / (hi - lo);
  return x.map((v) => rounding.round((Math.min(Math.max(v, lo), hi) - lo) * q) / q + lo);
}

/** [start, length]: equal where they can be; else all round(total / parts) long, or full, the last what is left. */
function parts(total: number, most: number, strategy: 'EQUAL' | 'MAX'): [number, number][] {
  if (most === 0 || total <= most) return [[0, total]];
  const count = Math.ceil(total / most);
  const full = strategy === 'MAX' && total % count !== 0;
  const length = full ? most : new Rounding().round(total / count);
  return Array.from({ length: count }, (_, k) => [
    k * length,
    k < count - 1 ? length : total - (count - 1) * length,
  ]);
}

/** One array: normalised outputs of normalised weights and drives. */
function core(c: ReferenceCase, w: Cells, x: readonly number[], rounding: Rounding): number[] {
  const { g, weightBits: wb, cellBits } = c;
  const r = 1 - g;
  const sum = x.reduce((a, b) => a + b, 0);
  const quantise = (G: number) => {
    const steps = 2 ** cellBits - 1;
    return cellBits === 0 ? G : g + (rounding.round(((G - g) * steps) / r) * r) / steps;
  };
  const map = (matrix: Cells, f: (v: number) => number): Cells => matrix.map((row) => row.map(f));
  if (c.style === 'BALANCED') {
    const positive = map(w, (v) => quantise(g + r * (c.twoSided ? (1 + v) / 2 : Math.max(v, 0))));
    const negative = map(w, (v) => quantise(g + r * (c.twoSided ? (1 - v) / 2 : Math.max(-v, 0))));
    return converted(c, positive, negative, x, 0, rounding);
  }
  const withUnit = (matrix: Cells, unit: number): Cells =>
    c.unitColumn ? [matrix[0]!.map(() => unit), ...matrix] : matrix;
  if (c.style === 'OFFSET') {
    const squeezed = cellBits === 0 ? r : (r * (2 ** cellBits - 2)) / (2 ** cellBits - 1);
    const lowest = 1 - squeezed;
    const cells = map(withUnit(w, 0), (v) => quantise(lowest + squeezed * (v / 2 + 0.5)));
    const Y = converted(c, cells, undefined, x, 0, rounding);
    if (c.unitColumn) return Y.slice(1).map((v) => v - Y[0]!);
    return Y.map((v) => v - (lowest + squeezed / 2) * sum);
  }
  const balanced = c.slicedStyle === 'BALANCED';
  const b = sliceWidth(c);
  const V = map(w, (v) => rounding.round(v * (2 ** (wb - 1) - 1) + (balanced ? 0 : 2 ** (wb - 1))));
  const S = w.map(() => 0);
  for (let i = 0; i < c.slices; i++) {
    const digit = (v: number) => {
      const rest = Math.floor(Math.abs(v) / 2 ** (i * b));
      return i === c.slices - 1 ? rest : rest % 2 ** b;
    };
    const level = (d: number) => g + (r * d) / (2 ** b - 1);
    let Y: number[];
    if (balanced) {
      const positive = map(V, (v) => level(v > 0 ? digit(v) : 0));
      const negative = map(V, (v) => level(v < 0 ? digit(v) : 0));
      Y = converted(c, positive, negative, x, i, rounding).map((v) => v / r);
    } else {
      const unit = level(i === c.slices - 1 ? Math.floor(2 ** b / 2) : 0);
      Y = converted(
        c,
        withUnit(
          map(V, (v) => level(digit(v))),
          unit,
        ),
        undefined,
        x,
        i,
        rounding,
      );
      Y = c.unitColumn ? Y.slice(1).map((v) => (v - Y[0]!) / r) : Y.map((v) => (v - g * sum) / r);
    }
    Y.forEach((v, o) => (S[o] = S[o]! + (2 ** b - 1) * 2 ** (i * b) * v));
  }
  const offset = balanced || c.unitColumn ? 0 : 2 ** (wb - 1) * sum;
  return S.map((v) => ((v - offset) / (2 * (2 ** (wb - 1) - 1))) * r);
}

function sliceWidth(c: ReferenceCase): number {
  if (c.weightBits % c.slices === 0) return c.weightBits / c.slices;
  return Math.ceil((c.slicedStyle === 'BALANCED' ? c.weightBits - 1 : c.weightBits) / c.slices);
}

/** Currents of one slice's lines, input slices accumulated, converted. */
function converted(
  c: ReferenceCase,
  positive: Cells,
  negative: Cells | undefined,
  x: readonly number[],
  slice: number,
  rounding: Rounding,
): number[] {
  const { signed, bits, sliceSize: s } = c.inputs;
  const limits = limitsOf(c, x.length, slice);
  const adc = (currents: readonly number[]) => referenceConverter(c.adc, limits, rounding)(currents);
  const lines = (v: readonly number[]) => currentsOf(c, positive, negative, v);
  if (s === 0) return difference(lines(x).map(adc));
  const m = signed ? bits - 1 : bits;
  const X = x.map((v) => rounding.round(Math.abs(v) * (2 ** m - 1)));
  const K = Math.ceil(m / s);
  let held: number[][] | undefined;
  for (let k = 0; k < K; k++) {
    const drive = x.map(
      (v, i) => (Math.sign(v) * (Math.floor(X[i]! / 2 ** (s * k)) % 2 ** s)) / (2 ** s - 1),
    );
    const now = lines(drive).map((currents) => (c.adc.perInputBit ? adc(currents) : currents));
    held = now.map((currents, p) => currents.map((v, o) => ((held?.[p]?.[o] ?? 0) + v) / 2 ** s));
  }
  const last = ((2 ** s - 1) * 2 ** (s * K - m) * 2 ** m) / (2 ** m - 1);
  const all = held!.map((currents) => currents.map((v) => v * last));
  return difference(c.adc.perInputBit ? all : all.map(adc));
}

function difference([positive, negative]: readonly (readonly number[])[]): number[] {
  return positive!.map((v, o) => v - (negative?.[o] ?? 0));
}

/** What converters see: one vector of currents, or one for each polarity. */
function currentsOf(
  c: ReferenceCase,
  positive: Cells,
  negative: Cells | undefined,
  x: readonly number[],
): number[][] {
  const clip = (currents: readonly number[]) => {
    const most = c.columnLimit > 0 ? c.columnLimit : Infinity;
    return currents.map((v) => Math.min(Math.max(v, -most), most));
  };
  if (negative === undefined) return [clip(columns(c, positive, undefined, x))];
  if (c.wires?.interleaved === true) return [clip(columns(c, positive, negative, x))];
  const both = [clip(columns(c, positive, undefined, x)), clip(columns(c, negative, undefined, x))];
  return c.analogSubtraction ? [difference(both)] : both;
}

function limitsOf(c: ReferenceCase, rows: number, slice: number): readonly [number, number] {
  const { adc, inputs } = c;
  const B = adc.bits;
  if (adc.model === 'IdealADC' || B === 0) return [0, 0];
  if (adc.option === 'CALIBRATED') return adc.limits[c.style === 'BITSLICED' ? slice : 0]!;
  const m = inputs.signed ? inputs.bits - 1 : inputs.bits;
  const corr = 2 ** m / (2 ** m - 1);
  const b = c.style === 'BITSLICED' ? sliceWidth(c) : 0;
  if (c.style !== 'BITSLICED') {
    const both = inputs.signed || (c.style === 'BALANCED' && c.analogSubtraction);
    if (adc.option === 'MAX') return [both ? -rows : 0, rows];
    const step = 2 ** -c.weightBits * corr;
    return both ? [-step * (2 ** (B - 1) - 1), step * (2 ** (B - 1) - 1)] : [0, step * (2 ** B - 1)];
  }
  if (c.slicedStyle === 'BALANCED') {
    if (adc.option === 'MAX') return [-rows, rows];
    const most = (corr / (2 ** b - 1)) * (2 ** (B - 1) - 1);
    return [-most, most];
  }
  if (adc.option === 'GRANULAR') {
    const step = corr / (2 ** b - 1);
    return inputs.signed ? [-step * (2 ** (B - 1) - 1), step * (2 ** (B - 1) - 1)] : [0, step * (2 ** B - 1)];
  }
  const power = 2 ** new Rounding().round(Math.log2(rows));
  const most = ((power * 2 ** b) / (2 ** b - 1)) * ((2 ** B - (inputs.signed ? 2 : 1)) / 2 ** B) * corr;
  return [inputs.signed ? -most : 0, most];
}
