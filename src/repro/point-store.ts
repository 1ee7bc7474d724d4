import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../report/write-atomically.ts';

const layerRange = z.strictObject({
  layer: z.string(),
  /** Between the limits of the converters, for each weight slice, in levels of a cell. */
  widths: z.array(z.number()),
});

const keptPoint = z.strictObject({
  key: z.string(),
  images: z.int().positive(),
  correctPerChip: z.array(z.int().min(0)).min(1),
  floatCorrect: z.int().min(0),
  digitalCorrect: z.int().min(0),
  chance: z.boolean(),
  ranges: z.array(layerRange),
});

/** A finished point as it is kept: counts of right answers, and the converter ranges that were calibrated. */
export type KeptPoint = z.output<typeof keptPoint>;

/** The point of a key, if it was kept whole; what cannot be read is as good as missing. */
export async function readPoint(folder: string, key: string): Promise<KeptPoint | undefined> {
  try {
    const point = keptPoint.parse(JSON.parse(await readFile(fileOf(folder, key), 'utf8')));
    return point.key === key ? point : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a point, whole or not at all. */
export async function keepPoint(folder: string, point: KeptPoint): Promise<void> {
  await writeAtomically(fileOf(folder, point.key), `${JSON.stringify(point)}\n`);
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}.json`);
}
