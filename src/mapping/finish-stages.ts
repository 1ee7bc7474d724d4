import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { inputSliceBits } from '../hardware/encoding.ts';
import { digitalTaskCycles, weightWidth } from './digital-work.ts';
import type { Draft } from './draft.ts';
import { besideInputs, homesOfCopies, spreadInput } from './homes.ts';
import { type LoweredNetwork, mvmInputSigned } from './lowered-network.ts';
import type {
  AnalogStage,
  DigitalProduct,
  DigitalStage,
  LoadStage,
  Replica,
  Source,
  Stage,
} from './schedule.ts';
import { finishSource, segmentLength } from './sources.ts';

/** Copies of an analog layer, and the part of the network that it belongs to. */
export interface Placed {
  readonly copies: readonly Replica[];
  readonly part: number;
}

/** Makes stages of drafts, again and again for other copies of the analog ones. */
export class StageFinisher {
  readonly #drafts: readonly Draft[];
  readonly #lowered: LoweredNetwork;
  readonly #spec: ArchitectureSpec;
  /** By draft, source and segment: numbers of copies differ in nothing else for a source. */
  readonly #sources = new Map<string, Source>();

  constructor(drafts: readonly Draft[], lowered: LoweredNetwork, spec: ArchitectureSpec) {
    this.#drafts = drafts;
    this.#lowered = lowered;
    this.#spec = spec;
  }

  /** All stages, those of analog drafts where they are placed (by number of the draft); their buffers are still endless. */
  stages(placed: ReadonlyMap<number, Placed>): readonly Stage[] {
    const stages: Stage[] = [];
    this.#drafts.forEach((draft, index) =>
      stages.push(this.#finish(draft, index, placed.get(index), stages)),
    );
    spreadInput(stages);
    return loadsBesideReaders(stages);
  }

  #finish(draft: Draft, index: number, placed: Placed | undefined, before: readonly Stage[]): Stage {
    const tasks = Math.ceil(draft.positions / draft.positionsPerTask);
    const copies = placed?.copies;
    const sources = draft.sources.map((_, source) => this.#source(index, source, tasks, copies?.length ?? 1));
    const base = {
      index,
      name: draft.name,
      layers: draft.layers,
      positions: draft.positions,
      positionsPerTask: draft.positionsPerTask,
      tasks,
      sources,
      outputBytesPerPosition: draft.bytesPerPosition,
      homes:
        copies === undefined
          ? besideInputs(tasks, sources, before)
          : homesOfCopies(tasks, copies, this.#spec),
      part: placed?.part ?? sources.reduce((part, source) => Math.max(part, before[source.stage]!.part), 0),
      capacity: draft.positions,
    };
    if (draft.kind === 'load') {
      const stage: LoadStage = { ...base, kind: 'load' };
      return stage;
    }
    if (draft.kind === 'digital') {
      const stage: DigitalStage = {
        ...base,
        kind: 'digital',
        product: streamedWeights(draft.product, this.#drafts, this.#spec),
        operationsPerPosition: draft.operations / draft.positions,
        chargedPerPosition: draft.charged / draft.positions,
      };
      return stage;
    }
    const weights = draft.blocks.reduce((sum, { groups, rows, columns }) => sum + groups * rows * columns, 0);
    const stage: AnalogStage = {
      ...base,
      kind: 'analog',
      blocks: draft.blocks,
      replicas: copies!,
      inputSlices: slicesOf(draft, this.#lowered, this.#spec),
      macsPerPosition: weights,
      operationsPerPosition: draft.operations / draft.positions,
      chargedPerPosition: draft.charged / draft.positions,
    };
    return stage;
  }

  #source(index: number, source: number, tasks: number, copies: number): Source {
    const draft = this.#drafts[index]!;
    const key = `${index} ${source} ${segmentLength(draft, copies)}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const made = finishSource(draft.sources[source]!, draft, tasks, copies, this.#drafts, this.#lowered);
    this.#sources.set(key, made);
    return made;
  }
}

/** Input slices of an MVM of an analog layer. */
export function slicesOf(draft: Draft, lowered: LoweredNetwork, spec: ArchitectureSpec): number {
  return inputSliceBits(spec.encoding, mvmInputSigned(lowered, draft.layers[0]!)).length;
}

/** s of digital work per inference, spread over all cores. */
export function digitalTime(drafts: readonly Draft[], spec: ArchitectureSpec): number {
  const core = spec.digitalCore;
  if (core === undefined) return 0;
  let cycles = 0;
  for (const draft of drafts) {
    if (draft.kind === 'load') continue;
    for (let from = 0; from < draft.positions; from += draft.positionsPerTask) {
      const positions = Math.min(draft.positionsPerTask, draft.positions - from);
      const operations = (draft.operations * positions) / draft.positions;
      const work = digitalTaskCycles(core, draft.product, positions, operations);
      cycles += work.mac + work.vector;
    }
  }
  return cycles / core.clock / (tileCount(spec) * spec.tile.digitalCores);
}

/**
 * Bytes of weights that a core reads before it begins with a layer: none where the weight memory holds all digital
 * layers, else those of the layer, for every task where not even they fit.
 */
function streamedWeights(
  product: DigitalProduct | undefined,
  drafts: readonly Draft[],
  spec: ArchitectureSpec,
): DigitalProduct | undefined {
  const core = spec.digitalCore;
  if (product === undefined || !product.constant || core?.weightMemory === undefined) return product;
  const bytesOf = ({ groups, rows, columns }: DigitalProduct) => groups * rows * columns * weightWidth(core);
  const all = drafts.reduce((sum, draft) => sum + (draft.product?.constant ? bytesOf(draft.product) : 0), 0);
  const { capacity } = core.weightMemory;
  if (all <= capacity) return product;
  const bytes = bytesOf(product);
  return { ...product, streamedBytes: bytes, streamedEachTask: bytes > capacity };
}

/** What is read from memory is read in the first part of the network that needs it. */
function loadsBesideReaders(stages: readonly Stage[]): readonly Stage[] {
  return stages.map((stage) => {
    if (stage.kind !== 'load') return stage;
    const readers = stages.filter(({ sources }) => sources.some((source) => source.stage === stage.index));
    return readers.length === 0 ? stage : { ...stage, part: Math.min(...readers.map(({ part }) => part)) };
  });
}
