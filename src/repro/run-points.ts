import { createHash } from 'node:crypto';
import { confidence95, mean, standardDeviation } from '../base/statistics.ts';
import { readArchitecture } from '../input/architecture.ts';
import { partitionFrom } from '../mapping/partition/index.ts';
import { measureAccuracy } from '../numerics/accuracy.ts';
import type { CalibrationMemory } from '../numerics/calibration-memory.ts';
import { chipsDiffer } from '../numerics/chips-differ.ts';
import { type Design, designName, overrides } from './design.ts';
import { type KeptPoint, keepPoint, readPoint } from './point-store.ts';
import { programHash } from '../program-hash.ts';
import type { Subject } from './subject.ts';

/** How the points of a study are measured. */
export interface PointOptions {
  /** YAML file of the chip that every design changes. */
  readonly architecture: string;
  /** Simulated chips of a point, where chips differ. */
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  /** Where finished points are kept. */
  readonly folder: string;
  /** What calibrations found, here or before. */
  readonly calibrations?: CalibrationMemory | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((phase: string, done: number, total: number) => void) | undefined;
}

/** A measured design: shares of right answers. */
export interface Measured {
  readonly design: Design;
  /** Whether chance enters: where it does not, one chip stands for all. */
  readonly chance: boolean;
  readonly perChip: readonly number[];
  readonly mean: number;
  /** Standard deviation over chips. */
  readonly spread: number | undefined;
  /** Half width of the 95 % interval of the mean over chips. */
  readonly interval95: number | undefined;
  readonly images: number;
  readonly float: number;
  readonly digital: number;
  /** Widths of the converters' ranges by layer and weight slice, in levels of a cell. */
  readonly ranges: KeptPoint['ranges'];
}

/** Everything measured of one network. */
export interface Results {
  readonly subject: Subject;
  /** The result of a design that was asked for. */
  at(design: Design): Measured;
}

/**
 * Measures designs of networks, all-analog, each once: points kept in the folder by an earlier run are read instead. A
 * point is kept as soon as it is finished, under a key of all that decides it, so an interrupted run loses one point
 * at most, and results depend neither on the order nor on workers.
 */
export async function runPoints(
  wanted: readonly { readonly subject: Subject; readonly designs: readonly Design[] }[],
  options: PointOptions,
): Promise<readonly Results[]> {
  const program = programHash();
  const total = wanted.reduce((sum, { designs }) => sum + designs.length, 0);
  const results: Results[] = [];
  let done = 0;
  for (const { subject, designs } of wanted) {
    const measured = new Map<string, Measured>();
    for (const changes of designs) {
      options.signal?.throwIfAborted();
      options.onProgress?.(subject.name, done++, total);
      const name = designName(changes);
      if (!measured.has(name)) measured.set(name, await measure(subject, changes, program, options));
    }
    results.push({
      subject,
      at(changes) {
        const found = measured.get(designName(changes));
        if (found === undefined) throw new Error(`${subject.name}: ${designName(changes)} was not measured`);
        return found;
      },
    });
  }
  options.onProgress?.('points', done, total);
  return results;
}

async function measure(
  subject: Subject,
  changes: Design,
  program: string,
  { architecture, chips, seed, workers, folder, calibrations, signal }: PointOptions,
): Promise<Measured> {
  const { value: spec } = await readArchitecture(architecture, overrides(changes));
  const { lowered, samples, images, calibrationImages } = subject;
  const chance = chipsDiffer(spec);
  const asked = { images, calibrationImages, chips: chance ? chips : 1, seed: chance ? seed : 0 };
  const decides = { program, spec, inputs: subject.inputs.map(({ sha256 }) => sha256), ...asked };
  const key = createHash('sha256').update(JSON.stringify(decides)).digest('hex');
  const kept = await readPoint(folder, key);
  if (kept !== undefined) return summary(changes, kept);
  const result = await measureAccuracy({
    lowered,
    spec,
    partitions: [partitionFrom('analog', lowered.candidates)],
    images: samples.images,
    labels: samples.labels,
    calibration: samples.calibration,
    chips: asked.chips,
    seed: asked.seed,
    workers,
    calibrations,
    signal,
  });
  const point: KeptPoint = {
    key,
    images: result.samples,
    correctPerChip: [...result.partitions[0]!.correctPerChip],
    floatCorrect: result.floatCorrect,
    digitalCorrect: result.digitalCorrect,
    chance,
    ranges: result.calibration.flatMap(({ name, analog }) =>
      analog === undefined
        ? []
        : [{ layer: name, widths: analog.converters.map(({ low, high, lsb }) => (high - low) * lsb) }],
    ),
  };
  await keepPoint(folder, point);
  return summary(changes, point);
}

function summary(changes: Design, point: KeptPoint): Measured {
  const { images, correctPerChip, floatCorrect, digitalCorrect, chance, ranges } = point;
  const perChip = correctPerChip.map((correct) => correct / images);
  return {
    ...{ design: changes, chance, perChip, images, ranges },
    mean: mean(correctPerChip) / images,
    spread: perChip.length > 1 ? standardDeviation(perChip) : undefined,
    interval95: confidence95(perChip),
    float: floatCorrect / images,
    digital: digitalCorrect / images,
  };
}
