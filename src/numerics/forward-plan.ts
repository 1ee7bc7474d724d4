import { elementCount } from '../base/tensor.ts';
import { activationOperands, type LoweredNetwork } from '../mapping/lowered-network.ts';
import type { PlacedTransition } from '../mapping/transitions.ts';
import { NETWORK_INPUT } from '../network/network.ts';

/**
 * How an MVM layer is computed: in float32, with the integers of a digital core, with those of the crossbars but
 * without their slices (nothing is lost there), or slice by slice on crossbars.
 */
export type MvmMode = 'float' | 'digital' | 'collapsed' | 'analog';

/** One evaluation of the network: the mode of each MVM layer and product, and the chip of its analog layers. */
export interface Path {
  /** Everything in float32: the baseline. */
  readonly float: boolean;
  mode(layer: number): MvmMode;
  /** The chip that an analog layer runs on; paths that name the same one share the value. */
  chip(layer: number): number;
  /** Affine layer between crossbars and digital cores. */
  readonly transition?: PlacedTransition | undefined;
}

/** A value to compute, once for all the paths that need it. */
export interface ForwardNode {
  readonly kind: 'input' | 'mvm' | 'product' | 'vector' | 'transition';
  readonly layer: number;
  readonly mode: MvmMode;
  readonly chip: number;
  /** Nodes of the layer's operands; -1 for constants. */
  readonly inputs: readonly number[];
  /** Float32 elements for each inference, and where they start in a region of `ForwardPlan.elements` of them. */
  readonly elements: number;
  readonly offset: number;
  /** Of a transition: its numbers, and whether a ReLU that has no value of its own comes before it. */
  readonly transition?: { readonly affine: PlacedTransition; readonly rectified: boolean } | undefined;
  /** Paths whose answer this is. */
  readonly answers: readonly number[];
}

/** Values in the order of their computation, laid out so that memory is reused after the last use. */
export interface ForwardPlan {
  readonly nodes: readonly ForwardNode[];
  /** Float32 elements of activations for each inference. */
  readonly elements: number;
}

/**
 * Evaluates many paths of one network as a graph of distinct values: a value is determined by its layer, its mode,
 * its chip and the values of its operands, so that all prefix cuts share their analog part, and what is digital
 * throughout is computed once for all chips. Path by path, layer by layer: a path's own values die young.
 */
export function planForward(lowered: LoweredNetwork, paths: readonly Path[]): ForwardPlan {
  const { network, lowerings } = lowered;
  const needed = neededLayers(lowered);
  const clipped = clippedLayers(lowered);
  const known = new Map<string, number>();
  const drafts: Draft[] = [];
  const add = (key: string, draft: Draft) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, drafts.length);
    return drafts.push(draft) - 1;
  };

  const transitions: PlacedTransition[] = [];
  const numberOf = (transition: PlacedTransition) => {
    const known = transitions.indexOf(transition);
    return known < 0 ? transitions.push(transition) - 1 : known;
  };

  const inputElements = elementCount(network.input.shape);
  const nothing = { layer: NETWORK_INPUT, mode: 'float', chip: 0, inputs: [], answers: [] } as const;
  const input = add('input', { ...nothing, kind: 'input', elements: inputElements, answers: [] });

  paths.forEach((path, answer) => {
    const nodeOf = new Map([[NETWORK_INPUT, input]]);
    network.layers.forEach((layer, index) => {
      if (!needed.has(index)) return;
      const lowering = lowerings[index]!;
      const operands = layer.inputs.map((operand) =>
        typeof operand === 'number' ? nodeOf.get(operand)! : -1,
      );
      const elements = elementCount(layer.outputShape);
      if (lowering.kind === 'view' || (clipped.has(index) && !path.float)) {
        const [source] = activationOperands(layer);
        const node = source === undefined ? undefined : nodeOf.get(source.from);
        if (node !== undefined && drafts[node]!.elements === elements) {
          nodeOf.set(index, node);
          return;
        }
      }
      const kind = lowering.kind === 'view' ? 'vector' : lowering.kind;
      let mode: MvmMode = 'float';
      if (kind === 'mvm') mode = path.mode(index);
      else if (kind === 'product' && !path.float) mode = 'digital';
      const chip = mode === 'analog' ? path.chip(index) : 0;
      const { transition } = path;
      if (lowering.kind === 'mvm' && transition?.readers.includes(index)) {
        const source = operands[lowering.activation]!;
        const rectified = clipped.has(transition.from);
        operands[lowering.activation] = add(`transition ${numberOf(transition)} ${source}`, {
          ...{ kind: 'transition', layer: index, mode: 'float', chip: 0, inputs: [source] },
          elements: elementCount(network.layers[transition.from]!.outputShape),
          transition: { affine: transition, rectified },
          answers: [],
        });
      }
      const key = [index, mode, chip, ...operands].join();
      nodeOf.set(
        index,
        add(key, { kind, layer: index, mode, chip, inputs: operands, elements, answers: [] }),
      );
    });
    drafts[nodeOf.get(network.output)!]!.answers.push(answer);
  });
  return layOut(drafts);
}

