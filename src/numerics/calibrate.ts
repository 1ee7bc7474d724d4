import type { z } from 'zod';
import { elementCount } from '../base/tensor.ts';
import { evenly } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { type Calibration, chooseGrids, type OperandGrids, quantizedOperands } from './calibration.ts';
import { type CalibrationMemory, gridsKey, keptGrids, keptRanges, rangesKey } from './calibration-memory.ts';
import { cellPhysics, idealPhysics } from './cells.ts';
import { type Crew, type Job, type JobResult, programAll } from './crew.ts';
import { addMagnitudes, emptyMagnitudes } from './magnitudes.ts';
import { type AdcRange, adcCodes } from './adc-range.ts';
import { largestBlockRows } from './mvm-geometry.ts';
import { analogDesign, analogLayers } from './paths.ts';
import { calibratedRanges, fixedRanges, isFixed } from './range-rules.ts';
import { imagesPerJob, type RunContext, type Stage } from './stage.ts';
import { addCounts, emptyLike, type SumCounts } from './sum-counts.ts';

/** Calibration images, and where what they showed before is remembered. */
export interface CalibrationSet {
  /** Preprocessed [images][elements of the network's input], as the crew has them. */
  readonly images: Float32Array;
  readonly memory?: CalibrationMemory | undefined;
}

/**
 * Calibrates a network on calibration images: float32 activations decide the grids; then, where the converters' ranges
 * are calibrated, partial sums of ideal cells decide those.
 */
export async function calibrate(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  set: CalibrationSet,
): Promise<Calibration> {
  const { spec } = context;
  const { images, memory } = set;
  const count = images.length / elementCount(lowered.network.input.shape);
  const key = memory && gridsKey(lowered, images, spec.encoding.inputBits);
  const grids = await calibrateGrids(crew, context, lowered, set);
  const layers = analogLayers(context.partitions);
  const rangesOf = () => chooseRanges(crew, context, lowered, grids, count);
  if (layers.length === 0 || isFixed(spec.analogCore!.adcBank)) return { grids, ranges: await rangesOf() };
  return {
    grids,
    ranges: await remembered(memory, key && rangesKey(key, spec, layers), keptRanges, rangesOf),
  };
}

/** The grids alone. */
export async function calibrateGrids(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  { images, memory }: CalibrationSet,
): Promise<readonly OperandGrids[]> {
  const key = memory && gridsKey(lowered, images, context.spec.encoding.inputBits);
  return remembered(memory, key, keptGrids, async () => {
    return observeGrids(crew, context, lowered, images.length / elementCount(lowered.network.input.shape));
  });
}

/** What a memory holds for a key, or what is found now. */
async function remembered<Value>(
  memory: CalibrationMemory | undefined,
  key: string | undefined,
  schema: z.ZodType<Value>,
  find: () => Promise<Value>,
): Promise<Value> {
  if (memory === undefined || key === undefined) return find();
  const kept = schema.safeParse(await memory.read(key));
  if (kept.success) return kept.data;
  const found = await find();
  await memory.keep(key, found);
  return found;
}

async function observeGrids(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  images: number,
): Promise<readonly OperandGrids[]> {
  const magnitudes = quantizedOperands(lowered).map(() => emptyMagnitudes());
  const observe: Stage = { kind: 'observe', images: 1 };
  await forAll(crew, context, lowered, observe, images, (result) => {
    result.magnitudes!.forEach((part, index) => {
      addMagnitudes(magnitudes[index]!, part);
    });
  });
  return chooseGrids(lowered, context.spec, magnitudes);
}

async function chooseRanges(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  grids: readonly OperandGrids[],
  images: number,
): Promise<Readonly<Record<number, readonly AdcRange[]>>> {
  const { spec, partitions } = context;
  const layers = analogLayers(partitions);
  const ranges: Record<number, readonly AdcRange[]> = {};
  if (layers.length === 0) return ranges;
  const { cell, adcBank } = spec.analogCore!;
  const physics = idealPhysics(cellPhysics(cell));
  const counted: number[] = [];
  const designs = new Map(layers.map((layer) => [layer, analogDesign(lowered, spec, physics, grids, layer)]));
  const rows = (layer: number) => largestBlockRows(designs.get(layer)!.geometry, spec);
  for (const [layer, { format }] of designs) {
    if (isFixed(adcBank)) {
      ranges[layer] = fixedRanges(adcBank, format, rows(layer));
      continue;
    }
    const codes = adcCodes(format.adc, format.signedSums);
    ranges[layer] = format.weights.map(() => ({ ...codes, lsb: 1, zero: 0 }));
    // A step of one level holds whatever these weights can give: no need to look.
    const enough = format.exact && format.adc.grid === 'endpoints';
    if (!enough || format.largest.some((sum) => sum > codes.high)) counted.push(layer);
  }
  if (counted.length === 0) return ranges;

  const totals: SumCounts[][] = [];
  const stage: Stage = { kind: 'count', images: 1, calibration: { grids, ranges: {} }, layers: counted };
  await forAll(crew, context, lowered, stage, images, ({ partialSums }) => {
    partialSums!.forEach((slices, index) => {
      totals[index] ??= slices.map(emptyLike);
      slices.forEach((counts, slice) => addCounts(totals[index]![slice]!, counts));
    });
  });
  counted.forEach((layer, index) => {
    ranges[layer] = calibratedRanges(adcBank, designs.get(layer)!.format, rows(layer), totals[index]!);
  });
  return ranges;
}

/** Runs a stage over the first `images` of the calibration set, some jobs a thread. */
export async function forAll(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  stage: Stage & { kind: 'observe' | 'count' | 'drive' },
  images: number,
  take: (result: JobResult) => void,
): Promise<void> {
  const simulation = crew.begin({
    ...stage,
    images: imagesPerJob(context, lowered, stage, images, crew.threads),
  });
  await programAll(crew, simulation);
  const jobs = evenly(images, Math.min(images, 2 * crew.threads)).map(([first, count]): Job => ({
    kind: stage.kind,
    first,
    count,
  }));
  const results = await Promise.all(jobs.map((job) => crew.run(job)));
  results.forEach(take);
}
