import { quantity } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicAreaRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { storageFigures } from './figures.ts';

/** ISAAC's buffer of 64 KB at 32 nm: 20.7 mW at 1 KB in 100 ns, 0.083 mm² (Shafiee et al., ISCA 2016, Table I). */
const CAPACITY = 64 * 1024;
const BANDWIDTH = 1024 / 100e-9;
const POWER = 20.7e-3;
const AREA = 0.083e-6;
const NODE = 32e-9;

/**
 * Embedded DRAM as in ISAAC. Its power at the highest rate is charged per byte, refresh included. Other capacities,
 * within a factor of four: area in proportion, energy of a byte the same (assumptions); other nodes as logic.
 */
export const edram = partModel({
  name: 'edram',
  summary:
    'embedded DRAM of ISAAC, 64 KB at 32 nm: 2.0 pJ/B, 1.3 mm²/MiB; 16 to 256 KiB, other nodes as logic',
  structure: {
    capacity: quantity('B', { min: CAPACITY / 4, max: CAPACITY * 4 }).describe('bytes it holds'),
  },
  own: {},
  figures: storageFigures,
  law({ capacity }, technology) {
    const energy = (POWER / BANDWIDTH) * logicEnergyRatio(NODE, technology);
    return {
      bandwidth: BANDWIDTH,
      readEnergy: energy,
      writeEnergy: energy,
      area: ((AREA * capacity) / CAPACITY) * logicAreaRatio(NODE, technology),
      leakage: 0,
    };
  },
});
