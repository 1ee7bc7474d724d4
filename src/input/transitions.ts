import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import type { Transition } from '../network/transition.ts';
import { npyArray } from './npy.ts';
import type { Workload } from './workload.ts';
import type { Spec } from './yaml/read-yaml.ts';

/** Bytes of the file of one transition, at most. */
const MOST_BYTES = 2 ** 24;

/** The transitions of a workload, by cut, from the NumPy files that it names. A Fault where one is no row of finite numbers. */
export async function readTransitions({ value, place }: Spec<Workload>): Promise<{
  readonly transitions: ReadonlyMap<string, Transition>;
  readonly inputs: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}> {
  const transitions = new Map<string, Transition>();
  const inputs: { role: string; file: string; sha256: string }[] = [];
  for (const [cut, files] of Object.entries(value.transitions ?? {})) {
    const row = async (key: 'scale' | 'offset'): Promise<Float32Array> => {
      const file = files[key];
      const { size } = await stat(file);
      if (size > MOST_BYTES) {
        const problem = `${file} has ${size} bytes, at most ${MOST_BYTES} are read`;
        throw new Fault(problem, { place: place(['transitions', cut, key]) });
      }
      const bytes = await readFile(file);
      inputs.push({ role: 'transition', file, sha256: createHash('sha256').update(bytes).digest('hex') });
      const { dims, data } = npyArray(bytes, file);
      if (dims.length !== 1 || !data.every((number) => Number.isFinite(number))) {
        throw new Fault(`${file} is no row of finite numbers`, {
          cure: 'save a vector with a number for each channel',
          place: place(['transitions', cut, key]),
        });
      }
      return Float32Array.from(data);
    };
    transitions.set(cut, {
      scale: await row('scale'),
      offset: await row('offset'),
      place: place(['transitions', cut], 'key'),
    });
  }
  return { transitions, inputs };
}
