import { open } from 'node:fs/promises';
import { Fault, Faults } from '../base/fault.ts';
import { readArchitecture } from '../input/architecture.ts';
import { describesMacro, readMacro } from '../input/macro.ts';
import { readModel } from '../input/onnx/read-onnx.ts';
import { readSamples } from '../input/samples.ts';
import { readScenario } from '../input/scenario.ts';
import { describesLayers, readNetworkToRun } from '../input/workload-network.ts';
import { lowerNetwork } from '../mapping/lowered-network.ts';
import type { CheckDocument } from '../report/documents.ts';

type Verdict = CheckDocument['files'][number];

/** Reads every file as a run would and says what is wrong with it: architectures, macros, workloads, scenarios and ONNX models. */
export async function checkDocument(files: readonly string[]): Promise<CheckDocument> {
  const verdicts: Verdict[] = [];
  for (const file of files) verdicts.push(await verdict(file));
  return { kind: 'kirchhoff-check', formatVersion: 1, files: verdicts };
}

/** The same for people. */
export function checkText(document: CheckDocument): string {
  return document.files
    .map(({ file, what, ok, problems, note }) => {
      return ok
        ? `${file}: ${what} ok${note === null ? '' : ` (no accuracy: ${note})`}`
        : problems.join('\n');
    })
    .join('\n');
}

async function verdict(file: string): Promise<Verdict> {
  let what: Verdict['what'] = 'unknown';
  try {
    what = await kindOf(file);
    let note: string | null = null;
    if (what === 'architecture') await readArchitecture(file);
    else if (what === 'macro') await readMacro(file);
    else if (what === 'scenario') await readScenario(file);
    else if (what === 'model') note = await checkModel(file);
    else note = await checkWorkload(file);
    return { file, what, ok: true, problems: [], note };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const faults = error instanceof Faults ? error.all : [error];
    return { file, what, ok: false, problems: faults.map((fault) => fault.message), note: null };
  }
}

async function checkModel(file: string): Promise<string | null> {
  const { network, missing } = await readModel(file);
  lowerNetwork(network, true);
  return missing ?? null;
}

async function checkWorkload(file: string): Promise<string | null> {
  const { trained, network } = await readNetworkToRun(file);
  if (typeof trained !== 'string') await readSamples(trained, network.input.shape, 1);
  lowerNetwork(network, true);
  return typeof trained === 'string' ? trained : null;
}

/**
 * By content: a YAML with a `macro` key is a macro, with a `model` or `layers` key a workload, other text an architecture, the rest
 * a model.
 */
async function kindOf(file: string): Promise<Verdict['what']> {
  if (file.endsWith('.onnx')) return 'model';
  if (await describesLayers(file)) return 'workload';
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65536), 0, 65536, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    if (describesMacro(text)) return 'macro';
    if (/^models\s*:/m.test(text)) return 'scenario';
    return /^(model|dataset|classes)\s*:/m.test(text) ? 'workload' : 'architecture';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Fault(`cannot be read (${code})`, { cure: 'check the path', place: { file } });
  } finally {
    await handle?.close();
  }
}
