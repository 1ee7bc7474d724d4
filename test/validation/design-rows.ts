import { join } from 'node:path';
import { showDocument } from '../../src/cli/show.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { crossbarMvm } from '../../src/mapping/crossbar-mvm.ts';
import { ROOT } from '../cli/command.ts';
import type { ValidationRow } from './rows.ts';

/** What a published chip is, level by level. */
async function chip(name: string) {
  const { value: spec } = await readArchitecture(join(ROOT, `arch/${name}.yaml`));
  const document = showDocument(spec);
  const level = (wanted: string) => document.levels.find((one) => one.level === wanted)!;
  const share = (component: string, of: 'peakPower' | 'area') =>
    document.components
      .filter((part) => part.component === component)
      .reduce((sum, part) => sum + part[of], 0) / spec.chip.tiles;
  return { spec, level, share };
}

/** PUMA's node, tile and core: sums of its table, and the peak that the interval between input bits is set to. */
export async function pumaRows(): Promise<readonly ValidationRow[]> {
  const { level, share } = await chip('puma');
  const [analog, digital, tile, node] = ['analogCore', 'digitalCore', 'tile', 'chip'].map(level);
  const row = (what: string, ours: number, reference: number, unit: string): ValidationRow => ({
    what: `PUMA ${what}`,
    ours,
    reference,
    tolerance: 0.1,
    unit,
    source: 'ASPLOS 2019, Table 3',
  });
  return [
    row('core power', (analog!.peakPower + digital!.peakPower) * 1e3, 42.37, 'mW'),
    row('core area', (analog!.area + digital!.area) * 1e6, 0.036, 'mm²'),
    row('tile power', (tile!.peakPower - share('interconnect', 'peakPower')) * 1e3, 373.8, 'mW'),
    row('tile area', (tile!.area - share('interconnect', 'area')) * 1e6, 0.479, 'mm²'),
    row('node power', node!.peakPower, 62.5, 'W'),
    row('node area', node!.area * 1e6, 90.64, 'mm²'),
    row('node peak (interval between input bits set to it)', node!.peakThroughput / 1e12, 52.31, 'TOPS'),
    row('power efficiency', node!.topsPerWatt * 1e3, 837, 'GOPS/W'),
    row('area efficiency', node!.topsPerSquareMillimetre * 1e3, 577, 'GOPS/mm²'),
  ];
}

/** Designs A, B and C of Xiao et al. 2022: time exactly, energy by what `arch/sonos.yaml` assumes. */
export async function sonosRows(): Promise<readonly ValidationRow[]> {
  const source = 'IEEE CAS Magazine 22(4) 2022';
  const designs = [
    ['A (two of eight named assumptions set to A and C)', [], 8.4],
    ['C, 144 rows', ['parameters.rows=144'], 43.3],
    ['B, one-bit slices (follows from A and C)', ['parameters.slices=7'], 63.1],
  ] as const;
  const rows: ValidationRow[] = [];
  for (const [design, sets, reference] of designs) {
    const { value } = await readArchitecture(join(ROOT, 'arch/sonos.yaml'), sets);
    const mvm = crossbarMvm(value)!;
    const energy = mvm.energy.reduce((sum, part) => sum + part.energy, 0);
    if (sets.length === 0) {
      const what = 'SONOS design A: latency of an MVM';
      rows.push({ what, ours: mvm.latency * 1e9, reference: 336, tolerance: 1e-12, unit: 'ns', source });
    }
    const what = `SONOS design ${design}: energy of an operation`;
    const ours = (energy / mvm.operations) * 1e15;
    rows.push({ what, ours, reference, tolerance: 0.25, unit: 'fJ', source });
  }
  return rows;
}

/** DIANA's two cores: the parts of each add up to the published efficiency that they are set to. */
export async function dianaRows(): Promise<readonly ValidationRow[]> {
  const { level } = await chip('diana');
  return [
    ['analog core', level('analogCore').topsPerWatt, 600],
    ['digital core', level('digitalCore').topsPerWatt, 14],
  ].map(([what, ours, reference]) => ({
    what: `DIANA ${what}: peak efficiency (sum of its parts)`,
    ours: Number(ours),
    reference: Number(reference),
    tolerance: 0.005,
    unit: 'TOPS/W',
    source: 'IEEE JSSC 58(1) 2023',
  }));
}