type Draft = Omit<ForwardNode, 'offset' | 'answers'> & { readonly answers: number[] };

function neededLayers(lowered: LoweredNetwork): ReadonlySet<number> {
  const { layers, output } = lowered.network;
  const needed = new Set([output]);
  for (let index = output; index >= 0; index--) {
    if (!needed.has(index)) continue;
    for (const { from } of activationOperands(layers[index]!)) needed.add(from);
  }
  return needed;
}

/**
 * ReLUs that only MVM layers read. Quantized, those need no value of their own: the grid of what cannot be negative
 * begins at 0, so that rounding the operand to it clips the negative numbers just so.
 */
function clippedLayers({ network, lowerings }: LoweredNetwork): ReadonlySet<number> {
  const clipped = new Set<number>();
  network.layers.forEach(({ operator }, index) => {
    if (operator === 'relu' && index !== network.output) clipped.add(index);
  });
  network.layers.forEach((layer, index) => {
    const lowering = lowerings[index]!;
    for (const { operand, from } of activationOperands(layer)) {
      if (lowering.kind !== 'mvm' || operand !== lowering.activation) clipped.delete(from);
    }
  });
  return clipped;
}

/** First fit among the holes that dead values leave. */
function layOut(drafts: readonly Draft[]): ForwardPlan {
  const lastUse = drafts.map((_, index) => index);
  drafts.forEach((draft, index) => {
    for (const input of draft.inputs) if (input >= 0) lastUse[input] = index;
  });
  const dying = drafts.map((): number[] => []);
  lastUse.forEach((at, index) => {
    dying[at]!.push(index);
  });

  const offsets: number[] = [];
  let holes: Hole[] = [];
  let end = 0;
  drafts.forEach((draft, index) => {
    const size = aligned(draft.elements);
    const hole = holes.find((candidate) => candidate.size >= size);
    offsets.push(hole?.start ?? end);
    if (hole === undefined) end += size;
    else {
      hole.start += size;
      hole.size -= size;
    }
    // Only now: a value must not overwrite its operands.
    for (const dead of dying[index]!)
      holes.push({ start: offsets[dead]!, size: aligned(drafts[dead]!.elements) });
    holes = merged(holes);
  });
  return { nodes: drafts.map((draft, index) => ({ ...draft, offset: offsets[index]! })), elements: end };
}

function merged(holes: readonly Hole[]): Hole[] {
  const result: Hole[] = [];
  for (const hole of [...holes].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && last.start + last.size === hole.start) last.size += hole.size;
    else if (hole.size > 0) result.push(hole);
  }
  return result;
}

interface Hole {
  start: number;
  size: number;
}

function aligned(elements: number): number {
  return Math.ceil(elements / 16) * 16;
}
