import { open } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import type { Network } from '../network/network.ts';
import { readLayerShapes } from './layer-shapes/read-layer-shapes.ts';
import { readModel } from './onnx/read-onnx.ts';
import { readWorkload, type Workload } from './workload.ts';
import type { Spec } from './yaml/read-yaml.ts';

/** What a run computes: a network, with weights and data that it answers for or without them. */
export interface NetworkToRun {
  readonly name: string;
  readonly network: Network;
  /** The workload whose accuracy can be asked; or why it cannot. */
  readonly trained: Workload | string;
  /** Whether the network's input can be negative; undefined: its data say so. */
  readonly inputSigned: boolean | undefined;
  readonly inputs: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

/** The network of a workload file, or of a file that describes its layers by their shapes alone. */
export async function readNetworkToRun(file: string): Promise<NetworkToRun> {
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
  const { workload, network, sha256 } = await readWorkloadNetwork(file);
  return {
    name: workload.value.name,
    network,
    trained: workload.value,
    inputSigned: undefined,
    inputs: [
      { role: 'workload', file, sha256: workload.hash },
      { role: 'model', file: workload.value.model, sha256 },
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

/** A trained workload with its network; a Fault when the network's answer has not one number for each class. */
export async function readWorkloadNetwork(
  workloadFile: string,
): Promise<{ workload: Spec<Workload>; network: Network; sha256: string }> {
  const workload = await readWorkload(workloadFile);
  const { network, sha256 } = await readModel(workload.value.model);
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
  return { workload, network, sha256 };
}
