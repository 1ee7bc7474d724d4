import type { PointResult, StudyPoint } from './study.ts';
import { all, better, firstGoodEnough, largerLoss, type Verdict, within } from './verdict.ts';

/** A statement of the paper and what our networks say of it. */
export interface Finding {
  readonly id: string;
  /** The paper's claim, in our words. */
  readonly claim: string;
  readonly measured: string;
  readonly verdict: Verdict;
}

/** A question: the points it needs, and what follows from their results. */
export interface Question {
  readonly name: string;
  readonly points: readonly StudyPoint[];
  findings(result: (point: StudyPoint) => PointResult): readonly Finding[];
}

type Point = (...sets: readonly (readonly string[])[]) => StudyPoint;

/**
 * The questions of Xiao et al., IEEE CAS Mag. 22(4) 2022, asked of one network: encoding, slices and the law of cell
 * errors; converter bits, ranges and encoding; IR drop and encoding. Statements T1 … T9 and P2 … P12 are numbered as
 * in the project's list of what the paper claims.
 */
export function analogAccuracy(network: string): readonly Question[] {
  const point: Point = (...sets) => ({ network, sets: [...BASE, ...sets.flat()] });
  return [cellErrors(point), readNoise(point), unitColumns(point), converters(point), irDrop(point)];
}

/** Blocks of up to 1152 rows, everything ideal that is not asked about. */
const BASE = [
  'analogCore.crossbar.rows=1152',
  'analogCore.crossbar.columns=4096',
  'analogCore.register.capacity=1 MiB',
  'analogCore.cell.bits=8',
  'analogCore.cell.program={type: ideal}',
  'analogCore.cell.read={type: ideal}',
  'encoding.weightScaling=layer',
];
const IDEAL_ADC = ['analogCore.adcBank.adc={type: ideal, sampleRate: 1 GHz}'];
const OFFSET = ['encoding.scheme=offset'];
const DIFFERENTIAL: readonly string[] = [];
const error = (law: string, sigma: number) => [
  `analogCore.cell.program={type: normal, law: ${law}, sigma: ${sigma}}`,
];

function cellErrors(point: Point): Question {
  const independent = [0.01, 0.03].map((sigma) => error('independent', sigma));
  const proportional = [0.1, 0.3].map((sigma) => error('proportional', sigma));
  const of = (encoding: readonly string[], sets: readonly string[], more: readonly string[] = []) =>
    point(IDEAL_ADC, encoding, sets, more);
  const slices = ['encoding.weightSlices=4'];
  const ratio = ['analogCore.cell.onOffRatio=5'];
  const [, harder] = independent;
  const [mild, hard] = proportional;
  const points = [
    ...[...independent, ...proportional].flatMap((one) => [of(DIFFERENTIAL, one), of(OFFSET, one)]),
    ...[harder!, hard!].map((one) => of(DIFFERENTIAL, one, slices)),
    ...[DIFFERENTIAL, OFFSET].map((encoding) => of(encoding, mild!, ratio)),
  ];
  return {
    name: 'cell errors × encoding × slices',
    points,
    findings(result) {
      const pairs = (sets: readonly string[], more: readonly string[] = []) =>
        result(of(DIFFERENTIAL, sets, more));
      const offset = (sets: readonly string[], more: readonly string[] = []) =>
        result(of(OFFSET, sets, more));
      const both = [...independent, ...proportional];
      const sliced = [harder!, hard!].map((one) => [pairs(one, slices), pairs(one)] as const);
      return [
        {
          id: 'T1, P2, P10',
          claim: 'pairs of cells withstand errors better than offset cells, whatever their law',
          measured: both.map((one) => `${share(pairs(one))} against ${share(offset(one))}`).join('; '),
          verdict: all(both.map((one) => better(pairs(one), offset(one)))),
        },
        {
          id: 'T2',
          claim: 'pairs gain far more from errors in proportion to the conductance than from constant ones',
          measured: `proportional 10 %: ${share(pairs(mild!))}, independent 3 %: ${share(pairs(harder!))}`,
          verdict: better(pairs(mild!), pairs(harder!)),
        },
        {
          id: 'T3',
          claim: 'a small on/off ratio hurts offset cells more than pairs',
          measured: `on/off 5: pairs ${share(pairs(mild!, ratio))}, offset ${share(offset(mild!, ratio))}`,
          verdict: all([
            better(pairs(mild!, ratio), offset(mild!, ratio)),
            largerLoss([offset(mild!, ratio), offset(mild!)], [pairs(mild!, ratio), pairs(mild!)]),
          ]),
        },
        {
          id: 'T4, P3',
          claim: 'four slices help against cell errors, by a small margin',
          measured: sliced.map(([four, one]) => `${share(four)} against ${share(one)} unsliced`).join('; '),
          verdict: all(sliced.map(([four, one]) => better(four, one))),
        },
      ];
    },
  };
}

function readNoise(point: Point): Question {
  const sigma = 0.03;
  const program = point(error('independent', sigma));
  const read = point([`analogCore.cell.read={type: normal, law: independent, sigma: ${sigma}}`]);
  return {
    name: 'read noise against programming error, inputs bit by bit',
    points: [program, read],
    findings: (result) => [
      {
        id: 'T8',
        claim:
          'read noise hurts less than a programming error of the same spread: it is drawn anew for every input bit',
        measured: `read noise ${share(result(read))}, programming error ${share(result(program))}`,
        verdict: better(result(read), result(program)),
      },
    ],
  };
}

