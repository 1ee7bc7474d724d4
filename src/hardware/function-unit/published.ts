import { quantity } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicBlock } from '../technology/logic.ts';
import { logicAreaRatio, logicDelayRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { functionUnitFigures, functionUnitStructure } from './figures.ts';

const NODE = 32e-9;

interface Published {
  readonly name: string;
  readonly summary: string;
  /** W of a busy unit, W of it leaking, m², values per second, at 32 nm. */
  readonly power: number;
  readonly leakage: number;
  readonly area: number;
  readonly rate: number;
}

const UNITS: readonly Published[] = [
  {
    // Shafiee et al., ISCA 2016, Table I: 0.52 mW and 0.0006 mm² for two; a value a cycle is an assumption.
    name: 'sigmoid',
    summary: 'sigmoid unit of ISAAC: 0.22 pJ a value, 300 µm² at 32 nm, 1.2 GHz; other nodes as logic',
    ...{ power: 0.26e-3, leakage: 0, area: 300e-12, rate: 1.2e9 },
  },
  {
    // Same table: 0.4 mW and 0.00024 mm².
    name: 'maxPool',
    summary: 'max-pool unit of ISAAC: 0.33 pJ a value in, 240 µm² at 32 nm, 1.2 GHz; other nodes as logic',
    ...{ power: 0.4e-3, leakage: 0, area: 240e-12, rate: 1.2e9 },
  },
  {
    // Ankit et al., ASPLOS 2019, as its simulator has it: 0.234 mW and 0.026 mW leakage at 1 GHz.
    name: 'transcendental',
    summary:
      'look-up unit of PUMA for sigmoid, tanh and exponential: 0.23 pJ a value, 300 µm² at 32 nm, 1 GHz',
    ...{ power: 0.234e-3, leakage: 0.026e-3, area: 300e-12, rate: 1e9 },
  },
];

/** Published units for one function: their power over the values they take at most; other nodes as logic. */
export const publishedFunctionUnits = UNITS.map((unit) =>
  partModel({
    name: unit.name,
    summary: unit.summary,
    structure: functionUnitStructure,
    own: {},
    figures: functionUnitFigures,
    law: (_, technology) => ({
      energy: (unit.power / unit.rate) * logicEnergyRatio(NODE, technology),
      rate: unit.rate / logicDelayRatio(NODE, technology),
      area: unit.area * logicAreaRatio(NODE, technology),
      leakage: unit.leakage * logicEnergyRatio(NODE, technology),
    }),
  }),
);

/** NeuroSim's maximum of two numbers of 16 bits, one a clock period. */
export const comparator = partModel({
  name: 'comparator',
  summary: 'maximum of two 16-bit numbers for max pooling: NeuroSim 7 to 130 nm, one a clock period',
  structure: functionUnitStructure,
  own: {
    clock: quantity('Hz', { min: 1e3, max: 1e12 }).prefault('1 GHz').describe('comparisons per second'),
  },
  figures: functionUnitFigures,
  law: ({ clock }, technology) => ({ ...logicBlock('maxPool2', technology), rate: clock, leakage: 0 }),
});
