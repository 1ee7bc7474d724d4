import { scenarioSchema } from '../../src/input/scenario.ts';
import { loadModels } from '../../src/load/index.ts';
import { requestPolicies } from '../../src/scheduling/request/index.ts';
import { windowPolicies } from '../../src/scheduling/window/index.ts';

const knownKeys = [...Object.keys(scenarioSchema.shape), 'parameters'].join(', ');
const known = ({ names }: { readonly names: readonly string[] }) => `known: ${names.join(', ')}`;

/** One way to spoil the good scenario, and the first line of what is said. */
export interface BadScenario {
  readonly what: string;
  /** Text to find in the good scenario (once) and what to put there. */
  readonly edit: readonly [find: string, replace: string];
  /** The first line, FILE standing for the scenario, FOLDER for where it lies. */
  readonly says: string;
}

const LOAD = '{ type: poisson, rate: 0.5 * capacity }';
const steps = (rates: string): readonly [string, string] => [LOAD, `{ type: steps, rates: [${rates}] }`];

/** A small network, whose accuracy is given; WORKLOAD stands for its file. */
export const goodScenario = `name: good
models:
  - workload: WORKLOAD
    cuts: [digital, analog]
    deadline: 10 * latency
    accuracy: { digital: 90 %, analog: 85 % }
load: ${LOAD}
duration: 400 * interval
window: 100 * interval
line: { capacity: 100 }
policies:
  mine: { window: { type: forecast }, request: [{ type: edf }] }
  plain: { window: { type: static, cut: analog } }
`;

