import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { Tensor } from '../../base/tensor.ts';
import { NetworkBuilder } from '../../network/builder.ts';
import { isWeightless, NETWORK_INPUT, type Network, type Operand } from '../../network/network.ts';
import type { OnnxForm, OnnxValue } from '../../network/onnx-node.ts';
import { operators } from '../../network/operators/index.ts';
import { systemText } from '../text-file.ts';
import type { ExternalData } from './constant.ts';
import { constantForms } from './constant-nodes.ts';
import { decodeModel, isDefaultDomain, type OnnxGraphNode, type OnnxModel } from './decode.ts';
import { DRAFT_INPUT, Draft } from './draft.ts';
import { externalDataBeside, noExternalData } from './external-data.ts';
import { foldAffine } from './fusions/affine.ts';
import { fuseGelu } from './fusions/gelu.ts';
import { fuseLayerNormalization } from './fusions/layer-normalization.ts';
import { foldPadding } from './fusions/padding.ts';
import { reachable } from './fusions/pattern.ts';
import { type ImportContext, knownConstant, NodeView } from './node-view.ts';
import { orderedNodes } from './order.ts';
import { chosenOutput, importedInput } from './ports.ts';

export interface OnnxOptions {
  /** Shape of the input, where the model leaves more than the batch open. */
  readonly inputShape?: readonly number[] | undefined;
  /** Name of the output to compute, where the model has several. */
  readonly output?: string | undefined;
  /** Reads tensors that are stored beside the model. */
  readonly external?: ExternalData | undefined;
}

/** Protocol buffers, and so ONNX files, end at 2 GiB. */
const MAX_FILE_BYTES = 2 ** 31;

/** A network and the SHA-256 of the file that it was read from (without data stored beside it). */
export interface Model {
  readonly network: Network;
  readonly sha256: string;
  /** Why weights are missing, of which the network knows the shapes only; undefined: all are there. */
  readonly missing: string | undefined;
}

/** The network in an ONNX file, for a batch of one. Every fault of the file is a Fault that names it. */
export async function readModel(path: string, options: OnnxOptions = {}): Promise<Model> {
  const bytes = await fileBytes(path);
  const missing: string[] = [];
  const network = networkFromOnnx(bytes, path, { external: externalDataBeside(path), ...options }, missing);
  return {
    network,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    missing: isWeightless(network) ? missing[0] : undefined,
  };
}

/** The network in an ONNX file alone. */
export async function readOnnx(path: string, options: OnnxOptions = {}): Promise<Network> {
  return (await readModel(path, options)).network;
}

/**
 * The network in the bytes of an ONNX model; `file` names it in faults. Imports constants as they are, evaluates
 * what depends on them alone, and fuses what exporters take apart (normalizations, GELU, biases). Constants without
 * data are kept as shapes; `missing` gets a reason for each.
 */
export function networkFromOnnx(
  bytes: Uint8Array,
  file: string,
  options: OnnxOptions = {},
  missing: string[] = [],
): Network {
  try {
    return imported(decodeModel(bytes), basename(file).replace(/\.onnx$/, ''), options, missing);
  } catch (error) {
    if (error instanceof Fault) throw error.at({ file });
    throw error;
  }
}

function imported(model: OnnxModel, name: string, options: OnnxOptions, missing: string[]): Network {
  const output = chosenOutput(model, options.output);
  const given = new Set([...model.initializers.keys(), ...model.inputs.map((port) => port.name)]);
  const nodes = orderedNodes(model.nodes, given, output.name);
  const input = importedInput(model, nodes, output, options.inputShape);
  const draft = new Draft(input.shape);
  const context: ImportContext = {
    draft,
    opset: model.opset,
    external: options.external ?? noExternalData,
    exportedBatch: input.exportedBatch,
    missing,
  };
  const values = new Map<string, OnnxValue>([[input.name, DRAFT_INPUT]]);
  for (const node of nodes) readNode(node, model, values, context);
  const answer = values.get(output.name) ?? DRAFT_INPUT;
  if (typeof answer !== 'number') throw new Fault(`output "${output.name}" does not depend on the input`);
  checkOutput(output.dims, draft.shapeOf(answer), input.exportedBatch);
  for (const pass of [fuseLayerNormalization, fuseGelu, foldPadding, foldAffine]) pass(draft, answer);
  return finished(draft, answer, name, input);
}

