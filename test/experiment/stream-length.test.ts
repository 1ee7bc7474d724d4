import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planWorkload } from '../../src/experiment/experiment.ts';
import { inferencesPlayed } from '../../src/experiment/stream-length.ts';
import { studySchedule } from '../../src/experiment/studied-schedule.ts';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { ROOT } from '../cli/command.ts';

// The layers of an MLP have one task each, and buffers have room for many inferences: answers come in bursts.
test.each(['digital', 'prefix:1'])(
  'an MLP, %s: more inferences than the 32 of others, whose interval is that of a long stream',
  async (cut) => {
    const { value: spec } = await readArchitecture(join(ROOT, 'arch/hybrid-edge.yaml'));
    const { schedule, lowered } = await planWorkload(join(ROOT, 'workloads/mlp-relu.yaml'), spec, cut);
    const table = actionTable(inventory(spec));
    const plays = { schedule, lowered, spec, table, taskPolicy: taskPolicies.parts[0]! };
    const inferences = await inferencesPlayed(plays, undefined);
    expect(inferences).toBeGreaterThan(100);
    expect(await inferencesPlayed(plays, 32)).toBe(32);
    const studied = await studySchedule({ ...plays, inferences });
    expect(studied.warnings).toEqual([]);
    const long = await studySchedule({ ...plays, inferences: 2000 });
    expect(Math.abs(studied.initiationInterval / long.initiationInterval - 1)).toBeLessThan(0.01);
    const short = await studySchedule({ ...plays, inferences: 32 });
    expect(short.warnings.join()).toMatch(/--inferences \d\d\d shows the pace/);
  },
);
