import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LayerWrites } from '../mapping/crossbar-contents.ts';
import { actionNumbers } from './actions.ts';
import type { ActivitySink } from './activity.ts';
import { CrossbarWriter } from './crossbar-writer.ts';
import { programmingPlan } from './programming-plan.ts';
import { Recorder } from './recorder.ts';
import { createResources } from './resources.ts';
import { Transfers } from './transfers.ts';
import { WaitLedger } from './waits.ts';

/** Ticks in which a chip that does nothing else programs layers, one stage in the name of all; a sink hears what it does. */
export function programmingTicks(
  layers: readonly LayerWrites[],
  spec: ArchitectureSpec,
  table: ActionTable,
  sink: ActivitySink,
): number {
  const resources = createResources(spec, new WaitLedger(1));
  const recorder = new Recorder(actionNumbers(table), sink);
  const transfers = new Transfers(resources, recorder);
  const writer = new CrossbarWriter(transfers, recorder, spec.analogCore!.programming!.rowTime);
  const written = layers.map((layer) => ({
    ...{ stage: { index: 0, tasks: 1 }, task: 0 },
    plan: programmingPlan(layer, spec, resources),
  }));
  return writer.write(written, 0).end;
}
