import type { MvmLowering } from '../network/operator.ts';

/** Counts the input elements that output positions of an MVM layer read, padding left out, all groups together. */
export interface InputWindows {
  /** Distinct elements that the positions [from, to) read: what a task fetches. */
  distinct(from: number, to: number): number;
  /**
   * Elements that a position reads and the position before it in the same row of the output did not: what a
   * sliding window fetches.
   */
  fresh(position: number, rowLength: number): number;
}

/** The windows of a layer, counted over one channel where all channels are alike. */
export function inputWindows(lowering: MvmLowering): InputWindows {
  const { positionBase, padding, groups } = lowering;
  const { rowOffset, copies } = oneChannel(lowering);
  const seen = new Uint8Array(largest(positionBase) + largest(rowOffset) + 1);
  const counts = (index: number) => padding === undefined || insideMap(index, padding);

  function distinct(from: number, to: number): number {
    let count = 0;
    for (let position = from; position < to; position++) {
      const base = positionBase[position]!;
      for (let row = 0; row < rowOffset.length; row++) {
        const index = base + rowOffset[row]!;
        if (seen[index] === 1) continue;
        seen[index] = 1;
        if (counts(index)) count += 1;
      }
    }
    for (let position = from; position < to; position++) {
      const base = positionBase[position]!;
      for (let row = 0; row < rowOffset.length; row++) seen[base + rowOffset[row]!] = 0;
    }
    return count * copies * groups;
  }

  function fresh(position: number, rowLength: number): number {
    if (position % rowLength === 0) return distinct(position, position + 1);
    const before = positionBase[position - 1]!;
    const base = positionBase[position]!;
    let count = 0;
    for (let row = 0; row < rowOffset.length; row++) seen[before + rowOffset[row]!] = 1;
    for (let row = 0; row < rowOffset.length; row++) {
      const index = base + rowOffset[row]!;
      if (seen[index] === 0 && counts(index)) count += 1;
    }
    for (let row = 0; row < rowOffset.length; row++) seen[before + rowOffset[row]!] = 0;
    return count * copies * groups;
  }

  return { distinct, fresh };
}

/**
 * The rows of the first channel and how often they repeat: copies lie a whole map (or more) apart, so that no
 * element belongs to two of them. All rows once where they do not repeat like that.
 */
function oneChannel(lowering: MvmLowering): { readonly rowOffset: Int32Array; readonly copies: number } {
  const { positionBase, rowOffset, padding } = lowering;
  const whole = { rowOffset, copies: 1 };
  const last = largest(positionBase);
  let reach = 0;
  let rows = 0;
  while (rows < rowOffset.length && rowOffset[rows]! <= last + reach) {
    reach = Math.max(reach, rowOffset[rows]!);
    rows += 1;
  }
  const apart = rowOffset[rows];
  if (apart === undefined || rows === 0 || rowOffset.length % rows !== 0) return whole;
  if (padding !== undefined && apart % (padding.frameHeight * padding.frameWidth) !== 0) return whole;
  for (let row = rows; row < rowOffset.length; row++) {
    if (rowOffset[row] !== rowOffset[row - rows]! + apart) return whole;
  }
  return { rowOffset: rowOffset.subarray(0, rows), copies: rowOffset.length / rows };
}

function largest(values: Int32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

function insideMap(index: number, frame: NonNullable<MvmLowering['padding']>): boolean {
  const within = index % (frame.frameHeight * frame.frameWidth);
  const y = Math.floor(within / frame.frameWidth) - frame.top;
  const x = (within % frame.frameWidth) - frame.left;
  return y >= 0 && y < frame.height && x >= 0 && x < frame.width;
}
