import { createHash } from 'node:crypto';
import { z } from 'zod';
import { crossbarsIn } from '../../mapping/crossbars-in.ts';
import type { Region } from '../../mapping/placement.ts';
import type { PlacedCuts } from '../../mapping/resident-cuts.ts';
import type { CalibrationMemory } from '../../numerics/calibration-memory.ts';
import { programHash } from '../../program-hash.ts';
import { batchSizes, measureBatches } from '../../serving/measure-batches.ts';
import type { MeasureOptions } from '../../serving/measure-options.ts';
import { type MeasuredMix, measureMix, MIXES, sharedWork } from '../../serving/measure-mixes.ts';
import { measureCut } from '../../serving/measure-profile.ts';
import type { CutProfile } from '../../serving/profile.ts';

/** The cuts of a network that are to be measured, and where it lies. */
export interface ProfilesRequest extends Omit<MeasureOptions, 'crossbars'> {
  readonly placed: PlacedCuts;
  readonly region: Region;
  /** SHA-256 of everything read for the network. */
  readonly inputs: readonly string[];
  /** Number of the station that is the first cut beside the others; those of the other cuts follow. */
  readonly besides: number;
  /** Whether queries may be started in batches: of any size then, else no more enter together than a cut has in flight. */
  readonly batching: boolean;
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
  quiet: z.strictObject({ energy: z.number().min(0), beside: z.number().min(0).max(2) }),
  inFlight: z.int().min(1),
  overlap: z.strictObject({ mean: z.array(z.array(z.number())) }),
  visits: z.array(z.strictObject({ station: z.int().min(0), work: ticks, busy: ticks.optional() })).min(1),
});

const keptBatches = z.array(
  z.strictObject({ size: z.int().min(2), answers: z.array(ticks), energy: z.number().min(0) }),
);

/**
 * Profiles of all cuts, and what they cost each other when queries of several are in flight together: for each cut a station that it
 * shares with all others, such that every mix of two takes as long as on the machine. Each is measured once, and kept
 * under a hash of all that decides it.
 */
export async function cutProfiles(request: ProfilesRequest): Promise<readonly CutProfile[]> {
  const { schedules, resident } = request.placed;
  const options = { ...request, crossbars: crossbarsIn(schedules) };
  const pairs = schedules.flatMap((_, one) =>
    // Cuts that are never on the crossbars together never meet.
    resident === undefined ? [] : schedules.slice(0, one).map((__, other) => [other, one] as const),
  );
  const steps = schedules.length + pairs.length;
  const profiles: CutProfile[] = [];
  for (const [index, schedule] of schedules.entries()) {
    request.onCut?.(index, steps);
    const { name, analog } = schedule.partition;
    const decides = {
      kind: 'profile',
      name,
      analog,
      stations: request.stations,
      crossbars: options.crossbars,
    };
    const profile = await keptOr<CutProfile>(request, decides, keptProfile, () =>
      measureCut(schedule, options),
    );
    const sizes = batchSizes(request.batching ? Number.POSITIVE_INFINITY : profile.inFlight);
    const batches = await keptOr(request, { kind: 'batches', analog, sizes }, keptBatches, () =>
      measureBatches(schedule, sizes, options),
    );
    profiles.push({ ...profile, batches });
  }
  const mixed = (cut: number) => ({ schedule: schedules[cut]!, inFlight: profiles[cut]!.inFlight });
  const mixes: MeasuredMix[] = [];
  for (const [index, cuts] of pairs.entries()) {
    request.onCut?.(schedules.length + index, steps);
    const two = [mixed(cuts[0]), mixed(cuts[1])] as const;
    for (const round of MIXES) {
      const decides = {
        ...{ kind: 'mix', round },
        cuts: two.map(({ schedule, inFlight }) => ({ analog: schedule.partition.analog, inFlight })),
      };
      const measure = () => measureMix(two, round, options);
      mixes.push({ cuts, round, interval: await keptOr(request, decides, ticks, measure) });
    }
  }
  return mixes.length === 0 ? profiles : withShared(profiles, mixes, request.besides);
}

/** Profiles with a station for each cut, from number `first` on: what it and each other cut take of what those two share. */
function withShared(
  profiles: readonly CutProfile[],
  mixes: readonly MeasuredMix[],
  first: number,
): readonly CutProfile[] {
  const stations = profiles.map((_, cut) =>
    sharedWork(
      profiles.length,
      mixes.filter(({ cuts }) => cuts.includes(cut)),
    ),
  );
  return profiles.map((profile, cut) => ({
    ...profile,
    visits: [
      ...profile.visits,
      ...stations.map((work, beside) => ({ station: first + beside, work: Math.round(work[cut]!), beside })),
    ],
  }));
}

/** What was kept under all that decides it, or else what is measured now, to be kept. */
async function keptOr<Measured>(
  { placed, region, inputs, spec, taskPolicy, memory }: ProfilesRequest,
  decides: object,
  schema: z.ZodType<Measured>,
  measure: () => Promise<Measured>,
): Promise<Measured> {
  const { resident } = placed;
  const all = {
    ...decides,
    ...{ program: programHash('time'), spec, inputs, region, resident, taskPolicy: taskPolicy.name },
  };
  const key = createHash('sha256').update(JSON.stringify(all)).digest('hex');
  const kept = schema.safeParse(await memory?.read(key));
  if (kept.success) return kept.data;
  const measured = await measure();
  await memory?.keep(key, measured);
  return measured;
}
