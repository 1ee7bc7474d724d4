import { fillNormals } from '../base/philox.ts';
import {
  type DequantizeCall,
  type KernelMemory,
  type Kernels,
  patternBytes,
  type SliceCall,
  type SliceDigits,
} from './kernel-calls.ts';
import { clip, f, nearestEven, views } from './kernels-reference-numbers.ts';

type DataKernels = Omit<
  Kernels,
  | 'memory'
  | 'mvmF32'
  | 'mvmI16'
  | 'mvmAdcF32'
  | 'mvmAdcI16'
  | 'mvmTable'
  | 'mvmAdcTable'
  | 'convertSums'
  | 'addNoiseF32'
  | 'mvmGated'
  | 'effectiveMatrix'
>;

/** The kernels that bring data to the products and take results from them, in plain TypeScript. */
export function referenceData(memory: KernelMemory): DataKernels {
  return {
    packF32: ({ source, sourceStride, panels, rows, columns }) => {
      const { f32 } = views(memory);
      const from = (row: number, column: number) =>
        f32[source / 4 + row * (sourceStride ?? columns) + column]!;
      for (let at = panels / 4, first = 0; first < columns; first += PANEL) {
        for (let row = 0; row < rows; row++) {
          for (let column = first; column < first + PANEL; column++) {
            f32[at++] = column < columns ? from(row, column) : 0;
          }
        }
      }
    },
    packI16: ({ source, sourceStride, panels, rows, columns }) => {
      const { i16 } = views(memory);
      const from = (row: number, column: number) =>
        i16[source / 2 + row * (sourceStride ?? columns) + column]!;
      for (let at = panels / 2, first = 0; first < columns; first += PANEL) {
        for (let even = 0; even < rows; even += 2) {
          for (let column = first; column < first + PANEL; column++) {
            for (const row of [even, even + 1])
              i16[at++] = row < rows && column < columns ? from(row, column) : 0;
          }
        }
      }
    },
    digitPatterns: ({ inputs, inputStride, patterns, patternStride, vectors, rows, slices, digits }) => {
      const { i16, u8 } = views(memory);
      const bytes = patternBytes(rows, digits);
      const groupRows = digits === 'twoBits' || digits === 'signedBit' ? 2 : 4;
      for (let vector = 0; vector < vectors; vector++) {
        for (let slice = 0; slice < slices; slice++) {
          for (let group = 0; group < bytes; group++) {
            let pattern = 0;
            for (let i = 0; i < groupRows && group * groupRows + i < rows; i++) {
              const code = i16[inputs / 2 + vector * (inputStride ?? rows) + group * groupRows + i]!;
              pattern |= digitBits(code, slice, digits) << ((i * 4) / groupRows);
            }
            u8[patterns + (vector * slices + slice) * (patternStride ?? bytes) + group] = pattern << 4;
          }
        }
      }
    },
    quantizeFrame: (call) => {
      const { f32, i16 } = views(memory);
      const { channels, height, width, frameHeight, frameWidth, top, left } = call;
      const [low, high, inverseScale] = [f(call.low), f(call.high), f(call.inverseScale)];
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const level = f(f32[call.inputs / 4 + (channel * height + y) * width + x]! * inverseScale);
            const code = nearestEven(clip(level, low, high));
            const at = (channel * frameHeight + top + y) * frameWidth + left + x;
            i16[call.frame / 2 + at] = clip(code, -32768, 32767);
          }
        }
      }
    },
    gather: ({ frame, positionBase, rowOffset, outputs, outputStride, positions, rows }) => {
      const { i16, i32 } = views(memory);
      for (let position = 0; position < positions; position++) {
        for (let row = 0; row < rows; row++) {
          const from = frame / 2 + i32[positionBase / 4 + position]! + i32[rowOffset / 4 + row]!;
          i16[outputs / 2 + position * (outputStride ?? rows) + row] = i16[from]!;
        }
      }
    },
    sliceI16: (call) => {
      const { i16 } = views(memory);
      eachSlice(memory, call, (digit, at) => {
        i16[call.outputs / 2 + at] = digit;
      });
    },
    sliceF32: (call) => {
      const { f32 } = views(memory);
      eachSlice(memory, call, (digit, at) => {
        f32[call.outputs / 4 + at] = digit;
      });
    },
    rowSums: ({ inputs, inputStride, outputs, vectors, rows }) => {
      const { i16, i32 } = views(memory);
      for (let vector = 0; vector < vectors; vector++) {
        const x = inputs / 2 + vector * (inputStride ?? rows);
        let sum = 0;
        for (let row = 0; row < rows; row++) sum = (sum + i16[x + row]!) | 0;
        i32[outputs / 4 + vector] = sum;
      }
    },
    rowSquares: ({ inputs, inputStride, outputs, vectors, rows }) => {
      const { i16, f32 } = views(memory);
      for (let vector = 0; vector < vectors; vector++) {
        const x = inputs / 2 + vector * (inputStride ?? rows);
        let sum = 0;
        for (let row = 0; row < rows; row++) sum = (sum + i16[x + row]! ** 2) | 0;
        f32[outputs / 4 + vector] = sum;
      }
    },
    squaresF32: ({ inputs, outputs, count }) => {
      const { f32 } = views(memory);
      for (let i = 0; i < count; i++) f32[outputs / 4 + i] = f32[inputs / 4 + i]! ** 2;
    },
    clear: ({ outputs, bytes }) => void new Uint8Array(memory.buffer).fill(0, outputs, outputs + bytes),
    combine: ({ codes, codesStride, factor, outputs, outputStride, vectors, columns, accumulate }) => {
      const { i32, f64 } = views(memory);
      for (let vector = 0; vector < vectors; vector++) {
        for (let column = 0; column < columns; column++) {
          const at = outputs / 8 + vector * (outputStride ?? columns) + column;
          const term = i32[codes / 4 + vector * (codesStride ?? columns) + column]! * factor;
          f64[at] = accumulate === true ? f64[at]! + term : term;
        }
      }
    },
    combineSums: ({ sums, factor, outputs, outputStride, vectors, columns }) => {
      const { i32, f64 } = views(memory);
      for (let vector = 0; vector < vectors; vector++) {
        const term = i32[sums / 4 + vector]! * factor;
        for (let column = 0; column < columns; column++) {
          f64[outputs / 8 + vector * (outputStride ?? columns) + column]! += term;
        }
      }
    },
    lookupF32: ({
      inputs,
      vectors,
      rows,
      inputStride = rows,
      outputs,
      outputStride = rows,
      table,
      first,
    }) => {
      const { i16, f32 } = views(memory);
      for (let vector = 0; vector < vectors; vector++) {
        for (let row = 0; row < rows; row++) {
          const code = i16[inputs / 2 + vector * inputStride + row]!;
          f32[outputs / 4 + vector * outputStride + row] = f32[table / 4 + code - first]!;
        }
      }
    },
    dequantizeI32: (call) => dequantize(memory, call, views(memory).i32, 4),
    dequantizeF32: (call) => dequantize(memory, call, views(memory).f32, 4),
    dequantizeF64: (call) => dequantize(memory, call, views(memory).f64, 8),
    fillNormals: ({ outputs, count, first, ...sequence }) => {
      fillNormals(views(memory).f32.subarray(outputs / 4, outputs / 4 + count), sequence, first);
    },
  };
}

