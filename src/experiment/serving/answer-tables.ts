import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ArchitectureSpec } from '../../hardware/architecture.ts';
import type { Samples } from '../../input/samples.ts';
import type { LoweredNetwork } from '../../mapping/lowered-network.ts';
import type { Partition } from '../../mapping/partition/partition.ts';
import { measureAccuracy, type PartitionAnswers } from '../../numerics/accuracy.ts';
import type { CalibrationMemory } from '../../numerics/calibration-memory.ts';
import { programHash } from '../../program-hash.ts';
import type { AnswerTable } from '../../serving/answer-source.ts';

/** A trained network whose answers are asked for, cut by cut. */
export interface AnswersRequest {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly cuts: readonly Partition[];
  readonly samples: Samples;
  /** SHA-256 of everything read for it. */
  readonly inputs: readonly string[];
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  /** What earlier runs found, calibrations and answers; the result does not depend on it. */
  readonly memory?: CalibrationMemory | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const keptAnswers = z.strictObject({ right: z.array(z.string()), margins: z.array(z.string()) });

/**
 * What a network answers with each cut on each simulated chip, image by image: computed once by the numerics, kept under a
 * hash of all that decides it. In shared memory, for workers.
 */
export async function answerTable(request: AnswersRequest): Promise<AnswerTable> {
  const { lowered, spec, cuts, samples, chips, seed, memory } = request;
  const images = samples.labels.length;
  const program = programHash();
  const keyOf = ({ name, analog }: Partition) => {
    const decides = {
      kind: 'answers',
      program,
      spec,
      inputs: request.inputs,
      name,
      analog,
      images,
      chips,
      seed,
    };
    return createHash('sha256').update(JSON.stringify(decides)).digest('hex');
  };
  const found = new Map<string, Pick<PartitionAnswers, 'right' | 'margins'>>();
  for (const cut of cuts) {
    const kept = keptAnswers.safeParse(await memory?.read(keyOf(cut)));
    const whole = (texts: readonly string[]) =>
      texts.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    if (!kept.success) continue;
    const answers = { right: whole(kept.data.right), margins: whole(kept.data.margins) };
    const sound = [...answers.right, ...answers.margins].every(({ length }) => length === images);
    if (sound && answers.right.length === chips && answers.margins.length === chips)
      found.set(cut.name, answers);
  }
  const missing = cuts.filter(({ name }) => !found.has(name));
  if (missing.length > 0) {
    const { images: pixels, labels, calibration } = samples;
    const measured = await measureAccuracy({
      ...{ lowered, spec, partitions: missing, images: pixels, labels, calibration, chips, seed },
      ...{ workers: request.workers, calibrations: memory },
      ...{ signal: request.signal, onProgress: request.onProgress },
    });
    for (const [index, answers] of measured.partitions.entries()) {
      found.set(answers.name, answers);
      const texts = (all: readonly Uint8Array[]) => all.map((one) => Buffer.from(one).toString('base64'));
      await memory?.keep(keyOf(missing[index]!), {
        right: texts(answers.right),
        margins: texts(answers.margins),
      });
    }
  }
  return packed(
    cuts.map(({ name }) => found.get(name)!),
    images,
    chips,
  );
}

/** Share of right answers of each cut, over all chips and images. */
export function accuraciesOf({ right, images, chips }: AnswerTable, cuts: number): readonly number[] {
  return Array.from({ length: cuts }, (_, cut) => {
    let count = 0;
    for (let at = cut * chips * images; at < (cut + 1) * chips * images; at++)
      count += (right[at >> 3]! >> (at & 7)) & 1;
    return count / (chips * images);
  });
}

function packed(
  answers: readonly Pick<PartitionAnswers, 'right' | 'margins'>[],
  images: number,
  chips: number,
): AnswerTable {
  const count = answers.length * chips * images;
  const right = new Uint8Array(new SharedArrayBuffer(Math.ceil(count / 8)));
  const margins = new Uint8Array(new SharedArrayBuffer(count));
  answers.forEach((answer, cut) => {
    for (let chip = 0; chip < chips; chip++) {
      const first = (cut * chips + chip) * images;
      margins.set(answer.margins[chip]!, first);
      answer.right[chip]!.forEach((one, image) => {
        const at = first + image;
        right[at >> 3] = right[at >> 3]! | (one << (at & 7));
      });
    }
  });
  return { images, chips, margins, right };
}
