import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import type { Stage } from './schedule.ts';

/**
 * Positions that a stage's buffers should hold so that neither it nor its readers wait: two turns, for every stage on the
 * longest way to a reader. A turn is what it makes, or what a reader lets go of, at once.
 */
export interface BufferTurns {
  /** At once: by all copies of a layer on crossbars, or by one task of others; of two inferences at most. */
  readonly ofCopies: readonly number[];
  /**
   * At once: by all that may compute its tasks, or those of a reader; a digital task may go to any digital core of the chip.
   * Only of a stage of one position, which has one task an inference, so that units are at work on as many inferences. In
   * others the units share an inference; that they run on ahead only fills buffers.
   */
  readonly ofUnits: readonly number[];
}

export function bufferTurns(
  stages: readonly Stage[],
  least: ArrayLike<number>,
  spec: ArchitectureSpec,
): BufferTurns {
  const levels = levelsOf(stages);
  const cores = tileCount(spec) * spec.tile.digitalCores;
  const units = stages.map((stage) => {
    if (stage.kind === 'analog') return stage.replicas.length;
    return stage.kind === 'digital' ? cores : 1;
  });
  const [ofCopies, ofUnits]: [number[], number[]] = [[], []];
  for (const stage of stages) {
    const { index, positions, positionsPerTask } = stage;
    const copies = stage.kind === 'analog' ? stage.replicas.length : 1;
    let distance = 1;
    let [copiesTurn, unitsTurn] = [positionsPerTask * copies, units[index]!];
    for (const reader of stages) {
      for (const source of reader.sources) {
        if (source.stage !== index) continue;
        distance = Math.max(distance, levels[reader.index]! - levels[index]!);
        copiesTurn = Math.max(copiesTurn, largestStep(source.released));
        unitsTurn = Math.max(unitsTurn, units[reader.index]!);
      }
    }
    const two = least[index]! + 2 * distance * copiesTurn;
    ofCopies.push(Math.max(least[index]!, Math.min(two, 2 * positions)));
    ofUnits.push(positions > 1 ? ofCopies[index]! : least[index]! + 2 * distance * unitsTurn);
  }
  return { ofCopies, ofUnits };
}

/** Longest way from a stage without inputs. */
function levelsOf(stages: readonly Stage[]): readonly number[] {
  const levels: number[] = [];
  for (const stage of stages) {
    levels.push(stage.sources.reduce((level, source) => Math.max(level, levels[source.stage]! + 1), 0));
  }
  return levels;
}

/** Most positions that a task lets go of. */
function largestStep(released: Int32Array): number {
  let step = released[0]!;
  for (let task = 1; task < released.length; task++) {
    step = Math.max(step, released[task]! - released[task - 1]!);
  }
  return step;
}