export const badScenarios: readonly BadScenario[] = [
  // Names.
  {
    what: 'a workload that is not there',
    edit: ['WORKLOAD', 'none.yaml'],
    says: 'FOLDER/none.yaml: no such file (check the name of the file)',
  },
  {
    what: 'an unknown key',
    edit: ['duration:', 'durations:'],
    says: `FILE:8:1 durations: unknown key (did you mean duration? known: ${knownKeys})`,
  },
  {
    what: 'an unknown key of a model',
    edit: ['    deadline:', '    dedline:'],
    says: 'FILE:5:5 models[0].dedline: unknown key (did you mean deadline? known: workload, name, share, cuts, deadline, devices, crossbars, accuracy)',
  },
  {
    what: 'an unknown key of a load',
    edit: ['capacity }\nduration', 'capacity, burst: 3 }\nduration'],
    says: 'FILE:7:46 load.burst: unknown key (known: type, rate)',
  },
  {
    what: 'an unknown key of a policy',
    edit: ['forecast }', 'forecast, hedroom: 5 % }'],
    says: 'FILE:12:37 policies.mine.window.hedroom: unknown key (did you mean headroom? known: type, smoothing, trend, headroom, percentile, variability, hold, mix)',
  },
  {
    what: 'an unknown load',
    edit: ['type: poisson', 'type: poison'],
    says: `FILE:7:15 load.type: unknown type "poison" (did you mean poisson? ${known(loadModels)})`,
  },
  {
    what: 'an unknown policy of the upper level',
    edit: ['forecast }', 'forecats }'],
    says: `FILE:12:27 policies.mine.window.type: unknown type "forecats" (did you mean forecast? ${known(windowPolicies)})`,
  },
  {
    what: 'an unknown policy of the lower level',
    edit: ['type: edf', 'type: efd'],
    says: `FILE:12:57 policies.mine.request[0].type: unknown type "efd" (did you mean edf? ${known(requestPolicies)})`,
  },
  {
    what: 'an unknown cut',
    edit: ['[digital, analog]', '[digital, anlog]'],
    says: 'FILE:4:21 models[0].cuts[1]: unknown schedule "anlog" (did you mean analog? known: digital, analog, prefix, suffix, layers)',
  },
  {
    what: 'a cut beyond the network',
    edit: ['[digital, analog]', "['prefix:9', digital]"],
    says: 'FILE:4:12 models[0].cuts[0]: schedule prefix:K needs a number of layers K, got "9" (K from 0 to 3, such as prefix:2)',
  },
  {
    what: 'a cut twice',
    edit: ['[digital, analog]', '[digital, digital]'],
    says: 'FILE:4:5 models[0].cuts: digital is listed twice (keep one)',
  },
  {
    what: 'a policy with a cut that no model has',
    edit: ['cut: analog', 'cut: prefix:2'],
    says: 'FILE:13:41 policies.plain.window.cut: no model has a cut "prefix:2" (cuts: digital, analog)',
  },
  {
    what: 'the accuracy of a cut that is not served',
    edit: ['analog: 85 %', "'prefix:1': 85 %"],
    says: 'FILE:6:32 models[0].accuracy.prefix:1: prefix:1 is not among the cuts (cuts: digital, analog)',
  },
  {
    what: 'a cut without its accuracy',
    edit: [', analog: 85 %', ''],
    says: "FILE:6:5 models[0].accuracy: the accuracy of analog is missing (add 'analog': 90 %)",
  },
  {
    what: 'a device that is not there',
    edit: ['    deadline:', '    devices: [1]\n    deadline:'],
    says: 'FILE:5:5 models[0].devices: there is no device 1 (devices: 1, numbered from 0)',
  },
  {
    what: 'crossbars that are too few',
    edit: ['    deadline:', '    crossbars: 1\n    deadline:'],
    says: 'FILE:3:5 models[0]: 3 analog layers need 4 crossbars (/0/Gemm alone 2), its share of the chip has 1 (raise chip.tiles to 16, use larger crossbars, more chips (chip.count), or a schedule with fewer analog layers)',
  },
  {
    what: 'crossbars that are too few for the second model',
    edit: [
      '85 % }\nload: ',
      '85 % }\n  - {workload: WORKLOAD, name: second, cuts: [analog], crossbars: 1, deadline: 1 ms, accuracy: {analog: 85 %}}\nload: ',
    ],
    says: 'FILE:7:5 models[1]: 3 analog layers need 4 crossbars (/0/Gemm alone 2), its share of the chip has 1 (raise chip.tiles to 16, use larger crossbars, more chips (chip.count), or a schedule with fewer analog layers)',
  },
  {
    what: 'an unknown name in arithmetic',
    edit: ['0.5 * capacity', '0.5 * capasity'],
    says: 'FILE:7:30 load.rate: unknown unit or parameter capasity (did you mean capacity? parameters: capacity, fastest, latency, interval)',
  },
  {
    what: 'a trace that is not there',
    edit: [LOAD, '{ type: trace, file: none.csv }'],
    says: 'FOLDER/none.csv: no such file (check the name of the file)',
  },
  // Numbers.
  {
    what: 'a negative rate',
    edit: ['0.5 * capacity', '-0.5 * capacity'],
    says: 'FILE:7:30 load.rate: -0.5 * capacity = -500000 1/s is too small (more than 0 1/s)',
  },
  {
    what: 'a rate of NaN',
    edit: ['0.5 * capacity', '.nan'],
    says: 'FILE:7:30 load.rate: NaN is not a finite number (needs a frequency, such as 200 kHz)',
  },
  {
    what: 'a rate of 0 / 0',
    edit: ['0.5 * capacity', '0 / 0 * capacity'],
    says: 'FILE:7:30 load.rate: "0 / 0 * capacity" is not a finite number (look for a division by zero or a huge power)',
  },
  {
    what: 'an infinite rate',
    edit: ['0.5 * capacity', 'capacity / 0'],
    says: 'FILE:7:30 load.rate: "capacity / 0" is not a finite number (look for a division by zero or a huge power)',
  },
  {
    what: 'a rate that is a time',
    edit: ['0.5 * capacity', '5 ms'],
    says: 'FILE:7:30 load.rate: "5 ms" is a time (needs a frequency, such as 200 kHz)',
  },
  {
    what: 'steps that are not in order',
    edit: steps('{ at: 0, rate: 1 kHz }, { at: 2 s, rate: 2 kHz }, { at: 1 s, rate: 1 kHz }'),
    says: 'FILE:7:86 load.rates[2].at: is not after the one before (sort rates by time)',
  },
  {
    what: 'steps with a negative rate',
    edit: steps('{ at: 0, rate: -1 kHz }'),
    says: 'FILE:7:45 load.rates[0].rate: -1000 1/s is too small (at least 0 1/s)',
  },
  {
    what: 'steps that bring nothing',
    edit: steps('{ at: 0, rate: 0 }'),
    says: 'FILE:7:22 load.rates: no query ever comes (give one a rate above 0)',
  },
  {
    what: 'a duration of 0',
    edit: ['400 * interval', '0 s'],
    says: 'FILE:8:11 duration: 0 s is too small (more than 0 s)',
  },
  {
    what: 'a negative duration',
    edit: ['400 * interval', '-1 s'],
    says: 'FILE:8:11 duration: -1 s is too small (more than 0 s)',
  },
  {
    what: 'a duration of NaN',
    edit: ['400 * interval', '.nan'],
    says: 'FILE:8:11 duration: NaN is not a finite number (needs a time, such as 100 ns)',
  },
  {
    what: 'a duration beyond what ticks count',
    edit: ['400 * interval', '1e6 s'],
    says: 'FILE:8:11 duration: 1 Ms is too large (at most 9 ks)',
  },
  {
    what: 'windows without number',
    edit: ['100 * interval', '1e-6 * interval'],
    says: 'FILE:9:9 window: 400,000,000 windows in the duration (at most 100,000: make it longer)',
  },
  {
    what: 'a window of 0',
    edit: ['100 * interval', '0 s'],
    says: 'FILE:9:9 window: 0 s is too small (more than 0 s)',
  },
  {
    what: 'a warm-up as long as the duration',
    edit: ['\nline:', '\nwarmUp: 400 * interval\nline:'],
    says: 'FILE:10:9 warmUp: nothing comes after the warm-up (make it shorter than duration)',
  },
  {
    what: 'a deadline of 0',
    edit: ['10 * latency', '0 s'],
    says: 'FILE:5:15 models[0].deadline: 0 s is too small (more than 0 s)',
  },
  {
    what: 'a line of −1',
    edit: ['capacity: 100 }', 'capacity: -1 }'],
    says: 'FILE:10:19 line.capacity: -1 is too small (at least 0)',
  },
  {
    what: 'an accuracy beyond 1',
    edit: ['analog: 85 %', 'analog: 85'],
    says: 'FILE:6:40 models[0].accuracy.analog: 85 is too large (at most 1)',
  },
  {
    what: 'no query at all',
    edit: ['\nline:', '\nqueries: 0\nline:'],
    says: 'FILE:10:10 queries: 0 is too small (at least 1)',
  },
  {
    what: 'models without a share',
    edit: ['    deadline:', '    share: 0\n    deadline:'],
    says: 'FILE:2:1 models: no model has a share (give one a share above 0)',
  },
  {
    what: 'a best-static policy with a cut that the model does not have',
    edit: ['{ type: static, cut: analog }', '{ type: best-static, cuts: { mlp-relu: prefix:1 } }'],
    says: 'FILE:13:59 policies.plain.window.cuts.mlp-relu: no model has a cut "prefix:1" (cuts: digital, analog)',
  },
  {
    what: 'a best-static policy with a model that is not served',
    edit: ['{ type: static, cut: analog }', '{ type: best-static, cuts: { lenet5: analog } }'],
    says: 'FILE:13:57 policies.plain.window.cuts.lenet5: there is no model lenet5 (models: mlp-relu)',
  },
];
