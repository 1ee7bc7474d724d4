import { partModel } from '../part-model.ts';
import { macUnit } from '../technology/arithmetic.ts';
import { macArrayFigures, macArrayStructure } from './figures.ts';

/** Multipliers and accumulators by number format: Horowitz, ISSCC 2014, at 45 nm, scaled as logic. */
export const horowitzMacArray = partModel({
  name: 'horowitz',
  summary:
    'MAC units int8 to fp32 by precision: Horowitz 45 nm (int8 0.3 pJ, fp16 1.5 pJ), other nodes as logic',
  structure: macArrayStructure,
  own: {},
  figures: macArrayFigures,
  law({ rows, columns, precision }, technology) {
    const unit = macUnit(precision, technology);
    return { macEnergy: unit.energy, area: rows * columns * unit.area, leakage: 0 };
  },
});
