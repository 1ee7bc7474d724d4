import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { bufferTurns } from './buffer-turns.ts';
import { buffersHold, relieveBuffers } from './relieve-buffers.ts';
import type { Stage } from './schedule.ts';

/**
 * Stages whose outputs lie where buffers hold their least (positions, by stage): where they are, if possible; else spread so that all stages have
 * the same share of two turns beyond the least, the largest of a few that can be had, as one without any holds all up; else
 * where they are.
 */
export function withRoom(
  stages: readonly Stage[],
  least: Int32Array,
  rowLengths: readonly number[],
  spec: ArchitectureSpec,
): readonly Stage[] {
  if (buffersHold(stages, least, spec)) return stages;
  const turns = bufferTurns(stages, least, spec).ofCopies;
  for (const share of SHARES) {
    const wanted = turns.map((most, stage) => least[stage]! + Math.ceil(share * (most - least[stage]!)));
    const spread = relieveBuffers(stages, wanted, rowLengths, spec);
    if (spread !== undefined) return spread;
  }
  return stages;
}

/** Bytes of each buffer that the least of all stages fits, spread over tiles: a capacity that was tried, and little less was not enough. */
export function enoughBuffer(
  stages: readonly Stage[],
  least: Int32Array,
  rowLengths: readonly number[],
  spec: ArchitectureSpec,
  unspread: number,
): number {
  const fits = (capacity: number) => {
    const tile = { ...spec.tile, buffer: { ...spec.tile.buffer, capacity } };
    return relieveBuffers(stages, least, rowLengths, { ...spec, tile }) !== undefined;
  };
  let [not, enough] = [Math.floor(spec.tile.buffer.capacity), unspread];
  while (enough - not > Math.max(1, enough / ENOUGH_WITHIN)) {
    const middle = Math.floor((not + enough) / 2);
    if (fits(middle)) enough = middle;
    else not = middle;
  }
  return enough;
}

/** To one part of so many. */
const ENOUGH_WITHIN = 500;

/** Of two turns, tried in turn; 0 is the least alone. */
const SHARES = [1, 0.75, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05, 0];
