import { describe, expect, test } from 'vitest';
import { crossbar, type CrossbarParameters } from '../../../src/index.ts';

const weights = [
  [0.5, -0.25, 0.1],
  [-0.75, 1, 0.3],
];

function said(parameters: unknown): string {
  try {
    crossbar(weights, [0.2, 0.9, 0.4], parameters as CrossbarParameters);
  } catch (error) {
    expect((error as Error).name).toBe('Fault');
    return (error as Error).message;
  }
  return 'taken';
}

const bits = { bits: 8, sliceBits: 1 };
const sar = { type: 'sar', bits: 4 };

// Each would run and answer nonsense, or ignore what was asked.
describe('contradictions are refused where they stand, with a cure', () => {
  test.each([
    [{ cell: { onOffRatio: 1 } }, 'cell.onOffRatio: 1', 'more than 1'],
    [{ cell: { stuckOff: 0.7, stuckOn: 0.7 } }, 'cell.stuckOn', 'at most 1'],
    [{ cell: { program: { type: 'sonosDrift', after: '1 day' } } }, 'cell.program', 'cell.drift'],
    [
      { cell: { program: { type: 'normal', sigma: 0.1 }, drift: { type: 'sonosDrift', after: '1 day' } } },
      'cell.program',
      'type: ideal',
    ],
    [{ converter: { adc: { type: 'sar', levels: 1 } } }, 'converter.adc.levels: 1', 'at least 2'],
    [{ converter: { adc: sar, range: 'given', limits: [[1, -1]] } }, 'converter.limits: 1', 'exchange'],
    [{ converter: { adc: sar, limits: [[-1, 1]] } }, 'converter.limits: not used', 'range: given'],
    [{ wires: { row: -1 } }, 'wires.row: -1', 'at least 0'],
    [{ inputs: { low: 1, high: 0 } }, 'inputs.low: 1', 'exchange'],
    [{ inputs: { low: 0.5, high: 1, signed: false, ...bits } }, 'inputs.sliceBits', 'inputs.low: 0'],
    [{ inputs: { low: -1, high: 2, ...bits } }, 'inputs.sliceBits', '−inputs.high'],
    [{ inputs: { signed: false, bits: 8 } }, 'inputs.low: -1', 'inputs.low: 0'],
    [{ inputs: { low: 0, signed: false, bits: 8, codes: 'odd' } }, 'inputs.codes', 'signed: true'],
    [{ inputs: { low: -1, high: 2, bits: 8, codes: 'odd' } }, 'inputs.codes', '−inputs.high'],
    [{ inputs: { bits: 1, sliceBits: 1 } }, 'inputs.bits', '2 bits'],
    [{ encoding: { weightBits: 1, scheme: 'offset', sliceBits: [1] } }, 'encoding.weightBits', '2 bits'],
    [{ encoding: { cellBits: 1, scheme: 'offset' } }, 'encoding.cellBits', '2 bits'],
    [{ encoding: { weightBits: 8, sliceBits: [7], cellBits: 3 } }, 'encoding.cellBits', 'leave it out'],
    [{ encoding: { weightBits: 8, sliceBits: [7, 0] } }, 'encoding.sliceBits', 'common'],
    [{ encoding: { offsetRemoval: 'unitColumn' } }, 'encoding.offsetRemoval', 'scheme offset'],
    [null, 'parameters', 'known: encoding'],
    [{ cell: 5 }, 'cell', 'known: onOffRatio'],
    [{ incoding: {} }, 'incoding: unknown', 'did you mean encoding? known: encoding, inputs'],
    [{ wires: { rows: 1 } }, 'wires.rows: unknown', 'did you mean row? known: '],
    [{ cell: { program: 5 } }, 'cell.program', 'type'],
    [{ cell: { program: { sigma: 0.1 } } }, 'cell.program.type: missing', 'known: ideal, normal'],
    [
      { cell: { program: { type: 'norml', sigma: 0.1 } } },
      'cell.program.type: unknown type "norml"',
      'did you mean normal? known: ideal, normal',
    ],
    [
      { cell: { program: { type: 'normal', sigm: 0.1, sigma: 0.1 } } },
      'cell.program.sigm: unknown',
      'did you mean sigma? known: type, law, sigma',
    ],
    [{ converter: { adc: { type: 'sar', bit: 4, bits: 4 } } }, 'converter.adc.bit: unknown', 'mean bits?'],
  ])('%j', (parameters, problem, cure) => {
    expect(said(parameters)).toContain(problem);
    expect(said(parameters)).toContain(cure);
  });

  test('a percentile that leaves no range', () => {
    const sparse = [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]];
    const run = () => crossbar(sparse, sparse[0]!, { encoding: { weightPercentile: 60 } });
    expect(run).toThrow('60 % of the weights are 0');
  });
});
