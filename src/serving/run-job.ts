import { loadModels } from '../load/index.ts';
import type { RandomStream } from '../base/random-stream.ts';
import { requestPolicies } from '../scheduling/request/index.ts';
import { windowPolicies } from '../scheduling/window/index.ts';
import { taskPolicies } from '../scheduling/task/index.ts';
import { CycleDevice } from './cycle-device.ts';
import type { Device } from './device.ts';
import { ProfileDevice } from './profile-device.ts';
import { Server, type ServerOptions } from './server.ts';
import type { ServingSystem } from './serving-system.ts';

/** Parameters of a registered part, told apart by `type`. */
type Parameters = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A policy of both levels, by names and parameters. */
export interface PolicyChoice {
  readonly window: Parameters;
  readonly request: readonly Parameters[];
}

/** What comes to a system, and for how long. Times in s. */
export interface LoadChoice {
  readonly load: Parameters;
  readonly duration: number;
  readonly queries: number;
  readonly drain: boolean;
  readonly warmUp: number;
  readonly window: number;
  readonly line: ServerOptions['line'];
}

/** One run: a policy against one draw of the load. Plain data. */
export interface RunJob {
  readonly load: LoadChoice;
  readonly policy: PolicyChoice;
  readonly seed: number;
  readonly replication: number;
}

/** The server of a run, on devices of the system's fidelity. */
export function serverOf(system: ServingSystem, job: RunJob, onAnswer?: ServerOptions['onAnswer']): Server {
  const { load, policy, seed, replication } = job;
  const { duration, queries, drain, warmUp, line } = load;
  return new Server({
    ...{ models: system.models, shares: system.shares, answers: system.answers },
    devices: Array.from({ length: system.devices }, () => deviceOf(system)),
    ...{ stations: system.stations, residences: system.residences },
    ...{ placement: system.placement, most: system.most, line },
    window: {
      policy: windowPolicies.get(policy.window.type),
      parameters: policy.window,
      length: load.window,
    },
    request: policy.request.map((parameters) => ({
      policy: requestPolicies.get(parameters.type),
      parameters,
    })),
    load: (random: RandomStream) => loadModels.get(load.load.type).open(load.load as never, random),
    ...{ duration, queries, drain, warmUp, seed, replication },
    firstChip: replication * system.devices,
    ...(onAnswer === undefined ? {} : { onAnswer }),
  });
}

function deviceOf({ cycle, profiles, stations }: ServingSystem): Device {
  return cycle === undefined
    ? new ProfileDevice(profiles, stations.length)
    : new CycleDevice(cycle, taskPolicies.parts[0]!, profiles, stations.length);
}
