import { expect, it } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { createKernelMemory, kernelModule, loadKernels } from '../../../src/numerics/kernels.ts';

it('computes in the memory it is given, which may grow and be shared by several instances', () => {
  const memory = createKernelMemory(1, 2 ** 24);
  const first = loadKernels({ memory });
  const second = loadKernels({ memory, module: kernelModule() });
  expect(first.memory).toBe(memory);
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  memory.grow(100);
  const at = 90 * 65536;
  new Float32Array(memory.buffer, at, 4).set([1, 2, 3, 4]);
  first.squaresF32({ inputs: at, outputs: at + 64, count: 4 });
  second.squaresF32({ inputs: at + 64, outputs: at + 128, count: 4 });
  expect([...new Float32Array(memory.buffer, at + 128, 4)]).toEqual([1, 16, 81, 256]);
});

it('keeps no state between calls: noise of one call does not leak into the next', () => {
  const memory = createKernelMemory(65536, 65536);
  const kernels = loadKernels({ memory });
  const [gains, offsets, panels, inputs, outputs] = [0, 64, 128, 256, 320];
  new Float32Array(memory.buffer, gains, 1).fill(1);
  new Float32Array(memory.buffer, panels, 8).fill(3);
  new Float32Array(memory.buffer, inputs, 1).fill(2);
  const call = { vectors: 1, rows: 1, columns: 1, inputs, panels, outputs, gains, offsets, multiplier: 1 };
  const noise = { seed: 1, stream: 1, row: 1, block: 1, read: 1, sigma: 1000 };
  kernels.mvmAdcF32({ ...call, low: -5000, high: 5000, noise });
  const noisy = new Int32Array(memory.buffer, outputs, 1)[0];
  new Int32Array(memory.buffer, outputs, 1)[0] = 0;
  kernels.mvmAdcF32({ ...call, low: -5000, high: 5000 });
  expect(noisy).not.toBe(6);
  expect(new Int32Array(memory.buffer, outputs, 1)[0]).toBe(6);
});

it('refuses more memory than WebAssembly has', () => {
  expect(() => createKernelMemory(65536, 5 * 2 ** 30)).toThrow(Fault);
  expect(() => createKernelMemory(65536, Number.NaN)).toThrow(/4 GiB/);
});

it('traps instead of reading past the memory', () => {
  const kernels = loadKernels({ memory: createKernelMemory(65536, 65536) });
  expect(() => kernels.squaresF32({ inputs: 65532, outputs: 0, count: 8 })).toThrow(/out of bounds/);
});
