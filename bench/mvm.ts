import { setFlagsFromString } from 'node:v8';
import Benchmark from 'benchmark';
import {
  type Kernels,
  panelBytesF32,
  panelBytesI16,
  patternBytes,
  TABLE_SCRATCH_BYTES,
} from '../src/numerics/kernel-calls.ts';
import { createKernelMemory, loadKernels } from '../src/numerics/kernels.ts';
import { significant, table } from '../src/report/format.ts';
import { blockedLoop, packedBy4, plainLoop } from './mvm-loops.ts';

/** One way to do one batched product: billions of operations (2 per multiply-add of the product) per CPU second. */
export interface MvmRow {
  readonly rows: number;
  readonly columns: number;
  readonly batch: number;
  readonly variant: string;
  readonly gigaOperations: number;
  /** CPU time as a multiple of the plain float32 product's. */
  readonly overFloat32: number;
  /** Times as fast as the better of the two loops over typed arrays. */
  readonly overLoop: number;
}

/**
 * The MVM kernels beside a plain loop over typed arrays, all in turns within one run: medians of CPU time, of
 * which the ratios mean more than the figures on a shared machine.
 */
export function mvmRows({ quick }: { readonly quick: boolean }): MvmRow[] {
  const cases = quick
    ? [[256, 256, 256] as const]
    : SHAPES.flatMap(([rows, columns]) => [256, 1024].map((batch) => [rows, columns, batch] as const));
  return cases.flatMap(([rows, columns, batch]) => measure(rows, columns, batch, quick));
}

/** `mvmRows` as text: a column for each shape, `GOP/s (multiple of the float32 product's time)`. */
export function mvmTable({ quick }: { readonly quick: boolean }): string {
  const measured = mvmRows({ quick });
  const shapeOf = (row: MvmRow) => `${row.rows}×${row.columns}, ${row.batch}`;
  const shapes = [...new Set(measured.map(shapeOf))];
  const lines = [...new Set(measured.map((row) => row.variant))].map((variant) => [
    variant,
    ...shapes.map((shape) => {
      const row = measured.find((other) => other.variant === variant && shapeOf(other) === shape)!;
      return `${significant(row.gigaOperations)} (${row.overFloat32.toFixed(2)})`;
    }),
  ]);
  const title = 'Batched MVM (rows×columns, batch): GOP/s on one core (time as a multiple of float32)';
  const normals = `normals, float32: ${significant(normalsPerSecond(quick) / 1e6)} M/s`;
  return `${title}\n${table(['', ...shapes], lines)}\n${normals}`;
}

const SHAPES = [
  [128, 128],
  [256, 256],
  [512, 512],
  [1152, 256],
] as const;

/** The loops over typed arrays, first among the variants, take a part of the batch: they are slow. */
const LOOPS = 2;
const LOOP_BATCH = 32;

// On a busy machine V8's optimizing compiler may come a minute late; without the quick one it comes first.
setFlagsFromString('--no-liftoff');
const memory = createKernelMemory(2 ** 26, 2 ** 27);
const kernels = loadKernels({ memory });

function measure(rows: number, columns: number, batch: number, quick: boolean): MvmRow[] {
  const operations = 2 * rows * columns * batch;
  const variants = variantsOf(rows, columns, batch);
  const samples = variants.map((): number[] => []);
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    variants.forEach(({ run }, i) => {
      samples[i]!.push(cpuSeconds(run, quick ? 0.01 : 0.05));
    });
  }
  const seconds = variants.map(({ share }, i) => median(samples[i]!) / share);
  return variants.map(({ name }, i) => ({
    ...{ rows, columns, batch, variant: name },
    gigaOperations: operations / seconds[i]! / 1e9,
    overFloat32: seconds[i]! / seconds[LOOPS]!,
    overLoop: Math.min(...seconds.slice(0, LOOPS)) / seconds[i]!,
  }));
}

interface Variant {
  readonly name: string;
  readonly run: () => void;
  /** Part of the batch that one run multiplies. */
  readonly share: number;
}

