import { open } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import type { Network } from '../network/network.ts';
import { readTransitions } from './transitions.ts';
import { readLayerShapes } from './layer-shapes/read-layer-shapes.ts';
import { type Model, readModel } from './onnx/read-onnx.ts';
import { readWorkload, type Workload, type WorkloadWithData } from './workload.ts';
import type { Spec } from './yaml/read-yaml.ts';

/** What a run computes: a network, with weights and data that it answers for or without them. */
export interface NetworkToRun {
  readonly name: string;
  readonly network: Network;
  /** The workload whose accuracy can be asked; or why it cannot. */
  readonly trained: WorkloadWithData | string;
  /** Whether the network's input can be negative; undefined: its data say so. */
  readonly inputSigned: boolean | undefined;
  readonly inputs: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

/** The network of a workload, of a file that describes layers by their shapes alone, or of an ONNX file alone. */
export async function readNetworkToRun(file: string): Promise<NetworkToRun> {
  if (file.endsWith('.onnx')) {
    const { network, sha256, missing } = await readModel(file);
    return {
      name: network.name,
      network,
      trained: missing ?? 'an ONNX file alone names no data',
      inputSigned: true,
      inputs: [{ role: 'model', file, sha256 }],
    };
  }
  if (await describesLayers(file)) {
    const { spec, network } = await readLayerShapes(file);
    return {
      name: spec.value.name,
      network,
      trained: 'the network is described by its shapes alone, without weights or data',
      inputSigned: spec.value.input.signed,
      inputs: [{ role: 'layer shapes', file, sha256: spec.hash }],
    };
  }
  const { workload, model, transitions } = await readWorkloadModel(file);
  const { name, signedInput } = workload.value;
  const trained = workloadWithData(workload, model);
  return {
    name,
    network: model.network,
    trained:
      trained ?? `${model.missing === undefined ? '' : `${model.missing}; `}the workload names no dataset`,
    inputSigned: trained === undefined ? (signedInput ?? true) : undefined,
    inputs: [
      { role: 'workload', file, sha256: workload.hash },
      { role: 'model', file: workload.value.model, sha256: model.sha256 },
      ...transitions,
    ],
  };
}

/** Whether a file is a layer-shape file: by its content, a top-level `layers:`. */
export async function describesLayers(file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65536), 0, 65536, 0);
    return /^layers\s*:/m.test(buffer.toString('utf8', 0, bytesRead));
  } catch {
    // The reader of workloads says what is wrong with it.
    return false;
  } finally {
    await handle?.close();
  }
}

/** A trained workload: weights and data are there, else a Fault. */
export async function readTrainedNetwork(
  file: string,
): Promise<{ workload: Spec<WorkloadWithData>; network: Network; sha256: string }> {
  if (await describesLayers(file)) {
    throw new Fault('a file of layer shapes has no weights and no data', {
      cure: 'name a workload with a model and a dataset',
      place: { file },
    });
  }
  const { workload, model } = await readWorkloadModel(file);
  const value = workloadWithData(workload, model);
  if (value === undefined) {
    throw new Fault('the workload names no dataset', { cure: 'add one', place: { file } });
  }
  return { workload: { ...workload, value }, network: model.network, sha256: model.sha256 };
}

/** A workload with its model; a Fault when the network's answer has not one number for each class. */
async function readWorkloadModel(
  file: string,
): Promise<{ workload: Spec<Workload>; model: Model; transitions: NetworkToRun['inputs'] }> {
  const workload = await readWorkload(file);
  const model = await readModel(workload.value.model);
  const { network } = model;
  const outputs = elementCount(network.layers[network.output]!.outputShape);
  if (outputs !== workload.value.classes) {
    throw new Fault(
      `the network yields ${outputs} numbers, the workload has ${workload.value.classes} classes`,
      {
        cure: `set classes: ${outputs}, or name another model`,
        place: workload.place(['classes']),
      },
    );
  }
  const { transitions, inputs } = await readTransitions(workload);
  return {
    workload,
    model: { ...model, network: transitions.size > 0 ? { ...network, transitions } : network },
    transitions: inputs,
  };
}

/** The workload itself when it has data; a Fault when it then has no weights. */
function workloadWithData({ value, place }: Spec<Workload>, model: Model): WorkloadWithData | undefined {
  const { dataset } = value;
  if (dataset === undefined) return undefined;
  if (model.missing === undefined) return { ...value, dataset };
  throw new Fault(`${value.model} cannot answer for the dataset: ${model.missing}`, {
    cure: 'bring the weights, or leave dataset out for time, energy and area alone',
    place: place(['model']),
  });
}
