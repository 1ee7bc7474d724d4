import { elementCount } from '../base/tensor.ts';
import { readSamples, type Samples } from '../input/samples.ts';
import { readTrainedNetwork } from '../input/workload-network.ts';
import { type LoweredNetwork, lowerNetwork, networkMacs } from '../mapping/lowered-network.ts';

/** A network that a study asks, with the images it is asked about. */
export interface Subject {
  readonly name: string;
  readonly file: string;
  readonly lowered: LoweredNetwork;
  readonly samples: Samples;
  readonly images: number;
  readonly calibrationImages: number;
  readonly classes: number;
  /** Of one inference. */
  readonly macs: number;
  /** Inputs of the largest MVM on crossbars. */
  readonly largestRows: number;
  readonly inputs: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

/** Networks of more MACs than this are asked about fewer images, so that a study ends within minutes. */
const SMALL_MACS = 2e6;

/** Reads a workload for a study; `images` undefined: 500 of a small network, 100 of a larger one. */
export async function readSubject(file: string, images: number | undefined): Promise<Subject> {
  const { workload, network, sha256 } = await readTrainedNetwork(file);
  const inputSigned = (samples: Samples) => lowerNetwork(network, samples.signed);
  const macs = networkMacs(lowerNetwork(network, false));
  const few = macs > SMALL_MACS ? 100 : 500;
  const count = images ?? few;
  const samples = await readSamples(workload.value, network.input.shape, count);
  const lowered = inputSigned(samples);
  const elements = elementCount(network.input.shape);
  const calibrationImages = Math.min(few, samples.calibration.length / elements);
  return {
    name: workload.value.name,
    file,
    lowered,
    samples: { ...samples, calibration: samples.calibration.subarray(0, calibrationImages * elements) },
    images: count,
    calibrationImages,
    classes: workload.value.classes,
    macs,
    largestRows: Math.max(...lowered.candidates.map(({ layer }) => rowsOf(lowered, layer))),
    inputs: [
      { role: 'workload', file, sha256: workload.hash },
      { role: 'model', file: workload.value.model, sha256 },
      ...samples.files,
    ],
  };
}

function rowsOf({ lowerings }: LoweredNetwork, layer: number): number {
  const lowering = lowerings[layer]!;
  return lowering.kind === 'mvm' ? lowering.rows : 0;
}
