import { quantity, real } from '../../base/quantity.ts';
import { WIRE_CAPACITANCE } from '../link/repeated-wire.ts';
import { partModel } from '../part-model.ts';
import { programmingFigures, programmingStructure } from './figures.ts';

/** Pitch of a cell in units of the node: 16 F² with its transistor, square (assumption). */
const PITCH = 4;

/**
 * Programming by pulses: V² G t for each, and the charge of the line over each cell. 2 V and 40 ns are those of PRIME (Chi
 * et al., ISCA 2016); program-and-verify takes several pulses, each followed by a read of the same time.
 */
export const pulses = partModel({
  name: 'pulses',
  summary: 'V² G t a pulse, 2 V and 40 ns unless told otherwise (PRIME), several where each is verified',
  structure: programmingStructure,
  own: {
    conductance: quantity('S', { min: 0, max: 1, example: '10 uS' }).describe(
      'mean of a cell while it is written',
    ),
    voltage: quantity('V', { above: 0, max: 20 }).prefault('2 V').describe('of a pulse'),
    pulseTime: quantity('s', { above: 0, max: 1 }).prefault('40 ns').describe('of a pulse'),
    pulses: real({ min: 1, max: 1e6 }).default(1).describe('mean number of pulses until a cell is right'),
    verified: real({ min: 0, max: 100 })
      .default(0)
      .describe('reads after each pulse, as long as it, a tenth of its voltage: 1 for program-and-verify'),
  },
  figures: programmingFigures,
  law({ conductance, voltage, pulseTime, pulses: count, verified }, technology) {
    const line = WIRE_CAPACITANCE * PITCH * technology * voltage ** 2;
    const write = voltage ** 2 * conductance * pulseTime;
    const verify = (voltage / 10) ** 2 * conductance * pulseTime;
    return {
      rowTime: count * (1 + verified) * pulseTime,
      cellEnergy: count * (write + line + verified * verify),
    };
  },
});
