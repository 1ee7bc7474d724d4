import { expect } from 'vitest';
import type { AdcSteps } from '../../../src/hardware/adc/adc.ts';
import { type Kernels, stepBytes } from '../../../src/numerics/kernel-calls.ts';
import { writeSteps } from '../../../src/numerics/unequal-steps.ts';
import { createWorkspace } from '../../../src/numerics/workspace.ts';
import { createKernelMemory, loadKernels } from '../../../src/numerics/kernels.ts';
import { referenceKernels } from '../../../src/numerics/kernels-reference.ts';

const BYTES = 1 << 20;

const memory = createKernelMemory(BYTES, BYTES);
const twin = new ArrayBuffer(BYTES);

/** The WebAssembly kernels and the plain ones, each over a memory of its own. */
export const wasm = loadKernels({ memory });
export const plain = referenceKernels({ buffer: twin });

/** Lays operands out in the WebAssembly memory, one after the other, with a strip of other bytes between. */
export class Layout {
  #next = 64;
  readonly #scratch: [number, number][] = [];

  constructor() {
    const bytes = new Uint32Array(memory.buffer);
    for (let i = 0, word = 12345; i < bytes.length; i++)
      bytes[i] = word = (Math.imul(word, 1664525) + 1013904223) | 0;
  }

  take(bytes: number, alignment = 8): number {
    const at = Math.ceil(this.#next / alignment) * alignment;
    this.#next = at + bytes + 24;
    if (this.#next > BYTES) throw new RangeError(`the test's operands need more than ${BYTES} bytes`);
    return at;
  }

  /** Bytes whose content after a call does not matter. */
  scratch(bytes: number): number {
    const at = this.take(bytes, 16);
    this.#scratch.push([at, at + bytes]);
    return at;
  }

  f32(values: ArrayLike<number>): number {
    const at = this.take(values.length * 4);
    new Float32Array(memory.buffer, at, values.length).set(values);
    return at;
  }

  f64(values: ArrayLike<number>): number {
    const at = this.take(values.length * 8);
    new Float64Array(memory.buffer, at, values.length).set(values);
    return at;
  }

  i16(values: ArrayLike<number>): number {
    const at = this.take(values.length * 2);
    new Int16Array(memory.buffer, at, values.length).set(values);
    return at;
  }

  i32(values: ArrayLike<number>): number {
    const at = this.take(values.length * 4);
    new Int32Array(memory.buffer, at, values.length).set(values);
    return at;
  }

  /** Tables of converters with steps of their own. */
  steps(levels: number, converters: readonly AdcSteps[]): number {
    const at = this.take(converters.length * stepBytes(levels));
    const work = createWorkspace(wasm, 0);
    converters.forEach((steps, index) => writeSteps(work, at + index * stepBytes(levels), levels, steps));
    return at;
  }

  /** Runs the same calls on both and compares every byte of memory, so that stray writes show, too. */
  expectSame(run: (kernels: Kernels) => void): void {
    new Uint8Array(twin).set(new Uint8Array(memory.buffer));
    run(wasm);
    run(plain);
    const ours = new Uint8Array(memory.buffer);
    const theirs = new Uint8Array(twin);
    for (const [from, to] of this.#scratch) {
      ours.fill(0, from, to);
      theirs.fill(0, from, to);
    }
    const difference =
      Buffer.compare(ours, theirs) === 0 ? -1 : ours.findIndex((byte, i) => byte !== theirs[i]);
    expect(difference, 'first byte that differs').toBe(-1);
  }
}

export function readF32(at: number, count: number): Float32Array {
  return new Float32Array(memory.buffer, at, count);
}

export function readI32(at: number, count: number): Int32Array {
  return new Int32Array(memory.buffer, at, count);
}

export function readF64(at: number, count: number): Float64Array {
  return new Float64Array(memory.buffer, at, count);
}

export function readI16(at: number, count: number): Int16Array {
  return new Int16Array(memory.buffer, at, count);
}

/** `count` numbers of a small deterministic generator in [low, high). */
export function numbers(count: number, low: number, high: number, seed: number): Float64Array {
  let state = seed | 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 747796405) + 2891336453) | 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737);
    return low + ((word >>> 0) / 2 ** 32) * (high - low);
  });
}

/** The same, integers from low to high − 1. */
export function integers(count: number, low: number, high: number, seed: number): Int32Array {
  return Int32Array.from(numbers(count, low, high, seed), Math.floor);
}
