import { quantity, real } from '../../base/quantity.ts';

/** Writing of weights into the cells of a crossbar, one word line after the other. */
export interface ProgrammingSpec {
  /** Writes that a cell survives; undefined: not counted. */
  readonly endurance?: number | undefined;
  /** s to program the cells of one word line, side by side, verification included. */
  readonly rowTime: number;
  /** J of one cell. */
  readonly cellEnergy: number;
}

export const programmingStructure = {
  endurance: real({ min: 1, max: 1e18, example: '1e6' })
    .optional()
    .describe('writes that a cell survives; left out: wear is not counted'),
};

export const programmingFigures = {
  rowTime: quantity('s', { min: 0, max: 1e3, example: '1 us' }).describe(
    'to program the cells of one word line, side by side, verification included',
  ),
  cellEnergy: quantity('J', { min: 0, max: 1e-3, example: '10 pJ' }).describe('of one cell'),
};

/** What programming a block of cells takes. */
export interface ProgrammingCost {
  /** s. */
  readonly time: number;
  /** J. */
  readonly energy: number;
}

/** Cells on so many word lines and bit lines of one crossbar, written once. */
export function programmingCost(
  programming: ProgrammingSpec,
  wordLines: number,
  bitLines: number,
): ProgrammingCost {
  return {
    time: wordLines * programming.rowTime,
    energy: wordLines * bitLines * programming.cellEnergy,
  };
}
