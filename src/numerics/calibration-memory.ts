import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';

/**
 * Remembers what calibrations found, by keys that are hashes of all that decides it: network, calibration images and
 * what of the chip partial sums of ideal cells depend on. Values are plain JSON. What a program of another version
 * found is another's to keep apart.
 */
export interface CalibrationMemory {
  /** The value kept for a key, undefined when there is none. */
  read(key: string): Promise<unknown>;
  /** Keeps a value; one that cannot be kept is computed anew next time. */
  keep(key: string, value: unknown): Promise<void>;
}

const grid = z.strictObject({ scale: z.number().positive(), low: z.int(), high: z.int() });
const range = z.strictObject({
  low: z.number(),
  high: z.number(),
  lsb: z.number().positive(),
  zero: z.number(),
});

/** What memories are trusted to give back; anything else is as good as nothing. */
export const keptGrids = z.array(
  z.strictObject({ layer: z.int(), operand: z.int(), digital: grid, analog: grid }),
);
export const keptRanges = z.record(z.string(), z.array(range));

/** Key of a network's quantization grids on calibration images. */
export function gridsKey(lowered: LoweredNetwork, images: Float32Array, inputBits: number): string {
  const { network, inputSigned } = lowered;
  const hash = createHash('sha256').update(`grids ${inputBits} ${inputSigned} ${images.length} `);
  hash.update(bytesOf(images)).update(digest(network.input)).update(digest(network.layers));
  return hash.digest('hex');
}

/** Key of the converter ranges of layers on a chip, the grids given. Errors of its cells do not matter. */
export function rangesKey(grids: string, spec: ArchitectureSpec, layers: readonly number[]): string {
  const { cell, ...core } = spec.analogCore!;
  const { bits, onOffRatio, iv, maxConductance } = cell;
  const chip = { ...core, cell: { bits, onOffRatio, iv, maxConductance }, encoding: spec.encoding };
  return createHash('sha256').update(`ranges ${grids} ${layers.join()} `).update(digest(chip)).digest('hex');
}

/** A hash of plain data, of its arrays of numbers by their bytes. */
function digest(value: unknown): string {
  const hash = createHash('sha256');
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part;
    return `${part.constructor.name} ${createHash('sha256').update(bytesOf(part)).digest('hex')}`;
  });
  return hash.update(text).digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
