import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import { integer } from '../../base/quantity.ts';

const MOST = 65_536;

/** One whole number for both axes of a map, or [vertical, horizontal]. */
export function sizes(min: number) {
  const entry = integer({ min, max: MOST, example: 3 });
  return z.union([entry, z.array(entry).length(2)], {
    error: `needs a whole number of at least ${min}, or a list [vertical, horizontal] of them`,
  });
}

/** Zeros around a map: one number for all sides, [vertical, horizontal], or [top, left, bottom, right]. */
export function paddings() {
  const entry = integer({ min: 0, max: MOST, example: 1 });
  return z.union([entry, z.array(entry).length(2), z.array(entry).length(4)], {
    error:
      'needs a whole number, a list [vertical, horizontal] or a list [top, left, bottom, right] of whole numbers',
  });
}

/** `sizes` as operators take them. */
export function perAxis(written: number | readonly number[]): readonly number[] {
  return typeof written === 'number' ? [written, written] : written;
}

/** `paddings` as operators take them: [top, left, bottom, right]. */
export function padsOf(written: number | readonly number[]): readonly number[] {
  const pads = perAxis(written);
  return pads.length === 4 ? pads : [...pads, ...pads];
}

/** Channels of a map [1, C, H, W]; a Fault for anything else. */
export function channelsOfMap(shape: readonly number[], kind: string): number {
  if (shape.length === 4) return shape[1]!;
  throw new Fault(`${kind} takes a map [C, H, W], got ${shapeText(shape)}`);
}

/** Length and features of a sequence [1, T, D]; a Fault for anything else. */
export function sequenceOf(
  shape: readonly number[],
  kind: string,
): readonly [length: number, features: number] {
  if (shape.length === 3) return [shape[1]!, shape[2]!];
  throw new Fault(`${kind} takes a sequence [T, D], got ${shapeText(shape)}`);
}

/** A shape without its batch of 1, as the files write it. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.slice(1).join(', ')}]`;
}
