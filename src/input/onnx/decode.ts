import onnxProto, { type onnx } from 'onnx-proto';
import { Fault } from '../../base/fault.ts';

/** The parts of an ONNX file that an import needs, with integers as numbers. */
export interface OnnxModel {
  /** Version of the default operator set. */
  readonly opset: number;
  readonly nodes: readonly OnnxGraphNode[];
  readonly initializers: ReadonlyMap<string, onnx.ITensorProto>;
  /** Graph inputs that are not initializers. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

export interface OnnxGraphNode {
  /** The node's own name, or one made from its type and place. */
  readonly name: string;
  readonly type: string;
  readonly domain: string;
  /** Names of values; empty where an optional operand is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, onnx.IAttributeProto>;
}

/** An input or output of the graph. */
export interface OnnxPort {
  readonly name: string;
  /** Known sizes as numbers, symbolic and absent ones as their name or `?`; undefined when no shape is stated. */
  readonly dims: readonly (number | string)[] | undefined;
  readonly elementType: number;
}

/** Operator set versions whose meaning this importer follows (7: NumPy broadcasting). */
const OLDEST_OPSET = 7;
const NEWEST_OPSET = 25;

/** Decodes an ONNX file; a Fault when it is no ONNX model or of an unsupported version. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = decode(bytes);
  const { graph } = model;
  if (graph === null || graph === undefined || (graph.node ?? []).length === 0) {
    throw new Fault('no ONNX model: the file holds no graph', {
      cure: 'export the network with torch.onnx or tf2onnx',
    });
  }
  const initializers = new Map<string, onnx.ITensorProto>();
  for (const initializer of graph.initializer ?? []) {
    const name = initializer.name ?? '';
    if (initializers.has(name)) throw new Fault(`initializer "${name}" is there twice`);
    initializers.set(name, initializer);
  }
  if ((graph.sparseInitializer ?? []).length > 0) throw new Fault('sparse initializers are not supported');
  return {
    opset: opsetOf(model),
    nodes: (graph.node ?? []).map(graphNode),
    initializers,
    inputs: (graph.input ?? []).map(portOf).filter((port) => !initializers.has(port.name)),
    outputs: (graph.output ?? []).map(portOf),
  };
}

/** An ONNX integer, which the decoder gives as a number or as a 64-bit pair. */
export function integerOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null || !('toNumber' in value)) return 0;
  const number = (value as { toNumber(): number }).toNumber();
  // A pair converts to a number that V8 keeps as a double; loops whose bounds derive from it run at half speed.
  return (number | 0) === number ? number | 0 : number;
}

function decode(bytes: Uint8Array): onnx.IModelProto {
  try {
    return onnxProto.onnx.ModelProto.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(`no readable ONNX model: ${reason}`, {
      cure: 'the file may be cut short or of another format',
    });
  }
}

function opsetOf(model: onnx.IModelProto): number {
  const entry = (model.opsetImport ?? []).find((imported) => isDefaultDomain(imported.domain ?? ''));
  if (entry === undefined) throw new Fault('the model states no version of the default operator set');
  const opset = integerOf(entry.version);
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw new Fault(`operator set ${opset} is not supported`, {
      cure: `export with operator set ${OLDEST_OPSET} to ${NEWEST_OPSET}`,
    });
  }
  return opset;
}

/** Whether a domain name means the standard ONNX operators. */
export function isDefaultDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function graphNode(node: onnx.INodeProto, index: number): OnnxGraphNode {
  const type = node.opType ?? '';
  const attributes = new Map<string, onnx.IAttributeProto>();
  for (const attribute of node.attribute ?? []) attributes.set(attribute.name ?? '', attribute);
  return {
    name: node.name ? node.name : `${type}_${index}`,
    type,
    domain: node.domain ?? '',
    inputs: node.input ?? [],
    outputs: node.output ?? [],
    attributes,
  };
}

function portOf(port: onnx.IValueInfoProto): OnnxPort {
  const type = port.type?.tensorType;
  const dims = type?.shape?.dim?.map((dim) => {
    if (dim.dimParam) return dim.dimParam;
    const size = dim.dimValue === undefined || dim.dimValue === null ? 0 : integerOf(dim.dimValue);
    return size > 0 ? size : '?';
  });
  return { name: port.name ?? '', dims, elementType: type?.elemType ?? 0 };
}
