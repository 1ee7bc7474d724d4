import { elementCount } from '../base/tensor.ts';
import type { Streaming } from '../network/operator.ts';
import type { Draft, DraftSource } from './draft.ts';
import type { LoweredNetwork } from './lowered-network.ts';
import type { Source } from './schedule.ts';
import { inputWindows } from './windows.ts';

/** What each task of a stage waits for, fetches and is the last to need, of one of its operands. */
export function finishSource(
  source: DraftSource,
  draft: Draft,
  tasks: number,
  copies: number,
  drafts: readonly Draft[],
  lowered: LoweredNetwork,
): Source {
  const { lowering } = draft;
  const producerPositions = drafts[source.draft]!.positions;
  const required = new Int32Array(tasks);
  const released = new Int32Array(tasks);
  const bytes = new Float64Array(tasks);
  const fetched = fetches(source, draft, copies, lowered);
  for (let task = 0; task < tasks; task++) {
    const from = task * draft.positionsPerTask;
    const to = Math.min(from + draft.positionsPerTask, draft.positions);
    required[task] = source.streamed
      ? lastRequired(lowering, source.operand, to - 1, producerPositions) + 1
      : producerPositions;
    released[task] =
      to === draft.positions
        ? producerPositions
        : source.streamed
          ? Math.min(lowering.oldest?.(source.operand, to, producerPositions) ?? 0, required[task]!)
          : 0;
    bytes[task] = fetched(from, to);
  }
  return { stage: source.draft, required, released, bytes };
}

/** Outputs of a row that a copy of a layer computes one after the other. */
export function segmentLength({ rowLength }: Pick<Draft, 'rowLength'>, copies: number): number {
  return Math.ceil(rowLength / Math.min(copies, rowLength));
}

/** Bytes that the positions from … to − 1 of a stage fetch. */
function fetches(
  source: DraftSource,
  draft: Draft,
  copies: number,
  lowered: LoweredNetwork,
): (from: number, to: number) => number {
  const { lowering } = draft;
  if (lowering.kind !== 'mvm') return (from, to) => (source.bytes * (to - from)) / draft.positions;
  const windows = inputWindows(lowering);
  const elements = elementCount(lowered.network.layers[draft.layers[0]!]!.inputShapes[source.operand]!);
  const perElement = source.bytes / elements;
  if (draft.kind !== 'analog') return (from, to) => windows.distinct(from, to) * perElement;
  // Each copy slides over a segment of a row of outputs: only at its start does it fetch a whole window.
  const segment = segmentLength(draft, copies);
  return (from) => {
    const starts = (from % draft.rowLength) % segment === 0;
    return (starts ? windows.distinct(from, from + 1) : windows.fresh(from, draft.rowLength)) * perElement;
  };
}

function lastRequired(
  streaming: Streaming,
  operand: number,
  position: number,
  producerPositions: number,
): number {
  return Math.min(streaming.required(operand, position, producerPositions), producerPositions - 1);
}
