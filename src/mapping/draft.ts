import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { isConstant, type Layer } from '../network/network.ts';
import type { Lowering } from '../network/operator.ts';
import { networkInputStream, positionsAlong } from '../network/stream.ts';
import { type Block, cutIntoBlocks } from './blocks.ts';
import { activationOperands, type LoweredNetwork } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import type { DigitalProduct } from './schedule.ts';
import { vectorWork } from './vector-work.ts';

/** Bytes of an accumulator on its way from an analog core to the vector unit that scales it. */
const ACCUMULATOR_BYTES = 4;
/** Vector operations that turn an accumulator into an activation: scale and add the bias. */
const REQUANTIZE_OPERATIONS = 2;
/** Positions of a sequence that a digital task takes at once: enough to pay for loading the weights of a block. */
const SEQUENCE_TASK = 16;

/** A stage before anything is placed: what it computes, from what, in which pieces. */
export interface Draft {
  readonly kind: 'load' | 'analog' | 'digital';
  readonly layers: number[];
  readonly name: string;
  /** Layer whose inputs it reads, and how it streams. */
  readonly lowering: Lowering;
  /** Layer whose output it produces (moves on as element-wise layers are fused); -1 for raw accumulators. */
  value: number;
  readonly sources: DraftSource[];
  readonly blocks: readonly Block[];
  readonly product: DigitalProduct | undefined;
  /** Vector operations: in time, and in energy. */
  operations: number;
  charged: number;
  readonly positions: number;
  positionsPerTask: number;
  /** Positions along which a window slides. */
  readonly rowLength: number;
  readonly bytesPerPosition: number;
}

export interface DraftSource {
  readonly draft: number;
  readonly operand: number;
  /** Bytes of the whole operand. */
  readonly bytes: number;
  /** False when a reshape or transpose stands between: everything has to be there. */
  readonly streamed: boolean;
}

