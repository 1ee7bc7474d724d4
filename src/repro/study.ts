import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { confidence95 } from '../base/statistics.ts';
import { readWorkloadNetwork } from '../input/workload-network.ts';
import { readArchitecture } from '../input/architecture.ts';
import { readSamples, type Samples } from '../input/samples.ts';
import { type LoweredNetwork, lowerNetwork } from '../mapping/lowered-network.ts';
import { partitionFrom } from '../mapping/partition/index.ts';
import { measureAccuracy } from '../numerics/accuracy.ts';
import { writeAtomically } from '../report/write-atomically.ts';
import { version } from '../version.ts';

/** One point of a study: a network, all-analog, on a chip that differs from the base in some values. */
export interface StudyPoint {
  readonly network: string;
  /** `path=value` overrides of the base architecture. */
  readonly sets: readonly string[];
}

/** How thoroughly each point is looked at. */
export interface StudyOptions {
  readonly architecture: string;
  readonly images: number;
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  /** Every finished point is kept here: a study that was interrupted goes on, one that is done is only read. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a point answered: shares of right answers. */
export interface PointResult {
  readonly network: string;
  readonly sets: readonly string[];
  readonly images: number;
  readonly perChip: readonly number[];
  readonly mean: number;
  /** Half width of the 95 % interval of the mean over chips. */
  readonly interval: number;
  readonly float: number;
  readonly digital: number;
}

const kept = z.strictObject({
  key: z.string(),
  images: z.number().int().positive(),
  correct: z.array(z.number().int().min(0)),
  float: z.number().min(0),
  digital: z.number().min(0),
});

/** The points of a study, each computed once whoever asks for it. */
export class Study {
  readonly #options: StudyOptions;
  readonly #networks = new Map<
    string,
    Promise<{ lowered: LoweredNetwork; samples: Samples; hash: string }>
  >();
  readonly #results = new Map<string, PointResult>();

  constructor(options: StudyOptions) {
    this.#options = options;
  }

  /** Computes what is not there yet, in the order given. */
  async run(points: readonly StudyPoint[]): Promise<void> {
    const wanted = new Map(points.map((point) => [nameOf(point), point]));
    let done = 0;
    for (const [name, point] of wanted) {
      this.#options.signal?.throwIfAborted();
      this.#options.onProgress?.(done, wanted.size);
      if (!this.#results.has(name)) this.#results.set(name, await this.#point(point));
      done += 1;
    }
    this.#options.onProgress?.(done, wanted.size);
  }

  /** The result of a point that was run. */
  result(point: StudyPoint): PointResult {
    const found = this.#results.get(nameOf(point));
    if (found === undefined) throw new Error(`${nameOf(point)} was not run`);
    return found;
  }

  get results(): readonly PointResult[] {
    return [...this.#results.values()];
  }

  async #point(point: StudyPoint): Promise<PointResult> {
    const { architecture, images, chips, seed, workers, folder, signal } = this.#options;
    const spec = await readArchitecture(architecture, point.sets);
    const { lowered, samples, hash } = await this.#network(point.network);
    const decides = { version: version(), spec: spec.value, hash, images, chips, seed };
    const key = createHash('sha256').update(JSON.stringify(decides)).digest('hex');
    const file = join(folder, `${key.slice(0, 32)}.json`);
    let counted = await keptPoint(file, key);
    if (counted === undefined) {
      const measured = await measureAccuracy({
        ...{ lowered, spec: spec.value, partitions: [partitionFrom('analog', lowered.candidates)] },
        ...{ images: samples.images, labels: samples.labels, calibration: samples.calibration },
        ...{ chips, seed, workers, signal },
      });
      counted = {
        ...{ key, images: measured.samples, correct: [...measured.partitions[0]!.correctPerChip] },
        ...{ float: measured.floatCorrect, digital: measured.digitalCorrect },
      };
      await writeAtomically(file, JSON.stringify(counted));
    }
    const perChip = counted.correct.map((correct) => correct / counted.images);
    const mean = perChip.reduce((sum, share) => sum + share, 0) / perChip.length;
    const interval = confidence95(perChip) ?? 0;
    return {
      ...{ network: point.network, sets: point.sets, images: counted.images, perChip, mean, interval },
      ...{ float: counted.float / counted.images, digital: counted.digital / counted.images },
    };
  }

  #network(file: string) {
    let read = this.#networks.get(file);
    if (read === undefined) {
      read = (async () => {
        const { workload, network, sha256 } = await readWorkloadNetwork(file);
        const samples = await readSamples(workload.value, network.input.shape, this.#options.images);
        const hashes = [workload.hash, sha256, ...samples.files.map((one) => one.sha256)];
        return { lowered: lowerNetwork(network, samples.signed), samples, hash: hashes.join() };
      })();
      this.#networks.set(file, read);
    }
    return read;
  }
}

function nameOf({ network, sets }: StudyPoint): string {
  return [network, ...sets].join(' ');
}

/** A point kept by an earlier run; undefined where there is none, or none that can be used. */
async function keptPoint(file: string, key: string): Promise<z.output<typeof kept> | undefined> {
  try {
    const read = kept.parse(JSON.parse(await readFile(file, 'utf8')));
    return read.key === key ? read : undefined;
  } catch {
    return undefined;
  }
}
