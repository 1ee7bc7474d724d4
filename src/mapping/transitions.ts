import { Fault } from '../base/fault.ts';
import type { Network } from '../network/network.ts';
import type { Lowering } from '../network/operator.ts';
import type { Transition } from '../network/transition.ts';
import { partitionFrom } from './partition/index.ts';
import type { Candidate } from './partition/partition.ts';

/** A transition at its place in the network. */
export interface PlacedTransition {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
  /** Value that passes through it, and the digital MVM layers that read it from there. */
  readonly from: number;
  readonly readers: readonly number[];
  /** Consecutive elements of the value that share a channel. */
  readonly run: number;
}

/**
 * The transitions of a network by the partition that they belong to: each stands before the digital MVM layers whose input comes
 * from crossbars through element-wise and reducing layers alone. A Fault when there is none, when such layers read different values, or
 * when the channels of the value (of [1, channels, rows, columns], else the last axis) are not as many as its numbers.
 */
export function placeTransitions(
  network: Network,
  lowerings: readonly Lowering[],
  candidates: readonly Candidate[],
): ReadonlyMap<string, PlacedTransition> {
  const placed = new Map<string, PlacedTransition>();
  for (const [name, transition] of network.transitions ?? []) {
    placed.set(name, placeOne(name, transition, network, lowerings, candidates));
  }
  return placed;
}

function placeOne(
  name: string,
  { scale, offset, place }: Transition,
  { layers }: Network,
  lowerings: readonly Lowering[],
  candidates: readonly Candidate[],
): PlacedTransition {
  const analog = new Set(namedPartition(name, candidates, place));
  const crosses = (value: number): boolean => {
    if (value < 0) return false;
    const { kind } = lowerings[value]!;
    if (kind === 'mvm') return analog.has(value);
    return (
      kind !== 'product' && layers[value]!.inputs.some((input) => typeof input === 'number' && crosses(input))
    );
  };
  const operandOf = (layer: number) => {
    const lowering = lowerings[layer]!;
    return lowering.kind === 'mvm' ? (layers[layer]!.inputs[lowering.activation] as number) : -1;
  };
  const readers = candidates
    .map(({ layer }) => layer)
    .filter((layer) => !analog.has(layer) && crosses(operandOf(layer)));
  if (readers.length === 0) {
    throw new Fault(`schedule ${name} has no layer on digital cores that reads from crossbars`, {
      cure: 'leave its transition out',
      place,
    });
  }
  const from = operandOf(readers[0]!);
  const other = readers.find((layer) => operandOf(layer) !== from);
  if (other !== undefined) {
    const [one, two] = [layers[readers[0]!]!.name, layers[other]!.name];
    throw new Fault(`in schedule ${name}, ${one} and ${two} read different values from crossbars`, {
      cure: 'one transition serves one value: choose another cut',
      place,
    });
  }
  const shape = layers[from]!.outputShape;
  const axis = shape.length === 4 ? 1 : shape.length - 1;
  const channels = shape[axis] ?? 1;
  if (scale.length !== channels || offset.length !== channels) {
    throw new Fault(
      `the transition of ${name} has ${scale.length} scales and ${offset.length} offsets, ${layers[from]!.name} has ${channels} channels`,
      { cure: 'give one of each a channel', place },
    );
  }
  const run = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  return { scale, offset, from, readers, run };
}

function namedPartition(
  name: string,
  candidates: readonly Candidate[],
  place: Transition['place'],
): readonly number[] {
  try {
    return partitionFrom(name, candidates).analog;
  } catch (error) {
    throw error instanceof Fault && place !== undefined ? error.at(place) : error;
  }
}
