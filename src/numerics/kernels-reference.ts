import { fillNormals } from '../base/philox.ts';
import { eliminate } from './ir-drop/elimination.ts';
import {
  type Conversion,
  type GatedCall,
  type KernelMemory,
  type Kernels,
  type ProductOperands,
  patternBytes,
  type SliceDigits,
  stepBytes,
  type TableCall,
  type UnequalSteps,
} from './kernel-calls.ts';
import { referenceData } from './kernels-reference-data.ts';
import { clip, f, int32Of, nearestEven, views } from './kernels-reference-numbers.ts';

/**
 * The kernels in plain TypeScript: the definition of every result, bit for bit, and the tests' oracle of the
 * WebAssembly ones. About a hundred times slower. The scratch of table products stays untouched.
 */
export function referenceKernels(memory: KernelMemory): Kernels {
  return {
    memory,
    ...referenceData(memory),
    mvmF32: (call) => {
      const { f32 } = views(memory);
      eachSumF32(memory, call, (sum, _vector, _column, at) => {
        f32[at] = call.accumulate === true ? f32[at]! + sum : sum;
      });
    },
    mvmI16: (call) => {
      const { i32 } = views(memory);
      eachSumI16(memory, call, (sum, _vector, _column, at) => {
        i32[at] = call.accumulate === true ? i32[at]! + sum : sum;
      });
    },
    mvmAdcF32: (call) => {
      const { i32 } = views(memory);
      const convert = converter(memory, call, call.columns);
      eachSumF32(memory, call, (sum, vector, column, at) => {
        i32[at] = i32[at]! + Math.imul(call.multiplier, convert(sum, vector, column, vector, 0));
      });
    },
    mvmAdcI16: (call) => {
      const { i32 } = views(memory);
      const convert = converter(memory, call, call.columns);
      eachSumI16(memory, call, (sum, vector, column, at) => {
        i32[at] = i32[at]! + Math.imul(call.multiplier, convert(f(sum), vector, column, vector, 0));
      });
    },
    mvmTable: (call) => {
      const { f32 } = views(memory);
      const stride = call.outputStride ?? call.columns;
      eachTableSum(memory, call, (sum, stream, column) => {
        f32[call.outputs / 4 + stream * stride + column] = sum;
      });
    },
    mvmAdcTable: (call) => {
      const { i32 } = views(memory);
      const convert = converter(memory, call, call.columns);
      const stride = call.outputStride ?? call.columns;
      eachTableSum(memory, call, (sum, stream, column) => {
        const vector = Math.floor(stream / call.slices);
        const slice = stream % call.slices;
        const at = call.outputs / 4 + vector * stride + column;
        const multiplier = i32[call.multipliers / 4 + slice]!;
        i32[at] = i32[at]! + Math.imul(multiplier, convert(sum, vector, column, stream, slice));
      });
    },
    convertSums: (call) => {
      const { f32, i32 } = views(memory);
      const convert = converter(memory, call, call.columns);
      const { slices, columns, outputStride = columns } = call;
      for (let stream = 0; stream < call.vectors * slices; stream++) {
        const vector = Math.floor(stream / slices);
        const slice = stream % slices;
        for (let column = 0; column < columns; column++) {
          const at = call.outputs / 4 + vector * outputStride + column;
          const sum = f32[call.sums / 4 + stream * columns + column]!;
          const code = convert(sum, vector, column, stream, slice);
          i32[at] = i32[at]! + Math.imul(i32[call.multipliers / 4 + slice]!, code);
        }
      }
    },
    addNoiseF32: (call) => {
      const { f32 } = views(memory);
      const { columns, outputStride = columns } = call;
      const normals = new Float32Array(columns);
      for (let vector = 0; vector < call.vectors; vector++) {
        fillNormals(normals, { ...call, row: call.row + vector });
        for (let column = 0; column < columns; column++) {
          const at = call.outputs / 4 + vector * outputStride + column;
          f32[at] = f32[at]! + f(deviation(f32, call, columns, vector, column) * normals[column]!);
        }
      }
    },
    mvmGated: (call) => gatedCurrents(memory, call),
    effectiveMatrix: ({ cells, rows, columns, wordLinesPerNode, ...lines }) => {
      const values = new Float64Array(memory.buffer, cells, rows * columns);
      const own = Float64Array.from(values);
      eliminate(own, rows, columns, lines, wordLinesPerNode);
      values.set(own);
    },
  };
}

function gatedCurrents(memory: KernelMemory, call: GatedCall): void {
  const { i16, f32 } = views(memory);
  const { rows, columns, slices, inputStride = rows, outputStride = columns } = call;
  const segment = f(call.column);
  const last = f(segment + f(call.columnTerminal));
  const through = (y: number, resistance: number) => f(y / f(1 + f(resistance * y)));
  for (let stream = 0; stream < call.vectors * slices; stream++) {
    const vector = Math.floor(stream / slices);
    const bit = stream % slices;
    for (let column = 0; column < columns; column++) {
      const phase = (sign: number) => {
        let y = 0;
        let before = 0;
        for (let row = 0; row < rows; row++) {
          const input = sign * i16[call.inputs / 2 + vector * inputStride + row]!;
          if (input <= 0 || (input >> bit) % 2 === 0) continue;
          const g = f32[call.panels / 4 + panelStart(column, rows) + row * PANEL]!;
          y = f(through(y, f((row - before) * segment)) + g);
          before = row;
        }
        return through(y, f(f((rows - 1 - before) * segment) + last));
      };
      const at = call.outputs / 4 + stream * outputStride + column;
      const current = call.signed ? f(phase(1) - phase(-1)) : phase(1);
      f32[at] = call.subtract === true ? f(f32[at]! - current) : current;
    }
  }
}

