import { quantity } from '../../base/quantity.ts';

/** Memory outside the tiles, as the machine knows it. */
export interface MemorySpec {
  /** B/s of reads and writes together. */
  readonly bandwidth: number;
  /** s before the first byte. */
  readonly latency: number;
  /** J/B. */
  readonly readEnergy: number;
  readonly writeEnergy: number;
  /** m² counted as part of the chip. */
  readonly area: number;
  /** W. */
  readonly leakage: number;
  /** Bytes that its open rows hold together; 0: it has no rows. */
  readonly rowBytes: number;
  /** s and J to close a row and open another. */
  readonly rowMissTime: number;
  readonly rowMissEnergy: number;
}

/** What a model works out and a spec may override. */
export const memoryFigures = {
  bandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of reads and writes together'),
  latency: quantity('s', { min: 0, max: 1 }).describe('before the first byte'),
  readEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  writeEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  area: quantity('m^2', { min: 0, max: 1, example: '1 mm^2' }).describe('counted as part of the chip'),
  leakage: quantity('W', { min: 0, max: 1000, example: '5 mW' }).describe('drawn all the time'),
  rowBytes: quantity('B', { min: 0, max: 1e9, example: '2 KiB' }).describe(
    'that its open rows hold together; 0: it has no rows',
  ),
  rowMissTime: quantity('s', { min: 0, max: 1, example: '36 ns' }).describe(
    'to close a row and open another (precharge and activate)',
  ),
  rowMissEnergy: quantity('J', { min: 0, max: 1e-3, example: '1 nJ' }).describe(
    'of the same, where the energy per byte does not include it',
  ),
};