const PANEL = 8;

function digitBits(code: number, slice: number, digits: SliceDigits): number {
  if (digits === 'oneBit') return (code >> slice) & 1;
  if (digits === 'twoBits') return (code >> (2 * slice)) & 3;
  const bit = (Math.abs(code) >> slice) & 1;
  return digits === 'signedBit' && code < 0 ? -bit & 3 : bit;
}

function eachSlice(memory: KernelMemory, call: SliceCall, visit: (digit: number, at: number) => void): void {
  const { i16 } = views(memory);
  const { inputs, vectors, rows, inputStride = rows, outputStride = rows, shift, bits } = call;
  for (let vector = 0; vector < vectors; vector++) {
    for (let row = 0; row < rows; row++) {
      const code = i16[inputs / 2 + vector * inputStride + row]!;
      const digit = (Math.abs(code) >> shift) & (2 ** bits - 1);
      visit(code < 0 ? 0 - digit : digit, vector * outputStride + row);
    }
  }
}

function dequantize(
  memory: KernelMemory,
  call: DequantizeCall,
  inputs: Int32Array | Float32Array | Float64Array,
  bytes: number,
): void {
  const { f32, f64 } = views(memory);
  const { vectors, columns, inputStride = columns, positions, factor = 1 } = call;
  for (let vector = 0; vector < vectors; vector++) {
    const inference = Math.floor((call.first + vector) / positions);
    const position = (call.first + vector) % positions;
    const to = call.outputs / 4 + inference * call.inferenceStride + position * call.positionStride;
    for (let column = 0; column < columns; column++) {
      const value = inputs[call.inputs / bytes + vector * inputStride + column]! * factor;
      f32[to + column * call.columnStride] =
        value * f64[call.scales / 8 + column]! + f64[call.biases / 8 + column]!;
    }
  }
}
