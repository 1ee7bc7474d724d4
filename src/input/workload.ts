import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { Fault, Faults, nearestName } from '../base/fault.ts';
import { flag, integer, real, text } from '../base/quantity.ts';
import { modelUnion } from '../hardware/model-union.ts';
import { preprocessingSteps } from './preprocessing.ts';
import { systemText } from './text-file.ts';
import { valueAt } from './yaml/path.ts';
import { type Conflict, readYaml, type Spec } from './yaml/read-yaml.ts';

const idxDatasetSchema = z.strictObject({
  type: z.literal('idx'),
  images: text().describe('IDX file of the test images, gzip allowed'),
  labels: text().describe('IDX file of their classes'),
  calibration: z
    .strictObject({
      images: text().describe('IDX file of images that are not test images'),
      labels: text().optional().describe('IDX file of their classes'),
    })
    .describe('sets the converters’ ranges and the quantization scales'),
});

/** A trained network and the data it answers for: the schema of every file in `workloads/`. */
export const workloadSchema = z.strictObject({
  name: text().describe('shown in reports'),
  description: text().optional(),
  model: text().describe('ONNX file; paths are relative to this file'),
  dataset: z
    .discriminatedUnion('type', [idxDatasetSchema])
    .optional()
    .describe('without one, a run answers time, energy and area, no accuracy'),
  signedInput: flag()
    .optional()
    .describe('without a dataset: whether the input of the network can be negative; true when left out'),
  preprocessing: z
    .array(modelUnion(preprocessingSteps))
    .max(16)
    .prefault([])
    .describe('steps from stored pixels to network input, in this order'),
  classes: integer({ min: 2, max: 1_000_000 }).describe('numbers the network yields, one a class'),
  transitions: z
    .record(
      z.string(),
      z.strictObject({
        scale: text().describe('NumPy file with a number for each channel'),
        offset: text().describe('NumPy file with a number for each channel'),
      }),
    )
    .optional()
    .describe(
      'affine layers between crossbars and digital cores, by the cut that they were trained for, such as prefix:3',
    ),
  referenceAccuracy: real({ min: 0, max: 1 })
    .optional()
    .describe('fraction of the whole test set that the float network classifies right'),
  origin: text().optional().describe('who trained it, how, and where its accuracy comes from'),
  citation: text().optional().describe('publication of the network or the data, with the licence'),
});

/** A workload with its files found: paths lead from the working directory. */
export type Workload = z.output<typeof workloadSchema>;

/** A workload that names data. */
export type WorkloadWithData = Workload & { readonly dataset: NonNullable<Workload['dataset']> };

/** The workload that a YAML file describes. Throws Faults at their places, also for every file that it names in vain. */
export async function readWorkload(file: string): Promise<Spec<Workload>> {
  const spec = await readYaml(file, workloadSchema, { check });
  const value = structuredClone(spec.value);
  const faults: Fault[] = [];
  const paths = [
    ...pathsOfFiles,
    ...Object.keys(value.transitions ?? {}).flatMap((cut) => [
      ['transitions', cut, 'scale'],
      ['transitions', cut, 'offset'],
    ]),
  ];
  for (const path of paths) {
    const written = valueAt(value, path);
    if (typeof written !== 'string') continue;
    const found = isAbsolute(written) ? written : join(dirname(file), written);
    const problem = await problemOf(found);
    if (problem !== undefined) faults.push(problem.at(spec.place(path)));
    const holder = valueAt(value, path.slice(0, -1)) as Record<string, string>;
    holder[path.at(-1)!] = found;
  }
  if (faults.length > 0) throw new Faults(faults);
  return { ...spec, value };
}

function check({ dataset, signedInput }: Workload): readonly Conflict[] {
  if (dataset === undefined || signedInput === undefined) return [];
  const problem = 'the calibration images of the dataset say whether the input can be negative';
  return [{ path: ['signedInput'], problem, cure: 'leave signedInput out' }];
}

const pathsOfFiles = [
  ['model'],
  ['dataset', 'images'],
  ['dataset', 'labels'],
  ['dataset', 'calibration', 'images'],
  ['dataset', 'calibration', 'labels'],
];

/** What keeps a path from being read as a regular file; undefined when nothing does. */
async function problemOf(file: string): Promise<Fault | undefined> {
  try {
    const status = await stat(file);
    if (status.isFile()) return undefined;
    return new Fault(`${file} is ${status.isDirectory() ? 'a folder' : 'not a regular file'}`, {
      cure: 'name a file',
    });
  } catch (error) {
    const near = nearestName(basename(file), await readdir(dirname(file)).catch(() => []));
    const cure = near === undefined ? 'paths are relative to this file' : `did you mean ${near}?`;
    return new Fault(`${file}: ${systemText(error)}`, { cure });
  }
}
