import { partModel } from '../part-model.ts';
import { logicAreaRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { vectorUnitFigures, vectorUnitStructure } from './figures.ts';

const NODE = 32e-9;

/**
 * Lanes of PUMA's vector functional unit: 1.707 mW at 1 GHz, 0.192 mW leakage and 4032 µm² each at 32 nm (Ankit et al.,
 * ASPLOS 2019, as its simulator has them).
 */
export const pumaVectorUnit = partModel({
  name: 'puma',
  summary: 'lanes of PUMA: 1.7 pJ, 4032 µm², 0.19 mW leakage at 32 nm; other nodes as logic',
  structure: vectorUnitStructure,
  own: {},
  figures: vectorUnitFigures,
  law: ({ lanes }, technology) => ({
    operationEnergy: 1.707e-12 * logicEnergyRatio(NODE, technology),
    area: lanes * 4032e-12 * logicAreaRatio(NODE, technology),
    leakage: lanes * 0.192e-3 * logicEnergyRatio(NODE, technology),
  }),
});
