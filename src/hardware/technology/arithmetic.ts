import { logicAreaRatio, logicEnergyRatio } from './stillmaker.ts';

/** Number formats of digital arithmetic. */
export const PRECISIONS = ['int8', 'int16', 'int32', 'fp16', 'fp32'] as const;
export type Precision = (typeof PRECISIONS)[number];

interface Cost {
  /** J of an operation. */
  readonly energy: number;
  /** m² of a unit. */
  readonly area: number;
}

const NODE = 45e-9;

/** pJ and µm² at 45 nm and 0.9 V: Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014. */
const ADD: Readonly<Record<Precision, readonly [number, number]>> = {
  int8: [0.03, 36],
  int16: [0.05, 67],
  int32: [0.1, 137],
  fp16: [0.4, 1360],
  fp32: [0.9, 4184],
};
/** int16 is not in the source: its multiplier is taken between int8 and int32 along the power law through both. */
const MULTIPLY: Readonly<Record<Precision, readonly [number, number]>> = {
  int8: [0.2, 282],
  int16: [Math.sqrt(0.2 * 3.1), Math.sqrt(282 * 3495)],
  int32: [3.1, 3495],
  fp16: [1.1, 1640],
  fp32: [3.7, 7700],
};

/** An adder at a node in m, scaled from 45 nm as logic. */
export function adder(precision: Precision, technology: number): Cost {
  return scaled(ADD[precision], technology);
}

/** A multiplier at a node in m, scaled from 45 nm as logic. */
export function multiplier(precision: Precision, technology: number): Cost {
  return scaled(MULTIPLY[precision], technology);
}

/** A multiply-accumulate unit: integers are accumulated in 32 bits, fp16 in fp16, fp32 in fp32. */
export function macUnit(precision: Precision, technology: number): Cost {
  const accumulator = precision.startsWith('int') ? 'int32' : precision;
  const [product, sum] = [multiplier(precision, technology), adder(accumulator, technology)];
  return { energy: product.energy + sum.energy, area: product.area + sum.area };
}

/** Bytes of a number. */
export function bytesOf(precision: Precision): number {
  return Number(precision.replace(/\D+/, '')) / 8;
}

function scaled([picojoule, squareMicrometre]: readonly [number, number], technology: number): Cost {
  return {
    energy: picojoule * 1e-12 * logicEnergyRatio(NODE, technology),
    area: squareMicrometre * 1e-12 * logicAreaRatio(NODE, technology),
  };
}
