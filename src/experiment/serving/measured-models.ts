import { setImmediate } from 'node:timers/promises';
import { accuraciesOf, answerTable } from './answer-tables.ts';
import { cutProfiles } from './cut-profiles.ts';
import { jointProgress } from './joint-progress.ts';
import type { PlacedModel } from './placed-models.ts';
import { sideBySide } from './side-by-side.ts';
import type { ActionTable } from '../../hardware/action-table.ts';
import type { ArchitectureSpec } from '../../hardware/architecture.ts';
import type { CalibrationMemory } from '../../numerics/calibration-memory.ts';
import { taskPolicies } from '../../scheduling/task/index.ts';
import type { AnswerTable } from '../../serving/answer-source.ts';
import type { ModelProfile } from '../../serving/profile.ts';

/** What the cuts of models take and answer; lists are by model. */
export interface MeasuredModels {
  readonly profiles: readonly ModelProfile[];
  /** Names of the stations that the profiles number. */
  readonly stations: readonly string[];
  readonly answers: readonly (AnswerTable | undefined)[];
  /** Of each cut. */
  readonly accuracies: readonly (readonly number[])[];
}

/** How models are measured. */
export interface MeasureRequest {
  /** Whether some policy that is to be played starts queries in batches: what they cost is measured then. */
  readonly batching: boolean;
  readonly seed: number;
  readonly workers: number;
  /** What earlier runs found; the result does not depend on it. */
  readonly memory?: CalibrationMemory | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((phase: string, done: number, total: number) => void) | undefined;
}

/** A chip to be measured. */
export interface MeasuredChip {
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
  /** Simulated ones, each with errors of its own. */
  readonly chips: number;
}

/**
 * Plays the cuts of all models on the machine, on this thread, and meanwhile asks the numerics, on threads of their own, what they
 * answer: neither needs the other.
 */
export async function measureModels(
  placed: readonly PlacedModel[],
  chip: MeasuredChip,
  request: MeasureRequest,
): Promise<MeasuredModels> {
  const asked = placed.filter(({ samples }) => samples !== undefined).length;
  const progress = jointProgress(placed.length + asked, (done, total) =>
    request.onProgress?.(asked > 0 ? 'time, energy and accuracy' : 'time and energy', done, total),
  );
  const [{ profiles, stations }, answers] = await sideBySide(
    (signal) => profilesOf(placed, chip, { ...request, signal }, progress),
    (signal) =>
      answersOf(placed, chip, { ...request, signal }, (part, ...done) =>
        progress(placed.length + part, ...done),
      ),
    request.signal,
  );
  const accuracies = placed.map((model, index) => {
    const table = answers[index];
    return table === undefined ? model.accuracies! : accuraciesOf(table, model.placed.schedules.length);
  });
  return { profiles, stations, answers, accuracies };
}

/** Tells how much of a part is done. */
type PartProgress = (part: number, done: number, total: number) => void;

async function profilesOf(
  placed: readonly PlacedModel[],
  { spec, table }: MeasuredChip,
  { batching, memory, signal }: MeasureRequest,
  progress: PartProgress,
): Promise<Pick<MeasuredModels, 'profiles' | 'stations'>> {
  const digital = placed.length;
  const stations = [
    ...placed.map(({ name }) => `crossbars of ${name}`),
    'digital cores',
    ...placed.map(({ name }) => `ports and links of ${name}`),
  ];
  const profiles: ModelProfile[] = [];
  for (const [index, { name, network, placed: cutsPlaced, region }] of placed.entries()) {
    const cuts = await cutProfiles({
      ...{ spec, table, taskPolicy: taskPolicies.parts[0]!, placed: cutsPlaced, besides: stations.length },
      stations: { analog: index, digital, ports: digital + 1 + index },
      ...{ region, batching, memory },
      inputs: network.inputs.map(({ sha256 }) => sha256),
      onPiece: async () => {
        await setImmediate();
        signal?.throwIfAborted();
      },
      onCut: (done, total) => progress(index, done, total),
    });
    progress(index, 1, 1);
    profiles.push({ name, cuts });
    stations.push(...cuts.map((cut) => `${cut.name} of ${name} beside its other cuts`));
  }
  return { profiles, stations };
}

async function answersOf(
  placed: readonly PlacedModel[],
  { spec, chips }: MeasuredChip,
  { seed, workers, memory, signal }: MeasureRequest,
  progress: PartProgress,
): Promise<readonly (AnswerTable | undefined)[]> {
  const answers: (AnswerTable | undefined)[] = [];
  let part = 0;
  for (const { network, lowered, samples, placed: cutsPlaced } of placed) {
    if (samples === undefined) {
      answers.push(undefined);
      continue;
    }
    const own = part++;
    answers.push(
      await answerTable({
        ...{ lowered, spec, cuts: cutsPlaced.schedules.map(({ partition }) => partition), samples, chips },
        inputs: [...network.inputs, ...samples.files].map(({ sha256 }) => sha256),
        ...{ seed, workers, memory, signal },
        onProgress: (done, total) => progress(own, done, total),
      }),
    );
    progress(own, 1, 1);
  }
  return answers;
}
