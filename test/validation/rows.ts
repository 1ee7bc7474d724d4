import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showDocument } from '../../src/cli/show.ts';
import { surveyArea, surveyEnergy } from '../../src/hardware/adc/survey.ts';
import { inputSliceBits } from '../../src/hardware/encoding.ts';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { npyArray } from '../../src/input/npy.ts';
import { readModel } from '../../src/input/onnx/read-onnx.ts';
import { readSamples } from '../../src/input/samples.ts';
import { readWorkload } from '../../src/input/workload.ts';
import { tilePipeline } from '../../src/mapping/tile-pipeline.ts';
import { sramFigures, type SramFigures } from '../../src/hardware/storage/sram.ts';
import { logicAreaRatio, logicEnergyRatio } from '../../src/hardware/technology/stillmaker.ts';
import { createEvaluator } from '../../src/network/evaluate.ts';
import { ROOT } from '../cli/command.ts';

/** One claim of the product beside what somebody else published or computed. */
export interface ValidationRow {
  readonly what: string;
  readonly ours: number;
  readonly reference: number;
  /** Largest deviation allowed: of the reference, or absolute when `absolute`. */
  readonly tolerance: number;
  readonly absolute?: true;
  readonly unit: string;
  readonly source: string;
}

const ISAAC = 'ISCA 2016, Table I/IV';

/** Power, area and pace of ISAAC-CE from `arch/isaac.yaml`. */
export async function isaacRows(): Promise<readonly ValidationRow[]> {
  const { value: spec } = await readArchitecture(join(ROOT, 'arch/isaac.yaml'));
  const document = showDocument(spec);
  const level = (name: string) => document.levels.find((one) => one.level === name)!;
  const power = (component: string) =>
    document.components
      .filter((part) => part.component === component)
      .reduce((sum, part) => sum + part.peakPower, 0);
  const ima = level('analogCore');
  const tile = level('tile');
  const chip = level('chip');
  const outputs = 128 / 8;
  const slices = inputSliceBits(spec.encoding, false).length;
  const timing = mvmTiming(sliceTimes(spec, 128), slices);
  const depth = tilePipeline(spec)!.reduce((sum, { cycles }) => sum + cycles, 0);
  const row = (
    what: string,
    ours: number,
    reference: number,
    unit: string,
    tolerance = 0.005,
  ): ValidationRow => ({
    what: `ISAAC ${what}`,
    ours,
    reference,
    tolerance,
    unit,
    source: ISAAC,
  });
  return [
    row('IMA power', ima.peakPower * 1e3, 24.08, 'mW'),
    row('IMA area', ima.area * 1e6, 0.01312, 'mm²'),
    row('tile power', tile.peakPower * 1e3, 330, 'mW'),
    row('tile area', tile.area * 1e6, 0.372, 'mm²'),
    row('chip power', chip.peakPower, 65.8, 'W'),
    row('chip area', chip.area * 1e6, 85.4, 'mm²'),
    row('power efficiency', chip.topsPerWatt * 1e3, 627.5, 'GOPS/W'),
    row('storage density', document.capacity / 2 ** 20 / (chip.area * 1e6), 0.74, 'MB/mm²'),
    row(
      'converter share of tile power',
      (100 * power('adcBank')) / (tile.peakPower * tile.count),
      58,
      '%',
      0.01,
    ),
    row('conversions per 16×16-bit MAC', (slices * 128) / (128 * outputs), 1, '', 0),
    row('initiation of an MVM', timing.occupancy / spec.analogCore!.crossbar.readTime, 16, 'cycles', 1e-12),
    row('depth of the pipeline in a tile', depth, 22, 'cycles', 0),
  ];
}

/** The converter survey regression over 224 points, against an independent evaluation of it in decimals. */
export function surveyRows(): readonly ValidationRow[] {
  const file = join(ROOT, 'test/oracles/adc/survey.json');
  const points = JSON.parse(readFileSync(file, 'utf8')) as [number, number, number, number, number][];
  const source = 'arXiv 2404.06553, 40-digit evaluation';
  const worst = (off: (point: (typeof points)[number]) => number) => Math.max(...points.map(off));
  const row = (what: string, ours: number): ValidationRow => ({
    what: `survey ADC: largest error of ${what}, ${points.length} points`,
    ours,
    reference: 0,
    tolerance: 1e-6,
    absolute: true,
    unit: '',
    source,
  });
  const energyOff = worst(([bits, rate, node, energy]) =>
    Math.abs(surveyEnergy(bits, rate, node) / energy - 1),
  );
  const areaOff = worst(([bits, rate, node, , area]) =>
    Math.abs(surveyArea(surveyEnergy(bits, rate, node), rate, node) / area - 1),
  );
  return [row('energy', energyOff), row('area', areaOff)];
}