function variantsOf(rows: number, columns: number, batch: number): Variant[] {
  const operands = layOut(rows, columns, batch);
  const { x, xFloat, g, panels, panelsI16, outputs, converter, noise, patterns, scratch } = operands;
  const shape = { vectors: batch, rows, columns };
  const float32 = { ...shape, inputs: xFloat, panels, outputs };
  const int16 = { ...shape, inputs: x, panels: panelsI16, outputs };
  const whole = { ...converter, multiplier: 1 };
  const bitSerial = (digits: 'oneBit' | 'twoBits' | 'signedBit', slices: number, more: object) => () => {
    const sliced = { ...shape, digits, slices, patterns };
    kernels.digitPatterns({ ...sliced, inputs: x });
    kernels.mvmAdcTable({ ...sliced, ...converter, panels, outputs, scratch, ...more });
  };
  const bitByBit = () => {
    for (let shift = 0; shift < 8; shift++) {
      const slice = { vectors: batch, rows, inputs: x, outputs: operands.digits, shift, bits: 1 };
      kernels.sliceF32(slice);
      kernels.mvmAdcF32({ ...float32, ...converter, inputs: operands.digits, multiplier: 2 ** shift });
    }
  };
  const withVariances = () => {
    const { squares, variances } = operands;
    kernels.squaresF32({ inputs: xFloat, outputs: squares, count: batch * rows });
    kernels.mvmF32({ ...float32, inputs: squares, outputs: variances });
    const spread = { at: variances, per: 'output' as const };
    kernels.mvmAdcF32({ ...float32, ...whole, noise: { ...noise, variances: spread } });
  };
  const named: [string, () => void][] = [
    ['float32', () => kernels.mvmF32(float32)],
    ['int16', () => kernels.mvmI16(int16)],
    ['float32, ADC', () => kernels.mvmAdcF32({ ...float32, ...whole })],
    ['int16, ADC', () => kernels.mvmAdcI16({ ...int16, ...whole })],
    ['float32, ADC, noise', () => kernels.mvmAdcF32({ ...float32, ...whole, noise })],
    ['int16, ADC, noise', () => kernels.mvmAdcI16({ ...int16, ...whole, noise })],
    ['float32, ADC, noise by a variance product', withVariances],
    ['8 × 1 bit, ADC each, slice by slice', bitByBit],
    ['8 × 1 bit, ADC each, tables', bitSerial('oneBit', 8, {})],
    ['8 × 1 bit, ADC and noise each, tables', bitSerial('oneBit', 8, { noise })],
    ['4 × 2 bits, ADC each, tables', bitSerial('twoBits', 4, {})],
    ['7 × 1 bit and sign, ADC each, tables', bitSerial('signedBit', 7, {})],
  ];
  const loopBatch = Math.min(batch, LOOP_BATCH);
  const arrays = {
    x: new Float32Array(memory.buffer, xFloat, loopBatch * rows),
    g: new Float32Array(memory.buffer, g, rows * columns),
    y: new Float32Array(memory.buffer, outputs, loopBatch * columns),
  };
  const blocked = { ...arrays, g: packedBy4(arrays.g, rows, columns) };
  const share = loopBatch / batch;
  return [
    { name: 'typed arrays, plain loop', share, run: () => plainLoop(arrays, rows, columns, loopBatch) },
    { name: 'typed arrays, 4 × 4 blocks', share, run: () => blockedLoop(blocked, rows, columns, loopBatch) },
    ...named.map(([name, run]) => ({ name, run, share: 1 })),
  ];
}

/** 8-bit input codes, weights of a normal distribution, an 8-bit converter: all in the kernels' memory. */
function layOut(rows: number, columns: number, batch: number) {
  let next = 64;
  const take = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const at = {
    x: take(batch * rows * 2),
    xFloat: take(batch * rows * 4),
    digits: take(batch * rows * 4),
    squares: take(batch * rows * 4),
    g: take(rows * columns * 4),
    w: take(rows * columns * 2),
    panels: take(panelBytesF32(rows, columns)),
    panelsI16: take(panelBytesI16(rows, columns)),
    outputs: take(batch * columns * 4),
    variances: take(batch * columns * 4),
    patterns: take(batch * 8 * patternBytes(rows, 'signedBit')),
    scratch: take(TABLE_SCRATCH_BYTES),
  };
  const converter = {
    gains: take(columns * 4),
    offsets: take(columns * 4),
    multipliers: take(8 * 4),
    low: -128,
    high: 127,
  };
  const noise = { seed: 1, stream: 2, row: 0, block: 0, read: 0, sigma: 1 };
  fill(kernels, at, rows, columns, batch);
  new Float32Array(memory.buffer, converter.gains, columns).fill(0.5 / Math.sqrt(rows));
  new Float32Array(memory.buffer, converter.offsets, columns).fill(0);
  new Int32Array(memory.buffer, converter.multipliers, 8).set([1, 2, 4, 8, 16, 32, 64, 128]);
  return { ...at, converter, noise };
}

function fill(
  { fillNormals, packF32, packI16 }: Kernels,
  at: { x: number; xFloat: number; g: number; w: number; panels: number; panelsI16: number },
  rows: number,
  columns: number,
  batch: number,
): void {
  const sequence = { seed: 1, stream: 1, row: 0, block: 0, read: 0, first: 0 };
  const x = new Int16Array(memory.buffer, at.x, batch * rows);
  for (let i = 0; i < x.length; i++) x[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  new Float32Array(memory.buffer, at.xFloat, x.length).set(x);
  fillNormals({ ...sequence, outputs: at.g, count: rows * columns });
  const g = new Float32Array(memory.buffer, at.g, rows * columns);
  new Int16Array(memory.buffer, at.w, g.length).set(g.map((value) => Math.round(value * 30)));
  packF32({ source: at.g, panels: at.panels, rows, columns });
  packI16({ source: at.w, panels: at.panelsI16, rows, columns });
}

function normalsPerSecond(quick: boolean): number {
  const count = 2 ** 16;
  const call = { outputs: 64, count, first: 0, seed: 1, stream: 2, row: 3, block: 4, read: 5 };
  const samples = Array.from({ length: quick ? 3 : 9 }, () =>
    cpuSeconds(() => kernels.fillNormals(call), quick ? 0.01 : 0.05),
  );
  return count / median(samples);
}

/** CPU time of one call, over the calls that benchmark.js makes in about `seconds`. */
function cpuSeconds(run: () => void, seconds: number): number {
  let calls = 0;
  const counted = () => {
    calls++;
    run();
  };
  counted();
  calls = 0;
  const before = process.cpuUsage();
  new Benchmark(counted, { minSamples: 1, initCount: 1, minTime: seconds, maxTime: seconds }).run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / calls;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1]!;
}

if (process.argv[1]?.endsWith('mvm.ts')) {
  const quick = process.argv.includes('--quick');
  console.log(process.argv.includes('--json') ? JSON.stringify(mvmRows({ quick })) : mvmTable({ quick }));
}
