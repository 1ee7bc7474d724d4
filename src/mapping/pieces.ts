import { Fault } from '../base/fault.ts';
import type { MvmLowering } from '../network/operator.ts';
import { numberBlocks } from './block-numbers.ts';
import type { Block } from './blocks.ts';

/**
 * The blocks of a layer in pieces that take turns on so many crossbars; one piece where they hold all. Whole columns of the
 * matrix stay together as long as the crossbars hold one; else pieces are as large as fits, and leave partial sums.
 */
export function inPieces(blocks: readonly Block[], room: number): readonly (readonly Block[])[] {
  if (blocks.length <= room) return [blocks];
  const column = blocks.findIndex((block, index) => index > 0 && !sameColumn(block, blocks[0]!));
  const rowBlocks = column < 0 ? blocks.length : column;
  const size = rowBlocks > room ? room : room - (room % rowBlocks);
  return Array.from({ length: Math.ceil(blocks.length / size) }, (_, piece) =>
    blocks.slice(piece * size, (piece + 1) * size),
  );
}

/** Outputs that blocks contribute to: row blocks of a column count once. */
export function outputsOf(blocks: readonly Block[]): number {
  return numberBlocks(blocks).outputs.reduce((sum, count) => sum + count, 0);
}

/** Share of a layer's inputs that blocks need. */
export function inputShare(blocks: readonly Block[], { groups, rows }: MvmLowering): number {
  return numberBlocks(blocks).inputs.reduce((sum, count) => sum + count, 0) / (groups * rows);
}

/** Counts the pieces of a network. A Fault beyond what can be played in reasonable time and memory. */
export function countPieces(before: number, pieces: number, layer: string, room: number): number {
  const count = before + pieces;
  if (count <= MOST_PIECES) return count;
  throw new Fault(`layer ${layer} would take ${pieces} turns on ${room} crossbars`, {
    cure: `at most ${MOST_PIECES} of all layers: raise chip.tiles or use larger crossbars`,
  });
}

/** Waits are counted for every pair of stages. */
const MOST_PIECES = 1000;

function sameColumn(a: Block, b: Block): boolean {
  return a.group === b.group && a.columnStart === b.columnStart;
}
