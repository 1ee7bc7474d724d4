/** What a tool prints for one inference: J, s and m². */
export interface Printed {
  readonly converters: number;
  readonly accumulation: number;
  readonly other: number;
  /** Between inferences (NeuroSim) or of one image (MNSIM). */
  readonly time: number;
  readonly area: number;
}

/**
 * NeuroSim 1.4, run unmodified with random weights: SRAM, 22 nm, 128 × 128, 8 bits, 5-bit converters, pipelined. Leakage
 * (0.3 and 3.2 µJ) is in `other`.
 */
export const NEUROSIM = {
  vgg8: {
    ...{ converters: 26.4e-6, accumulation: 3.8e-6, other: 7.5e-6 + 0.3e-6 },
    ...{ time: 133e-6, area: 80.1e-6 },
  },
  resnet18: {
    ...{ converters: 115.2e-6, accumulation: 17e-6, other: 36e-6 + 3.2e-6 },
    ...{ time: 1164e-6, area: 101.9e-6 },
  },
} as const satisfies Record<string, Printed>;

/** s of its 1164 µs that NeuroSim gives to reads of buffers, and its area for ResNet-18 by part in m². */
export const NEUROSIM_RESNET18 = {
  bufferReads: 1053e-6,
  area: { cells: 22.5e-6, converters: 16.4e-6, accumulation: 17.9e-6, wires: 19.2e-6, other: 21.9e-6 },
} as const;

/** MNSIM 2.0, run unmodified on its VGG-8: resistive cells of 1 bit, 256 × 256, 6-bit converters; shares to a percent. */
export const MNSIM = { energy: 4449e-6, converterShare: 0.77, time: 5.15e-3, area: 1390e-6 } as const;
