import { atLeast, comparison } from '../comparison.ts';
import type { Statement } from '../question.ts';
import { cellErrors } from './cell-errors.ts';
import { converters, currentRatio, encodingByBits } from './converters.ts';
import { encodingByWires, wires } from './wires.ts';

const errors = cellErrors.statements.find(({ id }) => id === 'T1')!;

/** Claims that draw on several questions. */
export const overall: readonly (Statement & { readonly needs: readonly string[] })[] = [
  {
    id: 'P2',
    claim:
      'What is proportional to the weights is more robust in everything: cell errors, converter bits and IR drop.',
    rule: 'Accuracy of differential less offset is above 0: under cell errors (as T1), with converters of few bits, with resistive wires.',
    needs: [cellErrors.name, converters.name, wires.name],
    comparisons: (results) => [
      ...errors.comparisons(results),
      ...encodingByBits(results),
      ...encodingByWires(results),
    ],
  },
  {
    id: 'P10',
    claim:
      'Offset cells are more sensitive to cell errors and wires, and draw larger currents on their bit lines.',
    rule: 'Accuracy of differential less offset is above 0 under cell errors and with resistive wires; the currents that 99.98 % of the sums of a bit line keep to are larger for offset than for one line of a pair (ratio at least 1 for three quarters of the layers).',
    needs: [cellErrors.name, converters.name, wires.name],
    comparisons: (results) => {
      const { median, lower, upper } = currentRatio(results);
      const ratio = { value: median, low: lower, high: upper };
      return [
        ...errors.comparisons(results),
        ...encodingByWires(results),
        comparison(results, 'currents, offset over differential', 'ratio', ratio, atLeast(1)(ratio)),
      ];
    },
  },
];