function unitColumns(point: Point): Question {
  const digital = point(IDEAL_ADC, OFFSET, error('independent', 0.01));
  const unit = point(IDEAL_ADC, OFFSET, ['encoding.offsetRemoval=unitColumn'], error('independent', 0.01));
  return {
    name: 'offset removed by a unit column',
    points: [digital, unit],
    findings: (result) => [
      {
        id: 'T9',
        claim:
          'a unit column is worse than removing the offset digitally once cells err: its error is common to all outputs',
        measured: `unit column ${share(result(unit))}, digitally ${share(result(digital))}`,
        verdict: better(result(digital), result(unit)),
      },
    ],
  };
}

const BITS = [4, 5, 6, 7, 8, 9, 10];
/** Loss against the int8 network that counts as equal accuracy. */
const ALLOWED = 0.02;

function converters(point: Point): Question {
  const adc = (bits: number, sets: readonly string[]) => point([`parameters.adcBits=${bits}`], sets);
  const free = ['analogCore.adcBank.shape=free'];
  const largest = ['analogCore.adcBank.range=max'];
  const kinds = {
    pairs: DIFFERENTIAL,
    apart: ['encoding.subtraction=digital', ...free],
    offset: [...OFFSET, ...free],
    largest,
  };
  return {
    name: 'converter bits × range × encoding',
    points: Object.values(kinds).flatMap((sets) => BITS.map((bits) => adc(bits, sets))),
    findings(result) {
      const needed = (sets: readonly string[]) =>
        firstGoodEnough(
          BITS.map((value) => ({ value, result: result(adc(value, sets)) })),
          ALLOWED,
        ) ?? BITS.at(-1)! + 1;
      const [pairs, apart, offset, most] = [kinds.pairs, kinds.apart, kinds.offset, kinds.largest].map(
        needed,
      );
      const say = (bits: number) => (bits > BITS.at(-1)! ? `more than ${BITS.at(-1)!}` : String(bits));
      return [
        {
          id: 'T5',
          claim: 'offset cells need 1.5 to 3 bits more than pairs for equal accuracy',
          measured: `${say(offset!)} bits against ${say(pairs!)} within ${100 * ALLOWED} % of int8`,
          verdict: within(offset! - pairs!, 1, 3),
        },
        {
          id: 'T7',
          claim: 'a range for the largest possible sum needs far more bits than a calibrated one',
          measured: `${say(most!)} bits against ${say(pairs!)}`,
          verdict: within(most! - pairs!, 1, 20),
        },
        {
          id: 'P5',
          claim:
            'eight bits suffice where pairs are subtracted before conversion, and are better used than after it',
          measured: `subtracted before ${say(pairs!)} bits, after ${say(apart!)}`,
          verdict: all([within(pairs!, 0, 8), within(apart! - pairs!, 0, 20)]),
        },
      ];
    },
  };
}

/** Relative wire resistances R · Gmax. */
const WIRES = [1e-6, 1e-5, 1e-4, 1e-3];

function irDrop(point: Point): Question {
  const wires = (relative: number, encoding: readonly string[]) => {
    const ohm = relative / 25e-6;
    const lines = `{rowResistance: ${ohm} ohm, columnResistance: ${ohm} ohm}`;
    const cell = ['analogCore.cell.maxConductance=25 uS', 'analogCore.cell.onOffRatio=1000'];
    return point(IDEAL_ADC, encoding, cell, [`analogCore.crossbar.wires=${lines}`]);
  };
  return {
    name: 'IR drop × encoding, input-sourced',
    points: WIRES.flatMap((relative) => [wires(relative, DIFFERENTIAL), wires(relative, OFFSET)]),
    findings(result) {
      const worst = (encoding: readonly string[]) =>
        [...WIRES].reverse().find((relative) => {
          const one = result(wires(relative, encoding));
          return one.digital - one.mean <= ALLOWED;
        });
      const [pairs, offset] = [worst(DIFFERENTIAL), worst(OFFSET)];
      const decades = Math.log10((pairs ?? WIRES[0]! / 10) / (offset ?? WIRES[0]! / 10));
      const at = (relative: number | undefined) =>
        relative === undefined ? `below ${WIRES[0]!}` : String(relative);
      return [
        {
          id: 'T6',
          claim: 'offset cells fail at 1 to 2 decades less wire resistance than pairs',
          measured: `still within ${100 * ALLOWED} % of int8: pairs at ${at(pairs)}, offset at ${at(offset)} (R · Gmax a cell)`,
          verdict: within(decades, 0.9, 2.1),
        },
      ];
    },
  };
}

/** Statements that these networks or models cannot test, and why. */
export const UNTESTED: readonly { readonly id: string; readonly why: string }[] = [
  { id: 'P1', why: 'ResNet50 on ImageNet is not among the networks that come along' },
  {
    id: 'P4, P6',
    why: 'follow from the points above, but need a measure of overlap and of a step that accuracy does not give',
  },
  { id: 'P7, P8', why: 'shares of clipped sums and of the used range are not reported yet' },
  { id: 'P9', why: 'needs rows × bits a cell at eight converter bits: not among the points yet' },
  { id: 'P11', why: 'needs a network trained with 4-bit activations' },
  { id: 'P12', why: 'gated crossbars are simulated, but errors by input bit are not reported' },
];

function share({ mean, interval }: PointResult): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * interval).toFixed(1)} %`;
}
