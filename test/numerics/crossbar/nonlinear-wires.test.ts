import { expect, test } from 'vitest';
import { crossbar, type CrossbarParameters } from '../../../src/index.ts';

const weights = Array.from({ length: 7 }, (_, o) =>
  Array.from({ length: 12 }, (_, i) => Math.sin(o * 12 + i)),
);
const input = Array.from({ length: 12 }, (_, i) => Math.cos(i));

function outputs(readVoltage: string, wires: CrossbarParameters['wires'], serial = false): Float64Array {
  const inputs = serial ? { bits: 6, sliceBits: 1 } : {};
  return crossbar(weights, input, {
    cell: { onOffRatio: 100, iv: { type: 'cubic', readVoltage } },
    wires,
    inputs,
  });
}

function difference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const arrangements = (['inputSourced', 'gated'] as const).flatMap((topology) =>
  (['separate', 'interleaved'] as const).map((pairs) => ({ topology, pairs })),
);

test.each(arrangements)(
  '$topology, $pairs: between resistors behind wires and bent cells without',
  (kind) => {
    const serial = kind.topology === 'gated';
    const resistive = { ...kind, row: 2e-3, column: 3e-3, columnTerminal: 1e-2 };
    // Driven by a millivolt the cells are resistors: they bend by a quarter of its square.
    const bent = outputs('1 mV', resistive, serial);
    const resistors = crossbar(weights, input, {
      ...{ cell: { onOffRatio: 100 }, wires: resistive },
      inputs: serial ? { bits: 6, sliceBits: 1 } : {},
    });
    expect(difference(bent, resistors)).toBeLessThan(12 * 0.25e-6);
    // Wires that lose nothing leave the law alone.
    const ideal = outputs('0.5 V', undefined, serial);
    expect(difference(outputs('0.5 V', { ...kind, column: 1e-12 }, serial), ideal)).toBeLessThan(1e-9);
    // Both matter.
    const both = outputs('0.5 V', resistive, serial);
    expect(difference(both, ideal)).toBeGreaterThan(1e-2);
    expect(difference(both, resistors)).toBeGreaterThan(1e-2);
  },
);
