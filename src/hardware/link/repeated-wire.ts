import { quantity, real } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { atNode } from '../technology/interpolation.ts';
import { linkFigures } from './figures.ts';

/** F/m of an on-chip wire: 0.2 fF/µm, the constant of NeuroSim. */
export const WIRE_CAPACITANCE = 0.2e-15 / 1e-6;
/** ohm m of copper by the width of the wire in nm, as NeuroSim has them: it rises as wires narrow. */
const RESISTIVITY = { 8: 7.9e-8, 40: 2.97e-8, 110: 2.2e-8 };
/** s for each m of gate length that an inverter takes with four like it behind (Ho, Mai, Horowitz, Proc. IEEE 2001). */
const FANOUT_OF_FOUR = 360e-12 / 1e-6;

/**
 * ohm/m of a wire on an intermediate layer: twice the node wide and twice as high as wide (assumption).
 */
export function wireResistance(technology: number): number {
  const width = 2 * technology;
  return atNode(RESISTIVITY, width) / (width * 2 * width);
}

/** What repeaters of the best size and distance make of a wire. */
export interface RepeatedWire {
  /** m between repeaters. */
  readonly segment: number;
  /** s/m. */
  readonly delay: number;
}

/**
 * A wire with repeaters. With a driver of resistance R and capacitance C at its input and output, the delay of a metre is
 * 0.7 (2 RC / d + R c + 0.54 r c d + r C), d = √(4 RC / r c) apart, and the size that makes R c equal to r C the best
 * (the rule of NeuroSim). Only RC matters, which the fan-out-of-four delay gives: 0.7 R (C + 4 C).
 */
export function repeatedWire(technology: number): RepeatedWire {
  const resistance = wireResistance(technology);
  const time = (FANOUT_OF_FOUR * technology) / (0.7 * 5);
  const product = resistance * WIRE_CAPACITANCE;
  const segment = Math.sqrt((4 * time) / product);
  const delay = 0.7 * ((2 * time) / segment + 2 * Math.sqrt(time * product) + 0.54 * product * segment);
  return { segment, delay };
}

/** Repeated wires between routers: C V² per toggling wire, half of it a transition. */
export const wire = partModel({
  name: 'wire',
  summary: 'repeated wire by length: 0.2 fF/µm, C V² / 2 a toggling bit, delay of the best repeaters',
  structure: {},
  own: {
    length: quantity('m', { min: 0, max: 1, example: '0.6 mm' }).describe('from router to router'),
    supply: quantity('V', { above: 0, max: 10 }).prefault('0.9 V').describe('swing of the wire'),
    toggle: real({ min: 0, max: 1 })
      .default(0.25)
      .describe('fraction of wires that change with a word; NeuroSim finds 0.18 (VGG-8) to 0.33 (ResNet-18)'),
  },
  figures: linkFigures,
  law: ({ length, supply, toggle }, technology) => ({
    latency: length * repeatedWire(technology).delay,
    energy: 8 * 0.5 * toggle * WIRE_CAPACITANCE * length * supply ** 2,
  }),
});
