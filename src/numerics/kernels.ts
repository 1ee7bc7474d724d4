import { readFileSync } from 'node:fs';
import { builtFile } from '../base/built-file.ts';
import { Fault } from '../base/fault.ts';
import {
  type Conversion,
  type DequantizeCall,
  type KernelMemory,
  type Kernels,
  type ProductOperands,
  patternBytes,
  type ReadNoise,
  stepBytes,
  type TableCall,
} from './kernel-calls.ts';

/** A `WebAssembly.Memory` with `shared: true`: workers that get it in a message see the same bytes. */
export interface SharedKernelMemory extends KernelMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** A compiled `WebAssembly.Module`; it can be sent to workers, which then need not compile. */
export type KernelModule = object & { readonly __kernelModule?: never };

/**
 * The kernels in WebAssembly SIMD over `memory` (a fresh one of 64 KiB, growing to 4 GiB, unless given).
 * Compiles once per process. Throws a Fault when `dist/numerics/kernels.wasm` has not been built.
 */
export function loadKernels(
  options: { readonly memory?: SharedKernelMemory; readonly module?: KernelModule } = {},
): Kernels & { readonly memory: SharedKernelMemory } {
  const memory = options.memory ?? createKernelMemory(PAGE_BYTES, MAXIMUM_PAGES * PAGE_BYTES);
  const instance = new engine.Instance(options.module ?? kernelModule(), { env: { memory } });
  return bind(instance.exports, memory);
}

/** A shared memory of at least `bytes` bytes that may grow to `maximumBytes` (address space, not yet memory). */
export function createKernelMemory(bytes: number, maximumBytes: number): SharedKernelMemory {
  const initial = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  const maximum = Math.max(initial, Math.ceil(maximumBytes / PAGE_BYTES));
  if (!(maximum <= MAXIMUM_PAGES)) {
    throw new Fault(`the numerics need ${(maximum * PAGE_BYTES) / 2 ** 30} GiB, WebAssembly has 4 GiB`, {
      cure: 'simulate fewer inferences or chips at a time',
    });
  }
  return new engine.Memory({ initial, maximum, shared: true });
}

/** The compiled module of this process. */
export function kernelModule(): KernelModule {
  compiled ??= new engine.Module(readModule());
  return compiled;
}

/** What the module takes for the digits of an input slice (kernels/digits.ts). */
const DIGITS = { oneBit: 0, twoBits: 1, signedBit: 2, magnitudeBit: 3 } as const;
const PAGE_BYTES = 65536;
const MAXIMUM_PAGES = 65536;

let compiled: KernelModule | undefined;

/** The part of the WebAssembly API used here: the language library without a browser does not declare it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedKernelMemory;
  readonly Instance: new (
    module: KernelModule,
    imports: { env: { memory: SharedKernelMemory } },
  ) => { readonly exports: Exports };
}

const engine = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

type Exports = Readonly<Record<keyof Omit<Kernels, 'memory'> | 'setSteps', (...values: number[]) => void>>;

/** Beside this file when compiled; in the build's folder when the TypeScript sources run themselves. */
function readModule(): Uint8Array {
  try {
    return readFileSync(builtFile('kernels.wasm', import.meta.url));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Fault('the WebAssembly kernels (dist/numerics/kernels.wasm) are missing', {
      cure: 'npm run build',
    });
  }
}

