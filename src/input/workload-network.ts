import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import { readModel } from './onnx/read-onnx.ts';
import { readWorkload } from './workload.ts';

/** A workload with its network; a Fault when the network's answer has not one number for each class. */
export async function readWorkloadNetwork(workloadFile: string) {
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