type VisitSum = (sum: number, vector: number, column: number, at: number) => void;

const PANEL = 8;

function eachSumF32(memory: KernelMemory, call: ProductOperands, visit: VisitSum): void {
  const { f32 } = views(memory);
  const { vectors, rows, columns, inputStride = rows, outputStride = columns } = call;
  for (let vector = 0; vector < vectors; vector++) {
    for (let column = 0; column < columns; column++) {
      const x = call.inputs / 4 + vector * inputStride;
      const g = call.panels / 4 + panelStart(column, rows);
      let sum = 0;
      for (let row = 0; row < rows; row++) sum = f(sum + f(f32[x + row]! * f32[g + row * PANEL]!));
      visit(sum, vector, column, call.outputs / 4 + vector * outputStride + column);
    }
  }
}

function eachSumI16(memory: KernelMemory, call: ProductOperands, visit: VisitSum): void {
  const { i16 } = views(memory);
  const { vectors, rows, columns, inputStride = rows, outputStride = columns } = call;
  const evenRows = rows + (rows & 1);
  for (let vector = 0; vector < vectors; vector++) {
    for (let column = 0; column < columns; column++) {
      const x = call.inputs / 2 + vector * inputStride;
      const panel = call.panels / 2 + Math.floor(column / PANEL) * PANEL * evenRows + (column % PANEL) * 2;
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const weight = i16[panel + (row >> 1) * 2 * PANEL + (row & 1)]!;
        sum = (sum + Math.imul(i16[x + row]!, weight)) | 0;
      }
      visit(sum, vector, column, call.outputs / 4 + vector * outputStride + column);
    }
  }
}

function panelStart(column: number, rows: number): number {
  return Math.floor(column / PANEL) * PANEL * rows + (column % PANEL);
}

function eachTableSum(
  memory: KernelMemory,
  call: TableCall,
  visit: (sum: number, stream: number, column: number) => void,
): void {
  const { f32, u8 } = views(memory);
  const { rows, digits, patternStride = patternBytes(rows, digits) } = call;
  const groupRows = digits === 'twoBits' || digits === 'signedBit' ? 2 : 4;
  const groups = Math.ceil(rows / groupRows);
  for (let stream = 0; stream < call.vectors * call.slices; stream++) {
    for (let column = 0; column < call.columns; column++) {
      const panel = call.panels / 4 + panelStart(column, rows);
      const partial = (group: number) => {
        if (group >= groups) return 0;
        const row = (offset: number) => {
          const index = group * groupRows + offset;
          return index < rows ? f32[panel + index * PANEL]! : 0;
        };
        return groupSum(u8[call.patterns + stream * patternStride + group]! >> 4, digits, row);
      };
      let sum = 0;
      for (let group = 0; group < groups; group += 2) sum = f(sum + f(partial(group) + partial(group + 1)));
      visit(sum, stream, column);
    }
  }
}

/** Σ digits · weights of one group: the low two pattern bits' part plus the high two bits' part. */
function groupSum(pattern: number, digits: SliceDigits, row: (offset: number) => number): number {
  const low = pattern & 3;
  const high = pattern >> 2;
  const pair = (bits: number, first: number) => {
    if (bits === 0) return 0;
    if (digits === 'twoBits') return f(bits * row(first));
    if (digits === 'signedBit') return bits === 1 ? row(first) : -row(first);
    if (bits === 3) return f(row(2 * first) + row(2 * first + 1));
    return row(2 * first + bits - 1);
  };
  return low === 0 ? pair(high, 1) : f(pair(low, 0) + pair(high, 1));
}

/** The analog-digital converter with its read noise: current of (vector, column), variance row, slice → code. */
function converter(memory: KernelMemory, call: Conversion, columns: number) {
  const { f32 } = views(memory);
  const { gains, offsets, noise } = call;
  const low = f(call.low);
  const high = f(call.high);
  const normals = new Float32Array(columns);
  let drawn = '';
  return (current: number, vector: number, column: number, stream: number, slice: number): number => {
    let noisy = current;
    if (noise !== undefined) {
      const sequence = { ...noise, row: noise.row + vector, read: noise.read + slice };
      if (drawn !== `${vector} ${slice}`) fillNormals(normals, sequence);
      drawn = `${vector} ${slice}`;
      noisy = f(current + f(deviation(f32, noise, columns, stream, column) * normals[column]!));
    }
    const level = f(f(noisy * f32[gains / 4 + column]!) + f32[offsets / 4 + column]!);
    if (call.steps !== undefined) return steppedCode(memory, call.steps, column, level);
    return int32Of(nearestEven(clip(level, low, high)));
  };
}

function steppedCode(memory: KernelMemory, steps: UnequalSteps, column: number, level: number): number {
  const { f32 } = views(memory);
  const { levels } = steps;
  const table = steps.at / 4 + Math.floor(column / steps.columns) * (stepBytes(levels) / 4);
  const thresholds = table + levels + 2;
  let index = 0;
  while (level > f32[thresholds + index]!) index++;
  return f32[thresholds + 4 * levels + index]!;
}

function deviation(
  f32: Float32Array,
  { sigma, variances }: NonNullable<Conversion['noise']>,
  columns: number,
  stream: number,
  column: number,
): number {
  if (variances === undefined) return f(sigma);
  const perOutput = variances.per === 'output';
  const stride = variances.stride ?? (perOutput ? columns : 1);
  const variance = f32[variances.at / 4 + stream * stride + (perOutput ? column : 0)]!;
  return f(Math.sqrt(f(variance + f(f(sigma) * f(sigma)))));
}
