import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { ActivationGrid } from '../network/quantization.ts';
import { AnalogMvm, type CrossbarMvm } from './analog-mvm.ts';
import type { Chips } from './analog-weights.ts';
import { Arena } from './arena.ts';
import { type Calibration, gridsOf } from './calibration.ts';
import type { CellPhysics } from './cells.ts';
import { DigitalMvm } from './digital-mvm.ts';
import { DigitalProduct } from './digital-product.ts';
import { InputDrives } from './drive-counts.ts';
import { FloatMvm } from './float-mvm.ts';
import { type ForwardNode, type ForwardPlan, type MvmMode, type Path, planForward } from './forward-plan.ts';
import { layerWeights } from './layer-weights.ts';
import { LinearMvm } from './linear-mvm.ts';
import { mvmGeometry } from './mvm-geometry.ts';
import { analogDesign } from './paths.ts';
import { type SumCounts, sumCounts } from './sum-counts.ts';
import type { Workspace } from './workspace.ts';

export interface SimulationSetup {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly paths: readonly Path[];
  /** Needed by every path that is not float. */
  readonly calibration: Calibration | undefined;
  readonly physics: CellPhysics;
  /** First chip in memory, how many, and the seed. */
  readonly chips: Chips & { readonly first: number };
  /** Inferences computed at once. */
  readonly images: number;
  /** Analog layers whose partial sums are to be counted, on the first chip. */
  readonly counted?: readonly number[];
  /** Analog layers of which it is to be counted what their word lines are driven with. */
  readonly driven?: readonly number[];
}

/**
 * All the layers that some paths through a network need, laid out in memory: first what threads share (weights,
 * conductances, tables), then a region for each thread (activations, scratch). Building it computes addresses only,
 * so that every thread builds the same one.
 */
export class Simulation {
  readonly setup: SimulationSetup;
  readonly plan: ForwardPlan;
  readonly sharedBytes: number;
  readonly regionBytes: number;
  /** Bytes of the conductances of one chip, a part of the shared ones. */
  chipBytes = 0;
  /** Bytes of activations at the start of a region. */
  readonly activationBytes: number;
  readonly float = new Map<number, FloatMvm>();
  readonly digital = new Map<number, DigitalMvm>();
  readonly collapsed = new Map<number, DigitalMvm>();
  readonly analog = new Map<number, CrossbarMvm>();
  readonly drives = new Map<number, InputDrives>();
  readonly products = new Map<number, DigitalProduct>();
  readonly #shared = new Arena();
  #scratchBytes = 0;

  constructor(setup: SimulationSetup) {
    this.setup = setup;
    this.plan = planForward(setup.lowered, setup.paths);
    for (const node of this.plan.nodes) this.#addNode(node);
    for (const layer of setup.counted ?? []) this.#addMvm(layer, 'analog');
    for (const layer of setup.driven ?? []) this.#addDrives(layer);
    this.sharedBytes = this.#shared.used;
    this.activationBytes = this.plan.elements * setup.images * 4;
    this.regionBytes = this.activationBytes + this.#scratchBytes;
  }

  /** Bytes for a number of threads. */
  bytes(threads: number): number {
    return this.sharedBytes + threads * this.regionBytes;
  }

  /** Where a thread's region starts. */
  region(thread: number): number {
    return this.sharedBytes + thread * this.regionBytes;
  }

  /** Writes everything that is the same on all chips: once, before any thread computes. */
  write(work: Workspace): void {
    for (const layers of [
      ...[this.float, this.digital, this.collapsed, this.analog, this.products, this.drives],
    ]) {
      for (const layer of layers.values()) layer.write(work);
    }
  }

  /** Fabricates and programs one analog layer of a chip; different layers and chips in any order, on any thread. */
  program(work: Workspace, layer: number, chip: number): void {
    this.analog.get(layer)!.program(work, chip - this.setup.chips.first, chip);
  }

  /** Empty counts for the partial sums that an analog layer can give with ideal cells, for each weight slice. */
  emptyCounts(layer: number): readonly SumCounts[] {
    const { largest, signedSums, exact } = this.analog.get(layer)!.format;
    return largest.map((sum) => sumCounts(sum, signedSums, exact));
  }

  /** Partial sums of a weight slice of an analog layer in one inference. */
  partialSumCount(layer: number): number {
    return this.#converted(layer).partialSums;
  }

