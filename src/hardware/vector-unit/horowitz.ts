import { choice } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { adder, multiplier, PRECISIONS } from '../technology/arithmetic.ts';
import { vectorUnitFigures, vectorUnitStructure } from './figures.ts';

/**
 * Lanes of an adder and a multiplier each: an elementary operation takes the mean of both, as half of the operations
 * of activations and normalizations are multiplications (assumption). Horowitz, ISSCC 2014, 45 nm, scaled as logic.
 */
export const horowitzVectorUnit = partModel({
  name: 'horowitz',
  summary: 'lanes of adder and multiplier by precision: Horowitz 45 nm (fp16 0.75 pJ), other nodes as logic',
  structure: vectorUnitStructure,
  own: { precision: choice(PRECISIONS).default('fp16').describe('number format of the lanes') },
  figures: vectorUnitFigures,
  law({ lanes, precision }, technology) {
    const [sum, product] = [adder(precision, technology), multiplier(precision, technology)];
    return {
      operationEnergy: (sum.energy + product.energy) / 2,
      area: lanes * (sum.area + product.area),
      leakage: 0,
    };
  },
});
