import fc from 'fast-check';
import { Fault } from '../../src/base/fault.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { type LoweredNetwork, lowerNetwork } from '../../src/mapping/lowered-network.ts';
import type { Partition } from '../../src/mapping/partition/partition.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { NetworkDraft } from '../numerics/sample-networks.ts';
import { sarAdc, testSpec } from '../specs.ts';

type Step =
  | {
      readonly kind: 'conv';
      readonly outputs: number;
      readonly kernel: number;
      readonly stride: number;
      readonly pad: number;
    }
  | { readonly kind: 'pool' | 'relu' }
  /** Adds the output of so many layers ago, where shapes agree. */
  | { readonly kind: 'join'; readonly back: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('conv' as const),
    outputs: fc.constantFrom(2, 4),
    kernel: fc.constantFrom(1, 2, 3),
    stride: fc.constantFrom(1, 1, 2),
    pad: fc.constantFrom(0, 1),
  }),
  fc.record({
    kind: fc.constant('conv' as const),
    outputs: fc.constant(4),
    kernel: fc.constant(3),
    stride: fc.constant(1),
    pad: fc.constant(1),
  }),
  fc.record({ kind: fc.constantFrom('pool' as const, 'relu' as const) }),
  fc.record({ kind: fc.constant('join' as const), back: fc.integer({ min: 1, max: 6 }) }),
);

/** Small networks of windows with strides and padding, pools, and edges that join branches of different depth. */
export const networks = fc.record({
  side: fc.integer({ min: 3, max: 9 }),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  head: fc.boolean(),
  /** The answer is that of so many layers before the last: what comes after it is read by nobody. */
  before: fc.constantFrom(0, 0, 0, 1),
});
export type NetworkShape = typeof networks extends fc.Arbitrary<infer T> ? T : never;

export function networkOf({ side, steps, head, before }: NetworkShape): LoweredNetwork {
  const draft = new NetworkDraft([1, 4, side, side]);
  const shapes = new Map<number, string>([[-1, `4 ${side}`]]);
  let [last, channels, size] = [-1, 4, side];
  const add = (layer: number) => {
    last = layer;
    shapes.set(layer, `${channels} ${size}`);
  };
  for (const made of steps) {
    if (made.kind === 'conv') {
      const { outputs, kernel, stride, pad } = made;
      const out = Math.floor((size + 2 * pad - kernel) / stride) + 1;
      if (out < 1 || pad >= kernel) continue;
      const layer = draft.conv(last, outputs, kernel, { stride, pad });
      [channels, size] = [outputs, out];
      add(layer);
    } else if (made.kind === 'pool') {
      if (size < 2) continue;
      const layer = draft.pool(last);
      size = Math.floor(size / 2);
      add(layer);
    } else if (made.kind === 'relu') {
      if (last >= 0) add(draft.add('relu', [last]));
    } else {
      const other = [...shapes.keys()]
        .filter((layer) => layer < last)
        .at(-(made as Extract<Step, { kind: 'join' }>).back);
      if (other === undefined || shapes.get(other) !== `${channels} ${size}`) continue;
      add(draft.add('add', [last, other]));
    }
  }
  if (last < 0) add(draft.conv(last, 4, 1));
  if (head) draft.dense(draft.flatten(last), 5);
  const lowered = draft.lower(false);
  const output = Math.max(0, lowered.network.output - before);
  return before === 0 ? lowered : lowerNetwork({ ...lowered.network, output }, false);
}

/** Chips from one tile to a few, with ports from slow to fast, converters of their own or shared. */
export const chips = fc.record({
  tiles: fc.integer({ min: 1, max: 5 }),
  analogCores: fc.integer({ min: 2, max: 16 }),
  crossbars: fc.integer({ min: 1, max: 3 }),
  digitalCores: fc.integer({ min: 1, max: 3 }),
  rows: fc.constantFrom(12, 64),
  converters: fc.integer({ min: 1, max: 8 }),
  sharedBy: fc.constantFrom('core' as const, 'crossbar' as const),
  inputSliceBits: fc.constantFrom(1, 2, 8),
  buffer: fc.constantFrom(1e9, 16e9, 1e12),
  bufferCapacity: fc.constantFrom(1, 400, 1 << 20),
  link: fc.constantFrom(1e9, 4e9, 1e12),
  memory: fc.constantFrom<number[]>(1e9, 8e9, 1e12),
  type: fc.constantFrom('mesh' as const, 'tree' as const, 'bus' as const),
  sampleRate: fc.constantFrom(1e8, 1e9),
  count: fc.constantFrom(1, 1, 2),
  accumulators: fc.constantFrom('buffer' as const, 'buffer' as const, 'vectorUnit' as const),
  /** Ticks of a lock step; 0: none. */
  cycle: fc.constantFrom(0, 0, 100_000, 7_300),
  /** Bytes of weights that a digital core holds. */
  weights: fc.constantFrom(1 << 20, 1 << 20, 200, 20),
  /** Networks larger than the chip come part by part, so many inferences each. */
  batch: fc.constantFrom(0, 0, 1, 3),
});
export type ChipShape = typeof chips extends fc.Arbitrary<infer T> ? T : never;

export function chipOf(chip: ChipShape): ArchitectureSpec {
  const base = testSpec();
  const spec = testSpec({
    chip: {
      tiles: chip.tiles,
      count: chip.count,
      chipLink: { bandwidth: 2e9, latency: 30e-9, energy: 1e-12 },
      interconnect: { ...base.chip.interconnect, type: chip.type, linkBandwidth: chip.link },
      memory: { ...base.chip.memory, bandwidth: chip.memory },
    },
    tile: {
      analogCores: chip.analogCores,
      digitalCores: chip.digitalCores,
      accumulators: chip.accumulators,
      cycle: chip.cycle === 0 ? undefined : chip.cycle * 1e-12,
      buffer: { ...base.tile.buffer, bandwidth: chip.buffer, capacity: chip.bufferCapacity },
    },
    crossbars: chip.crossbars,
    crossbar: { rows: chip.rows },
    adcBank: {
      count: chip.converters,
      sharedBy: chip.sharedBy,
      adc: sarAdc(8, { sampleRate: chip.sampleRate }) as never,
    },
    encoding: { inputSliceBits: chip.inputSliceBits },
    digitalCore: { weightMemory: { ...base.digitalCore!.weightMemory!, capacity: chip.weights } },
  });
  if (chip.batch === 0) return spec;
  const programming = { rowTime: 1e-7, cellEnergy: 1e-12, batch: chip.batch };
  return { ...spec, analogCore: { ...spec.analogCore!, programming } } as ArchitectureSpec;
}

/** Which of the layers with weights lie on crossbars. */
export const splits = fc.constantFrom('none', 'all', 'all', 'first', 'last', 'even');
export const policyNames = fc.constantFrom(...taskPolicies.names);

/** The schedule of a split; undefined where the chip has too few crossbars for it. */
export function planOf(lowered: LoweredNetwork, spec: ArchitectureSpec, split: string): Schedule | undefined {
  const layers = lowered.candidates.map(({ layer }) => layer);
  const analog = layers.filter(
    (_, at) =>
      split === 'all' ||
      (split === 'first' && at === 0) ||
      (split === 'last' && at === layers.length - 1) ||
      (split === 'even' && at % 2 === 0),
  );
  try {
    return buildSchedule(lowered, { name: split, analog } as Partition, spec);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
