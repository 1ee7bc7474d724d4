import { Fault } from '../../base/fault.ts';
import type { OnnxGraphNode, OnnxModel, OnnxPort } from './decode.ts';

/** The one input of the network that is imported, for a batch of one. */
export interface ImportedInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** The batch that the model was fixed to, where it was more than 1. */
  readonly exportedBatch: number | undefined;
}

/** Most elements of one sample. */
const MAX_SAMPLE = 2 ** 28;

/** The output to compute: the one that is named, or the only one. */
export function chosenOutput(model: OnnxModel, name: string | undefined): OnnxPort {
  const names = model.outputs.map((port) => port.name).join(', ');
  if (name !== undefined) {
    const found = model.outputs.find((port) => port.name === name);
    if (found === undefined) throw new Fault(`there is no output "${name}"`, { cure: `outputs: ${names}` });
    return found;
  }
  const [only, ...others] = model.outputs;
  if (only === undefined) throw new Fault('the graph has no output');
  if (others.length > 0)
    throw new Fault(`the graph has ${model.outputs.length} outputs`, { cure: `name one of: ${names}` });
  return only;
}

/** The input that the needed nodes take, its batch set to 1; a Fault when there are several or its shape is open. */
export function importedInput(
  model: OnnxModel,
  nodes: readonly OnnxGraphNode[],
  output: OnnxPort,
  given: readonly number[] | undefined,
): ImportedInput {
  const used = new Set([...nodes.flatMap((node) => node.inputs), output.name]);
  const ports = model.inputs.filter((port) => used.has(port.name));
  const [port, ...others] = ports;
  if (port === undefined)
    throw new Fault('the output depends on no input', { cure: 'export the model with its input' });
  if (others.length > 0) {
    throw new Fault(`the network has ${ports.length} inputs: ${ports.map((p) => p.name).join(', ')}`, {
      cure: 'only networks of one input are supported',
    });
  }
  const { shape, exportedBatch } = shapeOf(port, given);
  return { name: port.name, shape, exportedBatch };
}

function shapeOf(port: OnnxPort, given: readonly number[] | undefined): Omit<ImportedInput, 'name'> {
  const label = `input "${port.name}"`;
  const stated: readonly (number | string)[] | undefined = given ?? port.dims;
  if (stated === undefined)
    throw new Fault(`${label} states no shape`, { cure: 'export it with one, or give inputShape' });
  const text = `[${stated.join(', ')}]`;
  if (stated.length < 2) {
    throw new Fault(`${label} of shape ${text} has no batch dimension`, { cure: 'expected [batch, …]' });
  }
  const [batch, ...rest] = stated;
  const sizes = rest.map((dim) =>
    typeof dim === 'number' && Number.isInteger(dim) && dim > 0 ? dim : undefined,
  );
  if (sizes.includes(undefined)) {
    throw new Fault(`${label} of shape ${text} is open beyond its batch`, {
      cure: 'export it with fixed sizes, or give inputShape',
    });
  }
  const shape = [1, ...sizes.map((size) => size!)];
  if (!(shape.reduce((product, dim) => product * dim, 1) <= MAX_SAMPLE)) {
    throw new Fault(`${label} of shape ${text} is too large`);
  }
  return { shape, exportedBatch: typeof batch === 'number' && batch > 1 ? batch : undefined };
}
