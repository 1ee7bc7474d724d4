import { Fault } from '../base/fault.ts';
import { explain, flameGraph } from '../experiment/explain.ts';
import type { Explanation } from '../report/explanation.ts';
import { writeAtomically } from '../report/write-atomically.ts';
import { openProgress } from './progress.ts';

/** Flags of `kirchhoff explain`. */
export interface ExplainOptions {
  readonly schedule: string;
  readonly set: string[];
  readonly taskPolicy: string;
  readonly inferences?: number;
  readonly whatIf: boolean;
  readonly flamegraph?: string;
}

/** Explains a schedule as asked on the command line, and writes its flame graph if one is wanted. */
export async function explainCommandLine(
  architecture: string,
  workload: string,
  options: ExplainOptions,
  signal: AbortSignal,
): Promise<Explanation> {
  const { schedule, set: overrides, taskPolicy, inferences, whatIf: resimulate, flamegraph } = options;
  if (flamegraph?.trim() === '')
    throw new Fault('--flamegraph names no file', { cure: 'such as energy.folded' });
  const progress = await openProgress();
  try {
    const document = await explain({
      ...{ architecture, workload, overrides, schedule, taskPolicy, inferences, resimulate, signal },
      onProgress: progress.show,
    });
    if (flamegraph !== undefined) await writeAtomically(flamegraph, flameGraph(document));
    return document;
  } finally {
    progress.close();
  }
}
