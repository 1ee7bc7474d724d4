import { isConstant, type Layer, type Network } from '../network/network.ts';
import type { Lowering, MvmLowering } from '../network/operator.ts';
import { operators } from '../network/operators/index.ts';
import { signedOutputs } from '../network/signs.ts';
import type { Candidate } from './partition/partition.ts';
import { type PlacedTransition, placeTransitions } from './transitions.ts';

/** A network with the hardware's view of every layer, worked out once and shared by all schedules. */
export interface LoweredNetwork {
  readonly network: Network;
  readonly lowerings: readonly Lowering[];
  /** Layers with constant weights, in topological order: those a partition may put on crossbars. */
  readonly candidates: readonly Candidate[];
  /** Whether each layer's output may be negative. */
  readonly signed: readonly boolean[];
  readonly inputSigned: boolean;
  /** By the name of the partition that has one. */
  readonly transitions: ReadonlyMap<string, PlacedTransition>;
}

/** Lowers every layer of a network. `inputSigned`: whether its input can be negative after preprocessing. */
export function lowerNetwork(network: Network, inputSigned: boolean): LoweredNetwork {
  const lowerings = network.layers.map((layer) => operators.get(layer.operator).lower(layer));
  const candidates: Candidate[] = [];
  network.layers.forEach((layer, index) => {
    const lowering = lowerings[index]!;
    if (lowering.kind === 'mvm') candidates.push({ layer: index, name: layer.name, macs: mvmMacs(lowering) });
  });
  const transitions = placeTransitions(network, lowerings, candidates);
  return {
    ...{ network, lowerings, candidates, inputSigned, transitions },
    signed: signedOutputs(network, inputSigned),
  };
}

/** Multiply-accumulates of an MVM layer in one inference. */
export function mvmMacs(lowering: MvmLowering): number {
  return lowering.positions * lowering.groups * lowering.rows * lowering.columns;
}

/** Multiply-accumulates of one inference: constant weights and products of activations. */
export function networkMacs(lowered: LoweredNetwork): number {
  let macs = 0;
  for (const lowering of lowered.lowerings) {
    if (lowering.kind === 'mvm') macs += mvmMacs(lowering);
    if (lowering.kind === 'product') macs += lowering.batch * lowering.m * lowering.k * lowering.n;
  }
  return macs;
}

/** Layer indices (or -1 for the network's input) of the operands that are not constant, with operand numbers. */
export function activationOperands(layer: Layer): readonly { operand: number; from: number }[] {
  const found: { operand: number; from: number }[] = [];
  layer.inputs.forEach((input, operand) => {
    if (!isConstant(input)) found.push({ operand, from: input });
  });
  return found;
}

/** Whether the activation of an MVM layer may be negative: its inputs then carry a sign on the word lines. */
export function mvmInputSigned(lowered: LoweredNetwork, layer: number): boolean {
  const lowering = lowered.lowerings[layer];
  if (lowering?.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const operand = lowered.network.layers[layer]!.inputs[lowering.activation];
  if (typeof operand !== 'number') throw new Error(`layer ${layer} multiplies two constants`);
  return operand < 0 ? lowered.inputSigned : lowered.signed[operand]!;
}
