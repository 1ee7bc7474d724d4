import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { isConstant, type Layer } from '../network/network.ts';
import type { Lowering, MvmLowering } from '../network/operator.ts';
import { type Block, cutIntoBlocks } from './blocks.ts';
import { type Draft, type DraftSource, originOf, positionsOf, taskPositions } from './draft.ts';
import { cacheDraft, loadDraft } from './load-drafts.ts';
import { activationOperands, type LoweredNetwork } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { countPieces, inPieces, inputShare, outputsOf } from './pieces.ts';
import type { DigitalProduct } from './schedule.ts';
import type { PlacedTransition } from './transitions.ts';
import { vectorWork } from './vector-work.ts';

/** Bytes of an accumulator on its way from an analog core to the vector unit that scales it. */
const ACCUMULATOR_BYTES = 4;
/** Vector operations of a transition for each number that passes it: scale and add. */
const TRANSITION_OPERATIONS = 2;
/** Vector operations that turn an accumulator into an activation: scale and add the bias. */
const REQUANTIZE_OPERATIONS = 2;

/**
 * The stages that a partition asks for, in topological order, views dissolved and element-wise layers fused. A layer of more
 * than `room` blocks comes in pieces, whose sums a digital core adds and scales.
 */
export function draftStages(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
  room: number,
): Draft[] {
  const { network, lowerings } = lowered;
  const analog = new Set(partition.analog);
  const uses = countUses(lowered);
  const byteWidth = activationBytes(spec);
  const drafts: Draft[] = [loadDraft(lowered, byteWidth)];
  const producer = new Map<number, number>([[-1, 0]]);
  const transition = lowered.transitions.get(partition.name);
  let turns = 0;

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
      const blocks = cutIntoBlocks(lowering, spec);
      const pieces = inPieces(blocks, room);
      const operations = REQUANTIZE_OPERATIONS * elements;
      if (pieces.length > 1) turns = countPieces(turns, pieces.length, layer.name, room);
      else if (spec.tile.accumulators === 'vectorUnit') {
        const beside = { kind: 'analog' as const, value: index, blocks, product: undefined };
        drafts.push({ ...base, ...beside, operations, charged: operations, positionsPerTask: 1 });
        producer.set(index, drafts.length - 1);
        return;
      }
      const sums = pieces.map((piece, number) => {
        drafts.push(
          sumsDraft(base, lowering, piece, pieces.length === 1 ? '' : ` ${number + 1}/${pieces.length}`),
        );
        return sumsOf(drafts.length - 1, drafts.at(-1)!);
      });
      // Partial sums of pieces that share outputs are added first.
      const additions = pieces.reduce((sum, piece) => sum + outputsOf(piece), -outputsOf(blocks));
      const work = operations + additions * lowering.positions;
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
        sources: sums,
        blocks: [],
        product: undefined,
        operations: work,
        charged: work,
        positionsPerTask: pieceOfRow(base),
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
        : chargedWhole(REQUANTIZE_OPERATIONS * elements + transitionWork(index, transition, lowered))),
      positionsPerTask:
        lowering.kind === 'vector' ? pieceOfRow(base) : Math.min(rowLength, lowering.positions),
    });
    producer.set(index, drafts.length - 1);
  });
  return drafts;
}

/**
 * Positions that a task of vector work takes at once: a row, or an equal part of one that would be long. Matrix products take rows,
 * as they would load their weights for each part.
 */
function pieceOfRow({
  positions,
  rowLength,
  bytesPerPosition,
}: Pick<Draft, 'positions' | 'rowLength' | 'bytesPerPosition'>): number {
  const row = Math.min(rowLength, positions);
  const pieces = Math.min(row, Math.ceil((row * bytesPerPosition) / LONGEST_PIECE));
  return Math.ceil(row / pieces);
}

/**
 * Bytes that a task of vector work makes at most, a position at least: whole rows of a large map fill buffers and hold up what is
 * pipelined behind them (24 inferences of ResNet-50 on ISAAC: 4.8 ms between answers; 1.3 with 8 KiB, 1.0 with 4, 1.4 with 2).
 */
const LONGEST_PIECE = 4096;

function chargedWhole(operations: number): Pick<Draft, 'operations' | 'charged'> {
  return { operations, charged: operations };
}

/** Operations of a transition before a digital MVM layer: its first reader passes the value on to the others. */
function transitionWork(
  layer: number,
  transition: PlacedTransition | undefined,
  { network }: LoweredNetwork,
): number {
  if (transition?.readers[0] !== layer) return 0;
  return TRANSITION_OPERATIONS * elementCount(network.layers[transition.from]!.outputShape);
}

// MVMs on some of the blocks of a layer, which leave raw sums.
function sumsDraft(
  base: Pick<Draft, 'layers' | 'name' | 'sources' | 'positions' | 'rowLength'>,
  lowering: MvmLowering,
  blocks: readonly Block[],
  suffix: string,
): Draft {
  const share = inputShare(blocks, lowering);
  return {
    ...base,
    kind: 'analog',
    name: base.name + suffix,
    lowering,
    sources: base.sources.map((source) => ({ ...source, bytes: source.bytes * share })),
    value: -1,
    blocks,
    product: undefined,
    operations: 0,
    charged: 0,
    positionsPerTask: 1,
    bytesPerPosition: outputsOf(blocks) * ACCUMULATOR_BYTES,
  };
}

function sumsOf(index: number, { bytesPerPosition, positions }: Draft): DraftSource {
  return { draft: index, operand: 0, bytes: bytesPerPosition * positions, streamed: true };
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

function constantOperands(layer: Layer): readonly { operand: number; dims: readonly number[] }[] {
  return layer.inputs.flatMap((input, operand) => (isConstant(input) ? [{ operand, dims: input.dims }] : []));
}

function activationBytes(spec: ArchitectureSpec): number {
  return Math.ceil(spec.encoding.inputBits / 8);
}
