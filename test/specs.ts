import type { ArchitectureSpec } from '../src/hardware/architecture.ts';
import type { EncodingSpec } from '../src/hardware/encoding.ts';
import type { MvmLowering } from '../src/network/operator.ts';
import type { FloorPlan } from '../src/report/floor-plan.ts';

/** What a test changes of the test chip. */
export interface SpecChanges {
  readonly chip?: Partial<ArchitectureSpec['chip']>;
  readonly tile?: Partial<ArchitectureSpec['tile']>;
  readonly crossbars?: number;
  readonly crossbar?: Partial<NonNullable<ArchitectureSpec['analogCore']>['crossbar']>;
  readonly cell?: Partial<NonNullable<ArchitectureSpec['analogCore']>['cell']>;
  /** Errors of the word-line drivers. */
  readonly dac?: { readonly gainError?: number; readonly inl?: number; readonly noise?: number };
  readonly adcBank?: Partial<NonNullable<ArchitectureSpec['analogCore']>['adcBank']>;
  readonly shiftAndAdd?: Partial<NonNullable<ArchitectureSpec['analogCore']>['shiftAndAdd']>;
  readonly encoding?: Partial<EncodingSpec>;
  readonly digitalCore?: Partial<NonNullable<ArchitectureSpec['digitalCore']>>;
}

const storage = {
  capacity: 1 << 20,
  bandwidth: 16e9,
  readEnergy: 1e-12,
  writeEnergy: 2e-12,
  area: 1e-8,
  leakage: 1e-6,
};

/** A converter with every key that its schema would fill in. */
export function sarAdc(bits: number, changes: Readonly<Record<string, unknown>> = {}) {
  const errors = { split: false, capacitorMismatch: 0, comparatorOffset: 0, noise: 0 };
  return { type: 'sar', bits, sampleRate: 1e9, energy: 0, area: 0, leakage: 0, ...errors, ...changes };
}

/** How a chip of the tests is laid out: its tiles in one row. */
export function floorPlanOf({ chip, tile, analogCore }: ArchitectureSpec): FloorPlan {
  return {
    chips: chip.count,
    tiles: chip.count * chip.tiles,
    tilesPerRow: chip.tiles,
    analogCoresPerTile: tile.analogCores,
    crossbarsPerCore: analogCore!.crossbars,
    digitalCoresPerTile: tile.digitalCores,
  };
}

/** A chip of round numbers (ns, pJ), ideal cells, for tests that compute by hand. */
export function testSpec(changes: SpecChanges = {}): ArchitectureSpec {
  return {
    name: 'test',
    description: undefined,
    technology: 32e-9,
    chip: {
      tiles: 2,
      count: 1,
      interconnect: {
        type: 'mesh',
        linkBandwidth: 4e9,
        hopLatency: 2e-9,
        hopEnergy: 1e-12,
        area: 1e-9,
        leakage: 1e-6,
      },
      memory: {
        bandwidth: 8e9,
        latency: 50e-9,
        readEnergy: 64e-12,
        writeEnergy: 64e-12,
        area: 0,
        leakage: 0,
        rowBytes: 0,
        rowMissTime: 0,
        rowMissEnergy: 0,
      },
      fixed: [],
      ...changes.chip,
    },
    tile: {
      analogCores: 4,
      digitalCores: 1,
      accumulators: 'buffer',
      buffer: storage,
      fixed: [],
      ...changes.tile,
    },
    analogCore: {
      crossbars: changes.crossbars ?? 4,
      crossbar: {
        rows: 256,
        columns: 256,
        readTime: 10e-9,
        readEnergy: 1e-15,
        reads: 'average',
        readLaw: 'square',
        area: 1e-9,
        leakage: 0,
        ...changes.crossbar,
      },
      cell: {
        bits: 8,
        onOffRatio: undefined,
        program: { type: 'ideal' },
        drift: { type: 'ideal' },
        read: { type: 'ideal' },
        iv: { type: 'linear' },
        stuckOff: 0,
        stuckOn: 0,
        ...changes.cell,
      },
      dacBank: {
        dac: {
          ...{ type: 'driver', bits: 8, energy: 1e-13, area: 1e-12, leakage: 0 },
          ...{ gainError: 0, inl: 0, noise: 0, ...changes.dac },
        },
      },
      sampleAndHold: { energy: 1e-15, area: 1e-13 },
      adcBank: {
        count: 4,
        sharedBy: 'crossbar',
        adc: sarAdc(8, { energy: 2e-12, area: 1e-9, leakage: 1e-6 }),
        range: 'max',
        rule: 'percentile',
        percentile: 99.98,
        reluAware: false,
        shape: 'symmetric',
        sliceRanges: 'free',
        ...changes.adcBank,
      },
      shiftAndAdd: { count: 8, rate: 4e9, energy: 2e-14, area: 1e-10, leakage: 0, ...changes.shiftAndAdd },
      register: storage,
      fixed: [],
    },
    digitalCore: {
      clock: 1e9,
      macArray: { rows: 16, columns: 16, macEnergy: 2e-13, area: 1e-8, leakage: 1e-6 },
      weightMemory: storage,
      vectorUnit: { lanes: 16, operationEnergy: 5e-13, area: 1e-8, leakage: 0 },
      ...changes.digitalCore,
    },
    encoding: {
      scheme: 'differential',
      pairing: 'oneSided',
      subtraction: 'analog',
      offsetRemoval: 'digital',
      weightBits: 8,
      weightSlices: 1,
      sliceLevels: 'own',
      weightPercentile: 100,
      inputBits: 8,
      inputSliceBits: 1,
      signedInputs: 'signMagnitude',
      accumulation: 'digital',
      biasRows: 0,
      weightScaling: 'column',
      ...changes.encoding,
    },
  } as ArchitectureSpec;
}

/** An MVM layer of one position (times groups) over consecutive inputs, weights zero unless given. */
export function denseLowering(shape: {
  groups?: number;
  rows: number;
  columns: number;
  positions?: number;
  weights?: Float32Array;
}): MvmLowering {
  const { groups = 1, rows, columns, positions = 1 } = shape;
  return {
    kind: 'mvm',
    activation: 0,
    groups,
    rows,
    columns,
    weights: shape.weights ?? new Float32Array(groups * rows * columns),
    bias: undefined,
    padding: undefined,
    groupStride: rows,
    positionBase: Int32Array.from({ length: positions }, (_, position) => position * groups * rows),
    rowOffset: Int32Array.from({ length: rows }, (_, row) => row),
    outputLayout: 'channelsLast',
    positions,
    required: (_input, position) => position,
  };
}