/** The stages that a partition asks for, in topological order, views dissolved and element-wise layers fused. */
export function draftStages(lowered: LoweredNetwork, partition: Partition, spec: ArchitectureSpec): Draft[] {
  const { network, lowerings } = lowered;
  const analog = new Set(partition.analog);
  const uses = countUses(lowered);
  const byteWidth = activationBytes(spec);
  const drafts: Draft[] = [loadDraft(lowered, byteWidth)];
  const producer = new Map<number, number>([[-1, 0]]);

  network.layers.forEach((layer, index) => {
    const lowering = lowerings[index]!;
    if (lowering.kind === 'view') return;
    const elements = elementCount(layer.outputShape);
    const sources = activationOperands(layer)
      .filter(({ operand }) => lowering.kind !== 'mvm' || operand === lowering.activation)
      .map(({ operand, from }) => sourceOf(operand, from, lowered, producer, byteWidth));
    if (lowering.kind === 'product') {
      for (const { operand, dims } of constantOperands(layer)) {
        const bytes = elementCount(dims) * byteWidth;
        drafts.push(cacheDraft(index, layer.name, bytes));
        sources.push({ draft: drafts.length - 1, operand, bytes, streamed: false });
      }
    }
    const rowLength = taskPositions(layer.outputShape, lowering.positions);
    const base = {
      layers: [index],
      name: layer.name,
      lowering,
      sources,
      positions: lowering.positions,
      rowLength,
      bytesPerPosition: (elements * byteWidth) / lowering.positions,
    };

    if (lowering.kind === 'mvm' && analog.has(index)) {
      const accumulatorBytes = (elements * ACCUMULATOR_BYTES) / lowering.positions;
      const blocks = cutIntoBlocks(lowering, spec);
      if (spec.tile.accumulators === 'vectorUnit') {
        const operations = REQUANTIZE_OPERATIONS * elements;
        const beside = { kind: 'analog' as const, value: index, blocks, product: undefined };
        drafts.push({ ...base, ...beside, operations, charged: operations, positionsPerTask: 1 });
        producer.set(index, drafts.length - 1);
        return;
      }
      drafts.push({
        ...base,
        kind: 'analog',
        value: -1,
        blocks,
        product: undefined,
        operations: 0,
        charged: 0,
        positionsPerTask: 1,
        bytesPerPosition: accumulatorBytes,
      });
      const accumulators: DraftSource = {
        draft: drafts.length - 1,
        operand: 0,
        bytes: elements * ACCUMULATOR_BYTES,
        streamed: true,
      };
      drafts.push({
        ...base,
        kind: 'digital',
        layers: [index],
        name: `${layer.name} scale`,
        lowering: {
          kind: 'vector',
          operations: 0,
          positions: lowering.positions,
          required: (_, position) => position,
          oldest: (_, position) => position,
        },
        value: index,
        sources: [accumulators],
        blocks: [],
        product: undefined,
        operations: REQUANTIZE_OPERATIONS * elements,
        charged: REQUANTIZE_OPERATIONS * elements,
        positionsPerTask: Math.min(rowLength, lowering.positions),
      });
      producer.set(index, drafts.length - 1);
      return;
    }

    const fused = fusionTarget(lowering, sources, drafts, uses, layer.inputs, lowered);
    if (fused !== undefined && lowering.kind === 'vector') {
      fused.layers.push(index);
      const work = vectorWork(layer, lowering.operations, spec.digitalCore);
      fused.operations += work.operations;
      fused.charged += work.charged;
      fused.value = index;
      producer.set(index, drafts.indexOf(fused));
      return;
    }

    drafts.push({
      ...base,
      kind: 'digital',
      value: index,
      blocks: [],
      product: productOf(lowering),
      ...(lowering.kind === 'vector'
        ? vectorWork(layer, lowering.operations, spec.digitalCore)
        : { operations: REQUANTIZE_OPERATIONS * elements, charged: REQUANTIZE_OPERATIONS * elements }),
      positionsPerTask: Math.min(rowLength, lowering.positions),
    });
    producer.set(index, drafts.length - 1);
  });
  return drafts;
}

// An element-wise layer with one operand joins the digital stage before it, unless others read that value too.
function fusionTarget(
  lowering: Lowering,
  sources: readonly DraftSource[],
  drafts: readonly Draft[],
  uses: ReadonlyMap<number, number>,
  inputs: readonly unknown[],
  lowered: LoweredNetwork,
): Draft | undefined {
  const source = sources[0];
  if (lowering.kind !== 'vector' || sources.length !== 1 || source === undefined) return undefined;
  const target = drafts[source.draft]!;
  const computes = target.kind === 'digital' || (target.kind === 'analog' && target.value >= 0);
  if (!computes || !source.streamed || target.positions !== lowering.positions) return undefined;
  if (inputs.find((input) => typeof input === 'number') !== target.value) return undefined;
  if ((uses.get(target.value) ?? 0) !== 1 || target.value === lowered.network.output) return undefined;
  for (let position = 0; position < lowering.positions; position++) {
    if (lowering.required(source.operand, position, lowering.positions) !== position) return undefined;
  }
  return target;
}

/** Until it is known what the weight memory holds. */
const RESIDENT = { streamedBytes: 0, streamedEachTask: false };

function productOf(lowering: Lowering): DigitalProduct | undefined {
  if (lowering.kind === 'mvm') {
    const { groups, rows, columns } = lowering;
    return {
      groups,
      rows,
      columns,
      vectorsPerPosition: 1,
      macsPerPosition: groups * rows * columns,
      constant: true,
      ...RESIDENT,
    };
  }
  if (lowering.kind === 'product') {
    const { batch, m, k, n, positions } = lowering;
    return {
      groups: batch,
      rows: k,
      columns: n,
      vectorsPerPosition: m / positions,
      macsPerPosition: (batch * m * k * n) / positions,
      constant: false,
      ...RESIDENT,
    };
  }
  return undefined;
}

