import { createHash } from 'node:crypto';
import { z } from 'zod';
import { crossbarsIn } from './mapping/crossbars-in.ts';
import type { Region } from './mapping/placement.ts';
import type { PlacedCuts } from './mapping/resident-cuts.ts';
import type { CalibrationMemory } from './numerics/calibration-memory.ts';
import { programHash } from './program-hash.ts';
import type { MeasureOptions } from './serving/measure-options.ts';
import { measureCut } from './serving/measure-profile.ts';
import type { CutProfile } from './serving/profile.ts';

/** The cuts of a network that are to be measured, and where it lies. */
export interface ProfilesRequest extends Omit<MeasureOptions, 'crossbars'> {
  readonly placed: PlacedCuts;
  readonly region: Region;
  /** SHA-256 of everything read for the network. */
  readonly inputs: readonly string[];
  /** What earlier runs measured; the result does not depend on it. */
  readonly memory?: CalibrationMemory | undefined;
  readonly onCut?: ((done: number, total: number) => void) | undefined;
}

const ticks = z.number().min(0);
const keptProfile = z.strictObject({
  name: z.string(),
  latency: ticks,
  interval: ticks,
  energy: z.number().min(0),
  inFlight: z.int().min(1),
  overlap: z.strictObject({ mean: z.array(z.array(z.number())) }),
  visits: z.array(z.strictObject({ station: z.int().min(0), work: ticks, busy: ticks })).min(1),
});

/** Profiles of all cuts, each measured once and kept under a hash of all that decides it. */
export async function cutProfiles(request: ProfilesRequest): Promise<readonly CutProfile[]> {
  const { placed, region, inputs, spec, taskPolicy, stations, memory } = request;
  const program = programHash('time');
  const { resident, schedules } = placed;
  const crossbars = crossbarsIn(schedules);
  const profiles: CutProfile[] = [];
  for (const [index, schedule] of placed.schedules.entries()) {
    request.onCut?.(index, placed.schedules.length);
    const { name, analog } = schedule.partition;
    const decides = {
      ...{ kind: 'profile', program, spec, inputs, region, resident, name, analog, stations, crossbars },
      taskPolicy: taskPolicy.name,
    };
    const key = createHash('sha256').update(JSON.stringify(decides)).digest('hex');
    const kept = keptProfile.safeParse(await memory?.read(key));
    const profile = kept.success ? kept.data : await measureCut(schedule, { ...request, crossbars });
    if (!kept.success) await memory?.keep(key, profile);
    profiles.push(profile);
  }
  return profiles;
}
