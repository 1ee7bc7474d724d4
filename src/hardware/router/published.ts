import { integer, quantity } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicAreaRatio, logicDelayRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { routerFigures } from './figures.ts';

const NODE = 32e-9;

interface Published {
  readonly name: string;
  readonly summary: string;
  /** W and m² of the router, W of it leaking, at 32 nm. */
  readonly power: number;
  readonly area: number;
  readonly leakage: number;
  /** Flits of 32 bits that it passes in a second when every port is busy, at 1 GHz. */
  readonly flits: number;
  /** Tiles that share it, and cycles through it. */
  readonly tiles: number;
  readonly cycles: number;
}

const ROUTERS: readonly Published[] = [
  {
    // Shafiee et al., ISCA 2016, Table I; two cycles are an assumption.
    name: 'isaac',
    summary: 'router of ISAAC: 32-bit flits, 8 ports, shared by 4 tiles: 1.3 pJ/B, 0.151 mm² at 32 nm',
    ...{ power: 42e-3, area: 0.151e-6, leakage: 0, flits: 8e9, tiles: 4, cycles: 2 },
  },
  {
    // Ankit et al., ASPLOS 2019, as its simulator has it: 16.13 mW and 0.41 mW leakage; two cycles are an assumption.
    name: 'puma',
    summary: 'router of PUMA: 32-bit flits, 4 ports: 1.0 pJ/B, 0.047 mm² at 32 nm',
    ...{ power: 16.13e-3, area: 0.047e-6, leakage: 0.41e-3, flits: 4e9, tiles: 1, cycles: 2 },
  },
];

/** Published routers: their power spread over the bytes they pass at most; other nodes as logic. */
export const publishedRouters = ROUTERS.map((router) =>
  partModel({
    name: router.name,
    summary: router.summary,
    structure: {},
    own: {
      concentration: integer({ min: 1, max: 64 }).default(router.tiles).describe('tiles that share one'),
      clock: quantity('Hz', { min: 1e3, max: 1e12 })
        .optional()
        .describe('of its pipeline; left out: 1 GHz at 32 nm, in proportion to the node elsewhere'),
    },
    figures: routerFigures,
    law: ({ concentration, clock }, technology) => ({
      latency: router.cycles * (clock === undefined ? 1e-9 * logicDelayRatio(NODE, technology) : 1 / clock),
      energy: (router.power / (router.flits * 4)) * logicEnergyRatio(NODE, technology),
      area: (router.area / concentration) * logicAreaRatio(NODE, technology),
      leakage: (router.leakage / concentration) * logicEnergyRatio(NODE, technology),
    }),
  }),
);
