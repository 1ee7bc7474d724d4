import { integer, quantity } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicBlock } from '../technology/logic.ts';
import { storageFigures, storageStructure } from './figures.ts';

/** Registers of flip-flops: a write clocks the word's flip-flops in, a read costs nothing of its own. */
export const flipFlops = partModel({
  name: 'flipFlops',
  summary: 'registers of flip-flops: NeuroSim 7 to 130 nm; reading is free',
  structure: storageStructure,
  own: {
    width: integer({ min: 1, max: 65536 }).default(64).describe('bits written or read at once'),
    clock: quantity('Hz', { min: 1e3, max: 1e12 }).prefault('1 GHz').describe('words per second'),
  },
  figures: storageFigures,
  law({ capacity, width, clock }, technology) {
    const byte = logicBlock('flipFlops', technology, 8);
    return {
      bandwidth: (width / 8) * clock,
      readEnergy: 0,
      writeEnergy: byte.energy,
      area: byte.area * capacity,
      leakage: 0,
    };
  },
});
