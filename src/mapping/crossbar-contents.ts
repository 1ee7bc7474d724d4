import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { type EncodingSpec, extraColumns, weightSliceBits } from '../hardware/encoding.ts';
import type { Block } from './blocks.ts';
import type { AnalogStage, Schedule } from './schedule.ts';

/** What writing a block takes: word lines, one after the other, cells, and bytes of weights that are read from memory. */
export interface BlockWork {
  readonly rows: number;
  readonly cells: number;
  readonly bytes: number;
}

/** The same block of weights on all crossbars that are to hold a copy of it: read once, written on each. */
export interface BlockWrites extends BlockWork {
  readonly crossbars: readonly number[];
}

/** What is to be written of each of several layers. */
export type LayerWrites = readonly BlockWrites[];

/** What one crossbar holds: which block of which layer, and what writing it takes. */
interface Content extends BlockWork {
  readonly layer: number;
  readonly block: string;
}

/** By crossbar number. */
export type CrossbarContents = ReadonlyMap<number, Content>;

/**
 * Word lines, cells and bytes of a block of weights. Memory keeps a weight in `encoding.weightBits`, packed, and one value
 * for the bias of a column; the second cell of a pair, slices and unit columns follow from them (assumption).
 */
export function writesOf(block: Block, { encoding }: ArchitectureSpec): BlockWork {
  return workOf(block, cellsPerWeight(encoding), encoding);
}

/** All blocks of a layer, on all of its copies. */
export function layerWrites({ blocks, replicas }: AnalogStage, spec: ArchitectureSpec): LayerWrites {
  const perWeight = cellsPerWeight(spec.encoding);
  return blocks.map((block, index) => {
    const { rows, cells, bytes } = workOf(block, perWeight, spec.encoding);
    return { rows, cells, bytes, crossbars: replicas.map(({ crossbars }) => crossbars[index]!) };
  });
}

function cellsPerWeight(encoding: EncodingSpec): number {
  return weightSliceBits(encoding).length * (encoding.scheme === 'differential' ? 2 : 1);
}

function workOf(
  { groups, rows, columns, biasRows }: Block,
  perWeight: number,
  encoding: EncodingSpec,
): BlockWork {
  const stored = groups * columns * (rows + Math.min(1, biasRows));
  return {
    rows: groups * rows + biasRows,
    cells: groups * (rows + biasRows) * (columns + extraColumns(encoding)) * perWeight,
    bytes: (stored * encoding.weightBits) / 8,
  };
}

/** What the crossbars of a schedule hold. */
export function contentsOf({ stages }: Schedule, spec: ArchitectureSpec): CrossbarContents {
  const contents = new Map<number, Content>();
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    stage.blocks.forEach((block, index) => {
      const layer = stage.layers[0]!;
      const content = { layer, block: `${layer}:${index}`, ...writesOf(block, spec) };
      for (const { crossbars } of stage.replicas) contents.set(crossbars[index]!, content);
    });
  }
  return contents;
}

/** What is to be written, layer by layer, for crossbars to hold what is wanted; what `holds` says they hold already stays. */
export function missingWrites(
  wanted: CrossbarContents,
  holds: (crossbar: number, block: string) => boolean,
): readonly LayerWrites[] {
  const layers = new Map<number, Map<string, BlockWork & { crossbars: number[] }>>();
  for (const [crossbar, { layer, block, rows, cells, bytes }] of wanted) {
    if (holds(crossbar, block)) continue;
    const blocks = layers.get(layer) ?? new Map<string, BlockWork & { crossbars: number[] }>();
    layers.set(layer, blocks);
    const writes = blocks.get(block) ?? { rows, cells, bytes, crossbars: [] };
    blocks.set(block, writes);
    writes.crossbars.push(crossbar);
  }
  return [...layers].sort(([a], [b]) => a - b).map(([, blocks]) => [...blocks.values()]);
}
