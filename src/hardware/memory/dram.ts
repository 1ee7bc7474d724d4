import { integer } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { memoryFigures } from './figures.ts';

interface Standard {
  readonly name: string;
  readonly what: string;
  /** pJ/bit, activation of rows included on average: Accelergy's tables (`cacti` plug-in and hwcomponents-cacti). */
  readonly energy: number;
  /** GB/s of one channel (of HBM: of one stack): width times data rate of the standard. */
  readonly bandwidth: number;
  /** Bytes of the rows that a channel opens together. */
  readonly rowBytes: number;
  /** ns: activate to read, and read to the first data; precharge (a common speed bin of the JEDEC standard). */
  readonly activate: number;
  readonly column: number;
  readonly precharge: number;
}

/** Row sizes and times are those of a common speed bin of each JEDEC standard; parts differ by some 20 %. */
const STANDARDS: readonly Standard[] = [
  {
    name: 'lpddr4',
    what: 'LPDDR4-3200, 32 bits: 12.8 GB/s, 8 pJ/bit (JESD209-4)',
    ...{ energy: 8, bandwidth: 12.8, rowBytes: 4096, activate: 18, column: 17.5, precharge: 18 },
  },
  {
    name: 'ddr3',
    what: 'DDR3-1600, 64 bits: 12.8 GB/s, 70 pJ/bit (JESD79-3)',
    ...{ energy: 70, bandwidth: 12.8, rowBytes: 8192, activate: 13.75, column: 13.75, precharge: 13.75 },
  },
  {
    name: 'gddr5',
    what: 'GDDR5 at 7 Gb/s, 32 bits: 28 GB/s, 14 pJ/bit (JESD212)',
    ...{ energy: 14, bandwidth: 28, rowBytes: 2048, activate: 14, column: 14, precharge: 14 },
  },
  {
    name: 'hbm2',
    what: 'HBM2, a stack of 1024 bits at 2 Gb/s: 256 GB/s, 3.9 pJ/bit (JESD235)',
    ...{ energy: 3.9, bandwidth: 256, rowBytes: 16 * 1024, activate: 14, column: 14, precharge: 14 },
  },
  {
    name: 'hbm3',
    what: 'HBM3, a stack of 1024 bits at 6.4 Gb/s: 819 GB/s, 4.05 pJ/bit (JESD238)',
    ...{ energy: 4.05, bandwidth: 819.2, rowBytes: 32 * 1024, activate: 14, column: 14, precharge: 14 },
  },
];

/**
 * Off-chip memories by standard. The latency is activation and column access of the device, without a controller. A row
 * miss takes precharge and activation; its energy is in the energy per byte. HBM opens a row of 1 KiB in each of its
 * pseudo channels (16 of HBM2, 32 of HBM3).
 */
export const drams = STANDARDS.map((standard) =>
  partModel({
    name: standard.name,
    summary: standard.what,
    structure: {},
    own: {
      channels: integer({ min: 1, max: 64 }).default(1).describe('side by side; of HBM: stacks'),
    },
    figures: memoryFigures,
    law: ({ channels }) => ({
      bandwidth: channels * standard.bandwidth * 1e9,
      latency: (standard.activate + standard.column) * 1e-9,
      readEnergy: standard.energy * 8 * 1e-12,
      writeEnergy: standard.energy * 8 * 1e-12,
      area: 0,
      leakage: 0,
      rowBytes: channels * standard.rowBytes,
      rowMissTime: (standard.precharge + standard.activate) * 1e-9,
      rowMissEnergy: 0,
    }),
  }),
);
