import { partModel } from '../part-model.ts';
import { logicAreaRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { shiftAndAddFigures, shiftAndAddStructure } from './figures.ts';

const NODE = 32e-9;
/** Codes per second of the two converters of 1.2 GS/s that one unit serves. */
const RATE = 2.4e9;

/** The shift-and-add unit of ISAAC: 0.05 mW and 60 µm² at 32 nm (Shafiee et al., ISCA 2016, Table I). */
export const isaacShiftAdd = partModel({
  name: 'isaac',
  summary: 'shift-and-add of ISAAC: 0.021 pJ, 60 µm² at 32 nm, 2.4 GHz; other nodes as logic',
  structure: shiftAndAddStructure,
  own: {},
  figures: shiftAndAddFigures,
  law: (_, technology) => ({
    rate: RATE,
    energy: (0.05e-3 / RATE) * logicEnergyRatio(NODE, technology),
    area: 60e-12 * logicAreaRatio(NODE, technology),
    leakage: 0,
  }),
});
