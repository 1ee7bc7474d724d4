import { quantity } from '../../base/quantity.ts';

/** On-chip storage with one port, as the machine knows it. */
export interface StorageSpec {
  /** Bytes it holds. */
  readonly capacity: number;
  /** B/s of its port. */
  readonly bandwidth: number;
  /** J/B. */
  readonly readEnergy: number;
  readonly writeEnergy: number;
  /** m² of the whole memory. */
  readonly area: number;
  /** W. */
  readonly leakage: number;
}

/** What every storage has, however it is described. */
export const storageStructure = {
  capacity: quantity('B', { above: 0, max: 1e12 }).describe('bytes it holds'),
};

/** What a model works out and a spec may override. */
export const storageFigures = {
  bandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of its port'),
  readEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  writeEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' }).describe('of the whole memory'),
  leakage: quantity('W', { min: 0, max: 100, example: '5 uW' }).describe('drawn all the time'),
};