const forms: ReadonlyMap<string, OnnxForm> = new Map(
  [...operators.parts.flatMap((operator) => operator.onnx), ...constantForms].map((form) => [
    form.type,
    form,
  ]),
);

function readNode(
  node: OnnxGraphNode,
  model: OnnxModel,
  values: Map<string, OnnxValue>,
  context: ImportContext,
): void {
  const form = isDefaultDomain(node.domain) ? forms.get(node.type) : undefined;
  if (form === undefined) throw unsupported(node);
  try {
    const operands = node.inputs.map((name) => operandOf(name, model, values, context));
    const result = form.read(new NodeView(node, operands, context));
    const results: readonly OnnxValue[] =
      typeof result === 'object' && 'length' in result ? result : [result as OnnxValue];
    node.outputs.forEach((name, slot) => {
      const value = results[slot];
      if (name !== '' && value !== undefined) values.set(name, value);
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(`node "${node.name}" (${node.type}): ${error.problem}`, { cure: error.cure });
  }
}

function operandOf(
  name: string,
  model: OnnxModel,
  values: Map<string, OnnxValue>,
  context: ImportContext,
): OnnxValue | undefined {
  if (name === '') return undefined;
  const known = values.get(name);
  if (known !== undefined) return known;
  const initializer = model.initializers.get(name);
  if (initializer === undefined) {
    throw new Fault(`takes "${name}", an additional output that is not supported`);
  }
  const constant = knownConstant(initializer, context);
  context.draft.countStored(constant);
  values.set(name, constant);
  return constant;
}

function unsupported(node: OnnxGraphNode): Fault {
  const domain = node.domain === '' ? 'ai.onnx' : node.domain;
  return new Fault(
    `node "${node.name}" uses operator ${node.type} (domain ${domain}), which is not supported`,
    { cure: `known: ${[...forms.keys()].sort().join(', ')}` },
  );
}

/** Guards the change of a fixed batch to 1: the stated output must still come out, but for its batch. */
function checkOutput(
  stated: readonly (number | string)[] | undefined,
  computed: readonly number[],
  exportedBatch: number | undefined,
): void {
  if (exportedBatch === undefined || stated === undefined) return;
  const fits =
    stated.length === computed.length &&
    stated.slice(1).every((dim, i) => typeof dim !== 'number' || dim === computed[i + 1]);
  if (!fits || computed[0] !== 1) {
    throw new Fault(`the model is fixed to a batch of ${exportedBatch} and cannot be changed to 1`, {
      cure: 'export it with a batch of 1 or a dynamic one',
    });
  }
}

function finished(draft: Draft, answer: number, name: string, input: Network['input']): Network {
  const builder = new NetworkBuilder(name, { name: input.name, shape: input.shape });
  const reached = reachable(draft, answer);
  const indices = new Map<number, number>([[DRAFT_INPUT, NETWORK_INPUT]]);
  draft.layers.forEach((layer, id) => {
    if (!reached[id]) return;
    const inputs = layer.inputs.map((value): Operand => {
      return typeof value === 'number' ? indices.get(value)! : tensorOf(value);
    });
    indices.set(id, builder.layer(layer.operator, layer.attributes, inputs, layer.name));
  });
  if (answer === DRAFT_INPUT) return builder.build(builder.layer('identity', {}, [NETWORK_INPUT]));
  return builder.build(indices.get(answer)!);
}

function tensorOf(constant: Exclude<OnnxValue, number>): Tensor {
  const { dims, data } = constant;
  return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

async function fileBytes(path: string): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new Fault('not a file', { cure: 'name an ONNX model' });
    if (stats.size >= MAX_FILE_BYTES) throw new Fault(`${stats.size} bytes are too large for an ONNX model`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof Fault) throw error.at({ file: path });
    throw new Fault(systemText(error), { cure: 'check the name of the file', place: { file: path } });
  }
}
