import { partModel } from '../part-model.ts';
import { converterAreaRatio, converterEnergyRatio } from '../technology/converter-scaling.ts';
import { sampleAndHoldFigures } from './figures.ts';

const NODE = 32e-9;

/** ISAAC's sample-and-hold: 10 µW and 0.00004 mm² for 8 x 128 of them, a sample in 100 ns (ISCA 2016, Table I). */
export const isaacSampleHold = partModel({
  name: 'isaac',
  summary: 'sample-and-hold of ISAAC: 0.98 fJ, 0.039 µm² at 32 nm; other nodes as converters',
  structure: {},
  own: {},
  figures: sampleAndHoldFigures,
  law: (_, technology) => ({
    energy: (10e-6 / 1024) * 100e-9 * converterEnergyRatio(NODE, technology),
    area: (0.00004e-6 / 1024) * converterAreaRatio(NODE, technology),
  }),
});
