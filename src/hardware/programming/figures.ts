import { integer, quantity } from '../../base/quantity.ts';

/** How cells are written, and how often: crossbars of a core one after the other, row by row, cores side by side. */
export interface ProgrammingSpec {
  /** Inferences that each part of the network computes before the next is programmed. */
  readonly batch: number;
  /** Writes that a cell lasts; undefined: not counted. */
  readonly endurance?: number | undefined;
  /** s that the cells have to last at full load. */
  readonly lifetime?: number | undefined;
  /** s to program the cells of one word line, side by side, verification included. */
  readonly rowTime: number;
  /** J of one cell. */
  readonly cellEnergy: number;
}

export const programmingStructure = {
  batch: integer({ min: 1, max: 65536 })
    .default(16)
    .describe('inferences that each part of the network computes before the next is programmed'),
  endurance: integer({ min: 1, max: 1e15 })
    .optional()
    .describe('writes that a cell lasts: reports say when the most-written cell reaches them at full load'),
  lifetime: quantity('s', { above: 0, max: 1e10, example: '10 years' })
    .optional()
    .describe('that the cells have to last at full load: a run warns where they do not'),
};

export const programmingFigures = {
  rowTime: quantity('s', { min: 0, max: 10, example: '1 us' }).describe('to write all cells of a row'),
  cellEnergy: quantity('J', { min: 0, max: 1e-3, example: '10 pJ' }).describe('to write one cell'),
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