function sourceOf(
  operand: number,
  from: number,
  lowered: LoweredNetwork,
  producer: ReadonlyMap<number, number>,
  byteWidth: number,
): DraftSource {
  let value = from;
  let streamed = true;
  while (value >= 0 && lowered.lowerings[value]!.kind === 'view') {
    const [next] = activationOperands(lowered.network.layers[value]!);
    const before = next!.from;
    if (positionsOf(before, lowered) !== lowered.lowerings[value]!.positions) streamed = false;
    value = before;
  }
  const shape = value < 0 ? lowered.network.input.shape : lowered.network.layers[value]!.outputShape;
  return { draft: producer.get(value)!, operand, bytes: elementCount(shape) * byteWidth, streamed };
}

/** Stream positions of a layer's output, or of the network's input (-1). */
export function positionsOf(value: number, lowered: LoweredNetwork): number {
  if (value >= 0) return lowered.lowerings[value]!.positions;
  const shape = lowered.network.input.shape;
  return positionsAlong(shape, networkInputStream(shape));
}

/** The layer (or -1) whose numbers a value shows once views are looked through. */
export function originOf(value: number, lowered: LoweredNetwork): number {
  let origin = value;
  while (origin >= 0 && lowered.lowerings[origin]!.kind === 'view') {
    origin = activationOperands(lowered.network.layers[origin]!)[0]!.from;
  }
  return origin;
}

// Uses of a value by layers that do work; a view passes on the uses of what it shows.
function countUses(lowered: LoweredNetwork): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  lowered.network.layers.forEach((layer, index) => {
    if (lowered.lowerings[index]!.kind === 'view') return;
    for (const { from } of activationOperands(layer)) {
      const origin = originOf(from, lowered);
      uses.set(origin, (uses.get(origin) ?? 0) + 1);
    }
  });
  return uses;
}

// Positions that a digital task takes at once: a row of a map, a few tokens of a sequence.
function taskPositions(shape: readonly number[], positions: number): number {
  const [, , height, width] = shape;
  return shape.length === 4 && height! * width! === positions ? width! : SEQUENCE_TASK;
}

function loadDraft(lowered: LoweredNetwork, byteWidth: number): Draft {
  const shape = lowered.network.input.shape;
  const positions = positionsOf(-1, lowered);
  return {
    kind: 'load',
    layers: [],
    name: 'input',
    lowering: { kind: 'vector', operations: 0, positions, required: (_, position) => position },
    value: -1,
    sources: [],
    blocks: [],
    product: undefined,
    operations: 0,
    charged: 0,
    positions,
    positionsPerTask: Math.min(taskPositions(shape, positions), positions),
    rowLength: positions,
    bytesPerPosition: (elementCount(shape) * byteWidth) / positions,
  };
}

/**
 * Constant matrices of a product, such as the keys of earlier tokens: they lie in memory and are read for every
 * inference, at once, so that what layers need first comes first.
 */
function cacheDraft(layer: number, name: string, bytes: number): Draft {
  return {
    kind: 'load',
    layers: [layer],
    name: `${name} cache`,
    lowering: { kind: 'vector', operations: 0, positions: 1, required: () => 0 },
    value: -1,
    sources: [],
    blocks: [],
    product: undefined,
    operations: 0,
    charged: 0,
    positions: 1,
    positionsPerTask: 1,
    rowLength: 1,
    bytesPerPosition: bytes,
  };
}

function constantOperands(layer: Layer): readonly { operand: number; dims: readonly number[] }[] {
  return layer.inputs.flatMap((input, operand) => (isConstant(input) ? [{ operand, dims: input.dims }] : []));
}

function activationBytes(spec: ArchitectureSpec): number {
  return Math.ceil(spec.encoding.inputBits / 8);
}