/** Turns a call with names into the row of numbers that the module's function takes (src/numerics/kernels). */
function bind(wasm: Exports, memory: SharedKernelMemory): Kernels & { readonly memory: SharedKernelMemory } {
  return {
    memory,
    packF32: (c) => wasm.packF32(c.source, 4 * (c.sourceStride ?? c.columns), c.panels, c.rows, c.columns),
    packI16: (c) => wasm.packI16(c.source, 2 * (c.sourceStride ?? c.columns), c.panels, c.rows, c.columns),
    mvmF32: (c) => wasm.mvmF32(...product(c, 4), flag(c.accumulate)),
    mvmI16: (c) => wasm.mvmI16(...product(c, 2), flag(c.accumulate)),
    mvmAdcF32: (c) => {
      setSteps(wasm, c);
      wasm.mvmAdcF32(...product(c, 4), c.multiplier, ...conversion(c, c.columns));
    },
    mvmAdcI16: (c) => {
      setSteps(wasm, c);
      wasm.mvmAdcI16(...product(c, 2), c.multiplier, ...conversion(c, c.columns));
    },
    digitPatterns: (c) => {
      const stride = c.patternStride ?? patternBytes(c.rows, c.digits);
      wasm.digitPatterns(...inputs(c, 2), c.patterns, stride, c.vectors, c.rows, c.slices, DIGITS[c.digits]);
    },
    mvmTable: (c) => wasm.mvmTable(...table(c)),
    mvmAdcTable: (c) => {
      setSteps(wasm, c);
      wasm.mvmAdcTable(...table(c), c.multipliers, ...conversion(c, c.columns));
    },
    convertSums: (c) => {
      setSteps(wasm, c);
      const at = [c.sums, 4 * c.columns, c.scratch, c.outputs, 4 * (c.outputStride ?? c.columns)];
      wasm.convertSums(...at, c.vectors, c.slices, c.columns, c.multipliers, ...conversion(c, c.columns));
    },
    addNoiseF32: (c) => {
      const at = [c.outputs, 4 * (c.outputStride ?? c.columns), c.vectors, c.columns];
      wasm.addNoiseF32(...at, ...noiseWords(c, c.columns));
    },
    mvmGated: (c) => {
      const at = [...inputs(c, 2), c.panels, c.scratch, c.outputs, 4 * (c.outputStride ?? c.columns)];
      const wires = [c.column, c.columnTerminal, flag(c.signed), flag(c.subtract)];
      wasm.mvmGated(...at, c.vectors, c.rows, c.columns, c.slices, ...wires);
    },
    effectiveMatrix: (c) => {
      const wires = [c.row, c.column, c.rowTerminal, c.columnTerminal, c.wordLinesPerNode ?? 1];
      wasm.effectiveMatrix(c.cells, c.rows, c.columns, c.scratch, ...wires);
    },
    lookupF32: (c) => {
      const stride = 4 * (c.outputStride ?? c.rows);
      wasm.lookupF32(...inputs(c, 2), c.outputs, stride, c.vectors, c.rows, c.table, c.first);
    },
    quantizeFrame: (c) => {
      const map = [c.channels, c.height, c.width, c.frameHeight, c.frameWidth, c.top, c.left];
      wasm.quantizeFrame(c.inputs, c.frame, ...map, c.inverseScale, c.low, c.high);
    },
    gather: (c) => {
      const stride = 2 * (c.outputStride ?? c.rows);
      wasm.gather(c.frame, c.positionBase, c.rowOffset, c.outputs, stride, c.positions, c.rows);
    },
    sliceI16: (c) => {
      const stride = 2 * (c.outputStride ?? c.rows);
      wasm.sliceI16(...inputs(c, 2), c.outputs, stride, c.vectors, c.rows, c.shift, c.bits);
    },
    sliceF32: (c) => {
      const stride = 4 * (c.outputStride ?? c.rows);
      wasm.sliceF32(...inputs(c, 2), c.outputs, stride, c.vectors, c.rows, c.shift, c.bits);
    },
    rowSums: (c) => wasm.rowSums(...inputs(c, 2), c.outputs, c.vectors, c.rows),
    rowSquares: (c) => wasm.rowSquares(...inputs(c, 2), c.outputs, c.vectors, c.rows),
    squaresF32: (c) => wasm.squaresF32(c.inputs, c.outputs, c.count),
    clear: (c) => wasm.clear(c.outputs, c.bytes),
    combine: (c) => {
      const codes = [c.codes, 4 * (c.codesStride ?? c.columns), c.factor];
      wasm.combine(...codes, ...doubles(c), c.vectors, c.columns, flag(c.accumulate));
    },
    combineSums: (c) => wasm.combineSums(c.sums, c.factor, ...doubles(c), c.vectors, c.columns),
    dequantizeI32: (c) => wasm.dequantizeI32(...dequantize(c, 4)),
    dequantizeF32: (c) => wasm.dequantizeF32(...dequantize(c, 4)),
    dequantizeF64: (c) => wasm.dequantizeF64(...dequantize(c, 8)),
    fillNormals: (c) =>
      wasm.fillNormals(c.outputs, c.count, c.first, c.seed, c.stream, c.row, c.block, c.read),
  };
}

function flag(on: boolean | undefined): number {
  return on === true ? 1 : 0;
}

function inputs(c: { inputs: number; inputStride?: number; rows: number }, bytes: number): number[] {
  return [c.inputs, bytes * (c.inputStride ?? c.rows)];
}

function doubles(c: { outputs: number; outputStride?: number; columns: number }): number[] {
  return [c.outputs, 8 * (c.outputStride ?? c.columns)];
}

function product(c: ProductOperands, bytes: number): number[] {
  const outputStride = 4 * (c.outputStride ?? c.columns);
  return [...inputs(c, bytes), c.panels, c.outputs, outputStride, c.vectors, c.rows, c.columns];
}

function table(c: TableCall): number[] {
  const patternStride = c.patternStride ?? patternBytes(c.rows, c.digits);
  const weights = [DIGITS[c.digits], c.panels, c.scratch];
  const outputs = [c.outputs, 4 * (c.outputStride ?? c.columns)];
  return [c.patterns, patternStride, ...weights, ...outputs, c.vectors, c.slices, c.rows, c.columns];
}

function setSteps(wasm: Exports, { steps }: Conversion): void {
  if (steps === undefined) wasm.setSteps(0, 0, 1, 0);
  else wasm.setSteps(steps.at, stepBytes(steps.levels), steps.columns, steps.levels);
}

function conversion(c: Conversion, columns: number): number[] {
  const converter = [c.gains, c.offsets, c.low, c.high];
  return [...converter, ...(c.noise === undefined ? NO_NOISE : noiseWords(c.noise, columns))];
}

const NO_NOISE: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0];

function noiseWords(noise: ReadNoise, columns: number): number[] {
  const variances = noise.variances;
  const perOutput = variances?.per === 'output';
  const layout = variances === undefined ? 1 : perOutput ? 3 : 2;
  const stride = 4 * (variances?.stride ?? (perOutput ? columns : 1));
  const counters = [noise.seed, noise.stream, noise.row, noise.block, noise.read];
  return [layout, noise.sigma, variances?.at ?? 0, stride, ...counters];
}

function dequantize(c: DequantizeCall, bytes: number): number[] {
  const from = [c.inputs, bytes * (c.inputStride ?? c.columns), c.factor ?? 1, c.scales, c.biases];
  const layout = [c.positions, c.first, c.inferenceStride, c.positionStride, c.columnStride];
  return [...from, c.outputs, c.vectors, c.columns, ...layout];
}
