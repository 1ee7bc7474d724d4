import { evenly } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { type AdcRange, adcCodes, adcRange, type MagnitudeCounts, magnitudePercentile } from './adc-range.ts';
import { worstCaseRanges } from './analog-format.ts';
import { type Calibration, chooseGrids, type OperandGrids, quantizedOperands } from './calibration.ts';
import { cellPhysics, idealPhysics } from './cells.ts';
import { type Crew, type Job, type JobResult, programAll } from './crew.ts';
import { addMagnitudes, emptyMagnitudes } from './magnitudes.ts';
import { analogDesign, analogLayers } from './paths.ts';
import { imagesPerJob, type RunContext, type Stage } from './stage.ts';

/**
 * Calibrates a network on `images` calibration images: float32 activations decide the grids; then, where the
 * converters' ranges are calibrated, partial sums of ideal cells decide those.
 */
export async function calibrate(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  images: number,
): Promise<Calibration> {
  const magnitudes = quantizedOperands(lowered).map(() => emptyMagnitudes());
  const observe: Stage = { kind: 'observe', images: 1 };
  await forAll(crew, context, lowered, observe, images, (result) => {
    result.magnitudes!.forEach((part, index) => {
      addMagnitudes(magnitudes[index]!, part);
    });
  });
  const grids = chooseGrids(lowered, context.spec, magnitudes);
  return { grids, ranges: await chooseRanges(crew, context, lowered, grids, images) };
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
  for (const layer of layers) {
    const { geometry, format } = analogDesign(lowered, spec, physics, grids, layer);
    if (adcBank.range === 'max') {
      ranges[layer] = worstCaseRanges(geometry, format, spec);
      continue;
    }
    const codes = adcCodes(spec, format.signedSums);
    ranges[layer] = format.weights.map(() => adcRange(codes, codes.high));
    // A step of one level holds whatever these weights can give: no need to look.
    if (format.largest.some((sum) => sum > codes.high)) counted.push(layer);
  }
  if (counted.length === 0) return ranges;

  const totals: MagnitudeCounts[][] = [];
  const stage: Stage = { kind: 'count', images: 1, calibration: { grids, ranges: {} }, layers: counted };
  await forAll(crew, context, lowered, stage, images, ({ partialSums }) => {
    partialSums!.forEach((slices, index) => {
      totals[index] ??= slices.map(({ counts, width }) => ({
        counts: new Uint32Array(counts.length),
        width,
      }));
      slices.forEach(({ counts }, slice) => {
        addCounts(totals[index]![slice]!.counts, counts);
      });
    });
  });
  counted.forEach((layer, index) => {
    ranges[layer] = totals[index]!.map((counts, slice) =>
      adcRange(ranges[layer]![slice]!, magnitudePercentile(counts, adcBank.percentile)),
    );
  });
  return ranges;
}

/** Runs a stage over the whole calibration set, some jobs a thread. */
async function forAll(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  stage: Stage & { kind: 'observe' | 'count' },
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

function addCounts(into: Uint32Array, counts: Uint32Array): void {
  for (let bin = 0; bin < into.length; bin++) into[bin] = into[bin]! + counts[bin]!;
}
