import type { KernelMemory } from './kernel-calls.ts';

/** Rounds to float32. */
export const f = Math.fround;

/** The nearest integer of a float32 number, ties to even. */
export function nearestEven(x: number): number {
  // Above 2²³ every float32 is an integer; below, adding 1.5 · 2⁵² leaves float64 no bits behind the point.
  return Math.abs(x) < 2 ** 23 ? x + 6755399441055744 - 6755399441055744 : x;
}

/** x between two bounds; what is not a number reads as the high bound. */
export function clip(x: number, low: number, high: number): number {
  return Number.isNaN(x) ? high : Math.max(low, Math.min(high, x));
}

/** An integer cut to the range of int32. */
export function int32Of(x: number): number {
  return clip(x, -(2 ** 31), 2 ** 31 - 1);
}

/** The memory as numbers: offsets in bytes divide by the size of an element. */
export function views({ buffer }: KernelMemory) {
  return {
    u8: new Uint8Array(buffer),
    i16: new Int16Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}
