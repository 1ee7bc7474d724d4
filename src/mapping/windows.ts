import type { MvmLowering } from '../network/operator.ts';

/**
 * Number of distinct input elements that the positions [from, to) of an MVM layer read: what a task fetches,
 * padding left out. All groups together.
 */
export function distinctInputs(lowering: MvmLowering, from: number, to: number, seen: Uint8Array): number {
  const { positionBase, rowOffset, padding, groups } = lowering;
  let count = 0;
  for (let position = from; position < to; position++) {
    const base = positionBase[position]!;
    for (let row = 0; row < rowOffset.length; row++) {
      const index = base + rowOffset[row]!;
      if (seen[index] === 1) continue;
      seen[index] = 1;
      if (padding === undefined || insideMap(index, padding)) count += 1;
    }
  }
  for (let position = from; position < to; position++) {
    const base = positionBase[position]!;
    for (let row = 0; row < rowOffset.length; row++) seen[base + rowOffset[row]!] = 0;
  }
  return count * groups;
}

/**
 * Number of input elements that a position of an MVM layer reads and the position before it in the same row of
 * the output did not: what a sliding window fetches, padding left out. All groups together.
 */
export function newInputs(
  lowering: MvmLowering,
  position: number,
  rowLength: number,
  seen: Uint8Array,
): number {
  if (position % rowLength === 0) return distinctInputs(lowering, position, position + 1, seen);
  const { positionBase, rowOffset, padding, groups } = lowering;
  const before = positionBase[position - 1]!;
  const base = positionBase[position]!;
  let count = 0;
  for (const offset of rowOffset) seen[before + offset] = 1;
  for (const offset of rowOffset) {
    const index = base + offset;
    if (seen[index] === 0 && (padding === undefined || insideMap(index, padding))) count += 1;
  }
  for (const offset of rowOffset) seen[before + offset] = 0;
  return count * groups;
}

/** A marker array for `distinctInputs`, zeroed, large enough for the layer's frame (first group). */
export function inputMarkers(lowering: MvmLowering): Uint8Array {
  let last = 0;
  for (const base of lowering.positionBase) last = Math.max(last, base);
  let reach = 0;
  for (const offset of lowering.rowOffset) reach = Math.max(reach, offset);
  return new Uint8Array(last + reach + 1);
}

function insideMap(index: number, frame: NonNullable<MvmLowering['padding']>): boolean {
  const within = index % (frame.frameHeight * frame.frameWidth);
  const y = Math.floor(within / frame.frameWidth) - frame.top;
  const x = (within % frame.frameWidth) - frame.left;
  return y >= 0 && y < frame.height && x >= 0 && x < frame.width;
}