  /** Counts the magnitudes of an analog layer's partial sums over float32 activations at a byte address. */
  countPartialSums(
    work: Workspace,
    layer: number,
    input: number,
    images: number,
    counts: readonly SumCounts[],
  ): void {
    this.#converted(layer).countPartialSums(work, input, images, counts);
  }

  #converted(layer: number): AnalogMvm {
    const mvm = this.analog.get(layer);
    if (!(mvm instanceof AnalogMvm)) throw new Error(`layer ${layer} has no converters`);
    return mvm;
  }

  #addNode({ kind, layer, mode }: ForwardNode): void {
    if (kind === 'mvm') this.#addMvm(layer, mode);
    else if (kind === 'product' && mode === 'digital') this.#addProduct(layer);
  }

  #addMvm(layer: number, mode: MvmMode): void {
    const { lowered, images, calibration } = this.setup;
    const layers = this[mode];
    if (layers.has(layer)) return;
    const scratch = new Arena();
    if (mode === 'float') {
      this.float.set(layer, new FloatMvm(mvmGeometry(lowered, layer), images, this.#shared, scratch));
    } else {
      const lowering = lowered.lowerings[layer]!;
      if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
      if (calibration === undefined) throw new Error(`layer ${layer} is quantized without calibration`);
      const grids = gridsOf(calibration, layer, lowering.activation);
      if (mode === 'analog') this.#addAnalog(layer, grids.analog, calibration, scratch);
      else {
        const weights = layerWeights(
          lowered,
          this.setup.spec,
          layer,
          mode === 'digital' ? 'digital' : 'analog',
        );
        const grid = mode === 'digital' ? grids.digital : grids.analog;
        const geometry = mvmGeometry(lowered, layer);
        const mvm = new DigitalMvm(geometry, weights, grid, images, this.#shared, scratch);
        (mode === 'digital' ? this.digital : this.collapsed).set(layer, mvm);
      }
    }
    this.#scratchBytes = Math.max(this.#scratchBytes, scratch.used);
  }

  #addAnalog(layer: number, grid: ActivationGrid, calibration: Calibration, scratch: Arena): void {
    const { lowered, spec, physics, chips, images } = this.setup;
    const design = analogDesign(lowered, spec, physics, calibration.grids, layer);
    const reluBehind = spec.analogCore!.adcBank.reluAware && isRectified(lowered, layer);
    const options = { ...design, spec, grid, physics, ranges: calibration.ranges[layer], reluBehind };
    const Mvm = design.format.route === 'linear' ? LinearMvm : AnalogMvm;
    const mvm = new Mvm(options, images, chips, this.#shared, scratch);
    this.analog.set(layer, mvm);
    this.chipBytes += mvm.chipBytes;
  }

  #addDrives(layer: number): void {
    const { lowered, spec, physics, calibration, images } = this.setup;
    if (calibration === undefined) throw new Error(`layer ${layer} is quantized without calibration`);
    const { geometry, format } = analogDesign(lowered, spec, physics, calibration.grids, layer);
    const { analog: grid } = gridsOf(calibration, layer, activationOf(lowered, layer));
    const { readLaw } = spec.analogCore!.crossbar;
    const scratch = new Arena();
    const drives = new InputDrives(geometry, grid, format.parts, readLaw, images, this.#shared, scratch);
    this.drives.set(layer, drives);
    this.#scratchBytes = Math.max(this.#scratchBytes, scratch.used);
  }

  #addProduct(index: number): void {
    const { lowered, calibration, images } = this.setup;
    const lowering = lowered.lowerings[index]!;
    if (lowering.kind !== 'product') throw new Error(`layer ${index} is no product`);
    if (calibration === undefined) throw new Error(`layer ${index} is quantized without calibration`);
    if (this.products.has(index)) return;
    const scratch = new Arena();
    const grids = [gridsOf(calibration, index, 0).digital, gridsOf(calibration, index, 1).digital] as const;
    const layer = lowered.network.layers[index]!;
    this.products.set(index, new DigitalProduct(layer, lowering, grids, images, this.#shared, scratch));
    this.#scratchBytes = Math.max(this.#scratchBytes, scratch.used);
  }
}

function activationOf({ lowerings }: LoweredNetwork, layer: number): number {
  const lowering = lowerings[layer]!;
  if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  return lowering.activation;
}

/** Whether nothing but ReLUs reads a layer. */
function isRectified({ network }: LoweredNetwork, layer: number): boolean {
  const readers = network.layers.filter((reader) => reader.inputs.includes(layer));
  return (
    readers.length > 0 && layer !== network.output && readers.every(({ operator }) => operator === 'relu')
  );
}