/** The SRAM fits over the memories that CACTI 7 was asked for, at 22 to 65 nm. */
export function memoryRows(): readonly ValidationRow[] {
  const points = JSON.parse(readFileSync(join(ROOT, 'test/oracles/cacti/sram.json'), 'utf8')) as SramPoint[];
  const figures = ['read', 'write', 'area', 'leakage', 'cycle'] as const;
  return figures.map((figure) => {
    const told = points.filter((point) => point[figure] !== undefined);
    const errors = told.map((point) => {
      const ours = sramFigures(point.bytes, point.width, point.node * 1e-9)[figure];
      return Math.abs(ours / point[figure]! - 1);
    });
    return {
      what: `SRAM: largest error of ${WORDS[figure]}, ${told.length} memories`,
      ours: 100 * Math.max(...errors),
      reference: 0,
      tolerance: 12,
      absolute: true as const,
      unit: '%',
      source: 'CACTI 7 (Accelergy)',
    };
  });
}

interface SramPoint extends Partial<SramFigures> {
  readonly node: number;
  readonly bytes: number;
  readonly width: number;
}

const WORDS = {
  read: 'a read',
  write: 'a write',
  area: 'area',
  leakage: 'leakage',
  cycle: 'cycle time',
} as const;

/** Scaling of logic between nodes at 0.8 V: its equations in exact fractions, and the published area table. */
export function scalingRows(): readonly ValidationRow[] {
  const off = (ratio: (from: number, to: number) => number, expected: Readonly<Record<string, number>>) =>
    Math.max(
      ...Object.entries(expected).map(([node, value]) =>
        Math.abs(ratio(45e-9, Number(node) * 1e-9) / value - 1),
      ),
    );
  const row = (what: string, ours: number): ValidationRow => ({
    what: `technology scaling: largest error of ${what}, 10 nodes`,
    ours,
    reference: 0,
    tolerance: 1e-12,
    absolute: true,
    unit: '',
    source: 'Stillmaker & Baas 2017, exact fractions',
  });
  return [row('energy', off(logicEnergyRatio, SCALED_ENERGY)), row('area', off(logicAreaRatio, SCALED_AREA))];
}

// Python: a, b, c as fractions of their decimals, (a V² + b V + c) / (the same at 45 nm) with V = 4/5.
const SCALED_ENERGY = {
  130: 3.068078843323425,
  90: 1.8973189806931978,
  65: 1.2406568353005685,
  45: 1.0,
  32: 0.6593402787798331,
  20: 0.2210614412282474,
  16: 0.1735476609621656,
  14: 0.1388444777928487,
  10: 0.11776572104701163,
  7: 0.09430896655219186,
};
const SCALED_AREA = {
  130: 6.25,
  90: 2.75,
  65: 1.4375,
  45: 1.0,
  32: 0.45,
  20: 0.20625,
  16: 0.1875,
  14: 0.16875,
  10: 0.1,
  7: 0.0575,
};

/** Largest difference of a float logit from the reference's, over the first 64 test images of each network. */
export async function logitRows(names: readonly string[]): Promise<readonly ValidationRow[]> {
  const rows: ValidationRow[] = [];
  for (const name of names) {
    const workload = await readWorkload(join(ROOT, `workloads/${name}.yaml`));
    const { network } = await readModel(workload.value.model);
    const { images } = await readSamples(workload.value, network.input.shape, 64);
    const file = join(
      ROOT,
      `test/oracles/onnx/${workload.value.model.match(/(\w+)\.onnx$/)![1]}_logits64.npy`,
    );
    const expected = npyArray(readFileSync(file), file).data;
    const evaluator = createEvaluator(network);
    const size = images.length / 64;
    let worst = 0;
    for (let image = 0; image < 64; image++) {
      const logits = evaluator.run(images.subarray(image * size, (image + 1) * size));
      logits.forEach((logit, index) => {
        worst = Math.max(worst, Math.abs(logit - Number(expected[image * logits.length + index])));
      });
    }
    rows.push({
      what: `${name}: largest difference of a float logit, 64 images`,
      ours: worst,
      reference: 0,
      tolerance: 1e-4,
      absolute: true,
      unit: '',
      source: 'float64 evaluation of the ONNX file',
    });
  }
  return rows;
}
