import { isConstant } from '../network/network.ts';
import type { NumberArray } from '../network/operator.ts';
import { operators } from '../network/operators/index.ts';
import type { ForwardNode } from './forward-plan.ts';
import type { Kernels } from './kernel-calls.ts';
import type { Simulation } from './simulation.ts';
import { type Batch, createWorkspace, type Workspace } from './workspace.ts';

/** What a forward pass tells to the outside. */
export interface ForwardObserver {
  /** A path's answers [images][outputs], valid during the call. */
  answer?(path: number, values: Float32Array): void;
  /** Operands of an MVM layer or product, float32 at byte addresses (−1: constant), before it is computed. */
  operands?(layer: number, addresses: readonly number[], batch: Batch): void;
}

/** One thread of a simulation: evaluates all its paths on a few inferences at a time, in a region of its own. */
export class Forward {
  readonly work: Workspace;
  readonly #simulation: Simulation;
  readonly #activations: number;
  /** By node: operands and results of element-wise and reducing layers, as views for each inference. */
  readonly #vectorCalls: readonly (readonly VectorCall[])[];
  readonly #addresses: readonly (readonly number[])[];

  constructor(simulation: Simulation, kernels: Kernels, thread: number) {
    this.#simulation = simulation;
    this.#activations = simulation.region(thread);
    this.work = createWorkspace(kernels, this.#activations + simulation.activationBytes);
    const { nodes } = simulation.plan;
    this.#addresses = nodes.map(({ inputs }) =>
      inputs.map((input) => (input < 0 ? -1 : this.#at(nodes[input]!))),
    );
    // A product in float32 is the operator's reference as well.
    const evaluated = ({ kind, mode }: ForwardNode) =>
      kind === 'vector' || (kind === 'product' && mode === 'float');
    this.#vectorCalls = nodes.map((node) => (evaluated(node) ? this.#callsOf(node) : []));
  }

  /** Evaluates inferences first … first + count − 1 of `images` [inferences][elements]. */
  run(images: Float32Array, first: number, count: number, observer: ForwardObserver): void {
    const batch: Batch = { images: count, first };
    const { float32 } = this.work;
    this.#simulation.plan.nodes.forEach((node, index) => {
      const start = this.#at(node) / 4;
      if (node.kind === 'input') {
        float32.set(images.subarray(first * node.elements, (first + count) * node.elements), start);
      } else {
        if (node.kind === 'mvm' || node.kind === 'product')
          observer.operands?.(node.layer, this.#addresses[index]!, batch);
        if (node.kind === 'transition') this.#pass(node, this.#addresses[index]![0]! / 4, count);
        else if (this.#vectorCalls[index]!.length > 0) this.#evaluate(node, index, count);
        else this.#multiply(node, this.#addresses[index]!, batch);
      }
      if (observer.answer === undefined) return;
      for (const path of node.answers) {
        observer.answer(path, float32.subarray(start, start + count * node.elements));
      }
    });
  }

  #multiply(node: ForwardNode, addresses: readonly number[], batch: Batch): void {
    const { layer, mode, chip } = node;
    const { setup, float, digital, collapsed, analog, products } = this.#simulation;
    const output = this.#at(node);
    const lowering = setup.lowered.lowerings[layer]!;
    if (lowering.kind === 'product') {
      products.get(layer)!.run(this.work, addresses, output, batch);
      return;
    }
    if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} multiplies nothing`);
    const input = addresses[lowering.activation]!;
    if (mode === 'float') float.get(layer)!.run(this.work, input, output, batch);
    else if (mode === 'digital') digital.get(layer)!.run(this.work, input, output, batch);
    else if (mode === 'collapsed') collapsed.get(layer)!.run(this.work, input, output, batch);
    else analog.get(layer)!.run(this.work, input, output, batch, chip - setup.chips.first, chip);
  }

  /** A transition, in float32 on the vector unit. */
  #pass({ transition, elements, ...node }: ForwardNode, source: number, count: number): void {
    const { affine, rectified } = transition!;
    const { scale, offset, run } = affine;
    const { float32 } = this.work;
    const start = this.#at(node) / 4;
    for (let at = 0; at < count * elements; at++) {
      const channel = Math.floor((at % elements) / run) % scale.length;
      const value = float32[source + at]!;
      float32[start + at] = scale[channel]! * (rectified ? Math.max(0, value) : value) + offset[channel]!;
    }
  }

  /** The vector unit computes in float32, by the operator's own definition. */
  #evaluate(node: ForwardNode, index: number, count: number): void {
    const layer = this.#simulation.setup.lowered.network.layers[node.layer]!;
    const operator = operators.get(layer.operator);
    const calls = this.#vectorCalls[index]!;
    for (let image = 0; image < count; image++)
      operator.evaluate(layer, calls[image]!.inputs, calls[image]!.output);
  }

  #callsOf(node: ForwardNode): readonly VectorCall[] {
    const { setup, plan } = this.#simulation;
    const layer = setup.lowered.network.layers[node.layer]!;
    const view = (of: ForwardNode, image: number) => {
      const start = this.#at(of) / 4 + image * of.elements;
      return this.work.float32.subarray(start, start + of.elements);
    };
    return Array.from({ length: setup.images }, (_, image) => ({
      inputs: layer.inputs.map((operand, position) =>
        isConstant(operand) ? operand.data : view(plan.nodes[node.inputs[position]!]!, image),
      ),
      output: view(node, image),
    }));
  }

  #at(node: Pick<ForwardNode, 'offset'>): number {
    return this.#activations + node.offset * this.#simulation.setup.images * 4;
  }
}

interface VectorCall {
  readonly inputs: readonly NumberArray[];
  readonly output: NumberArray;
}
