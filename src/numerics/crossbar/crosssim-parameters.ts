import { Fault, nearestName } from '../../base/fault.ts';
import type { CrossbarParameters } from './parameters.ts';

/** Parameters of CrossSim 3.2 by their dotted names, such as `core.style` or `xbar.dac.mvm.bits`. */
export type CrossSimParameters = Readonly<Record<string, unknown>>;

/**
 * The crossbar that CrossSim 3.2 parameters describe; what is not listed has CrossSim's default. Unknown names are
 * refused, as is what has no counterpart here. Where CrossSim computes what its own documentation does not
 * intend (terminal resistance of rows on the wrong axis), the intended circuit is meant.
 */
export function crossSimParameters(overrides: CrossSimParameters): CrossbarParameters {
  const reader = new Reader(overrides);
  const result: Mutable<CrossbarParameters> = {
    encoding: encodingOf(reader),
    inputs: inputsOf(reader),
    cell: cellOf(reader),
    converter: converterOf(reader),
  };
  const wires = wiresOf(reader);
  if (wires !== undefined) result.wires = wires;
  const [rows, columns, limit] = [
    reader.number('core.rows_max', 0),
    reader.number('core.cols_max', 0),
    reader.number('xbar.array.Icol_max', 0),
  ];
  if (rows > 0) result.rows = rows;
  if (columns > 0) result.columns = columns;
  if (limit > 0) result.columnLimit = limit;
  reader.finish();
  return result;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function encodingOf(reader: Reader): CrossbarParameters['encoding'] {
  const style = reader.choice('core.style', 'BALANCED', ['BALANCED', 'OFFSET', 'BITSLICED']);
  const balanced = reader.choice('core.balanced.style', 'ONE_SIDED', ['ONE_SIDED', 'TWO_SIDED']);
  const analog = reader.flag('core.balanced.subtract_current_in_xbar', true);
  const removal = reader.choice('core.offset.style', 'DIGITAL_OFFSET', [
    'DIGITAL_OFFSET',
    'UNIT_COLUMN_SUBTRACTION',
  ]);
  const sliced = reader.choice('core.bit_sliced.style', 'BALANCED', ['BALANCED', 'OFFSET']);
  const slices = reader.number('core.bit_sliced.num_slices', 2);
  const weightBits = reader.number('core.weight_bits', 0);
  const cellBits = reader.number('xbar.device.cell_bits', 0);
  const percentile = reader.number('core.mapping.weights.percentile', 1);
  const accumulation = reader.flag('xbar.adc.mvm.adc_per_ibit', false) ? 'digital' : 'analog';
  const scheme = (style === 'BITSLICED' ? sliced : style) === 'OFFSET' ? 'offset' : 'differential';
  const offsetRemoval = removal === 'DIGITAL_OFFSET' ? 'digital' : 'unitColumn';
  const differential = scheme === 'differential';
  return {
    ...{ scheme, weightBits, accumulation },
    ...(differential ? {} : { offsetRemoval }),
    ...(differential && !analog ? { subtraction: 'digital' as const } : {}),
    ...(style === 'BALANCED' && balanced === 'TWO_SIDED' ? { pairing: 'twoSided' as const } : {}),
    ...(style === 'BITSLICED'
      ? { sliceBits: sliceBits(weightBits, slices, differential), sliceLevels: 'common' as const }
      : { cellBits }),
    weightPercentile: percentile * 100,
    percentileOf: 'tails',
    offsetScale: 'reference',
  };
}

/** Equal slices, the last one keeping the rest; slices of nothing are left out. */
function sliceBits(weightBits: number, slices: number, differential: boolean): number[] {
  const magnitude = differential ? weightBits - 1 : weightBits;
  const width = weightBits % slices === 0 ? weightBits / slices : Math.ceil(magnitude / slices);
  const bits: number[] = [];
  for (let rest = magnitude; rest > 0; rest -= width) bits.push(Math.min(width, rest));
  return bits;
}

function inputsOf(reader: Reader): CrossbarParameters['inputs'] {
  const model = reader.choice('xbar.dac.mvm.model', 'IdealDAC', [
    'IdealDAC',
    'QuantizerDAC',
    'SignMagnitudeDAC',
  ]);
  const bits = reader.number('xbar.dac.mvm.bits', 0);
  const sliced = reader.flag('xbar.dac.mvm.input_bitslicing', false);
  const sliceSize = reader.number('xbar.dac.mvm.slice_size', 1);
  const quantized = model !== 'IdealDAC' && bits > 0;
  const percentile = reader.number('core.mapping.inputs.mvm.percentile', 0);
  return {
    low: reader.number('core.mapping.inputs.mvm.min', -1),
    high: reader.number('core.mapping.inputs.mvm.max', 1),
    signed: reader.flag('xbar.dac.mvm.signed', true),
    bits: quantized ? bits : 0,
    codes: quantized && model === 'SignMagnitudeDAC' ? 'odd' : 'all',
    sliceBits: quantized && sliced ? sliceSize : 0,
    ...(percentile > 0 ? { percentile } : {}),
  };
}

function cellOf(reader: Reader): CrossbarParameters['cell'] {
  const low = reader.number('xbar.device.Rmin', 1000);
  const high = reader.number('xbar.device.Rmax', 10000);
  const infinite = reader.flag('xbar.device.infinite_on_off_ratio', false);
  const voltage = reader.number('xbar.device.Vread', 0.1);
  const days = reader.number('xbar.device.time', 0);
  const error = (moment: string) => deviceOf(reader, moment, low, voltage);
  const program = error('programming_error');
  const drift = error('drift_error');
  const read = error('read_noise');
  const nonlinear = reader.flag('xbar.device.nonlinear_IV.enable', false);
  const law = reader.choice('xbar.device.nonlinear_IV.model', 'IdealDevice', [
    'IdealDevice',
    'CubicDevice',
    'RRAMMilo',
  ]);
  if (days > 0 && drift?.type !== 'sonos') {
    throw new Fault('xbar.device.time: only SONOS drifts with time', {
      cure: 'enable xbar.device.drift_error',
    });
  }
  const aged =
    days > 0 ? { type: 'sonosDrift', maxCurrent: current(voltage, low), after: `${days} day` } : undefined;
  return {
    ...(infinite ? {} : { onOffRatio: high / low }),
    ...(aged === undefined && program !== undefined ? { program } : {}),
    ...(aged === undefined ? {} : { drift: aged }),
    ...(read === undefined ? {} : { read: read.type === 'sonos' ? { ...read, type: 'sonosRead' } : read }),
    ...(nonlinear && law === 'CubicDevice' ? { iv: { type: 'cubic', readVoltage: `${voltage} V` } } : {}),
    ...(nonlinear && law === 'RRAMMilo'
      ? { iv: { type: 'rram', readVoltage: `${voltage} V`, maxConductance: `${1e6 / low} uS` } }
      : {}),
  };
}

interface Device {
  readonly type: string;
  readonly [key: string]: unknown;
}

function deviceOf(reader: Reader, moment: string, lowest: number, voltage: number): Device | undefined {
  const path = `xbar.device.${moment}`;
  const enabled = reader.flag(`${path}.enable`, false);
  const magnitude = reader.number(`${path}.magnitude`, 0);
  const known = [...GENERIC.keys(), 'IdealDevice', 'PCMJoshi', 'RRAMMilo', 'RRAMWan', 'SONOS'];
  const model = reader.choice(`${path}.model`, 'IdealDevice', known);
  if (!enabled || model === 'IdealDevice') return undefined;
  const generic = GENERIC.get(model);
  if (generic !== undefined) {
    // The reference's uniform error is as wide as its magnitude.
    const sigma = generic.type === 'uniform' ? magnitude / Math.sqrt(12) : magnitude;
    return { ...generic, sigma };
  }
  if (model === 'SONOS') return { type: 'sonos', maxCurrent: current(voltage, lowest) };
  const types: Record<string, string> = { PCMJoshi: 'pcm', RRAMMilo: 'rram', RRAMWan: 'rramWan' };
  return { type: types[model]!, maxConductance: `${1e6 / lowest} uS` };
}

const GENERIC = new Map(
  (['Normal', 'Uniform'] as const).flatMap((law) =>
    (['Independent', 'Proportional', 'InverseProportional'] as const).map((kind) => [
      `${law}${kind}Device`,
      {
        type: law === 'Normal' ? 'normal' : 'uniform',
        law: kind === 'Independent' ? 'independent' : kind === 'Proportional' ? 'proportional' : 'inverse',
      },
    ]),
  ),
);

function current(voltage: number, resistance: number): string {
  return `${(voltage / resistance) * 1e9} nA`;
}

function converterOf(reader: Reader): CrossbarParameters['converter'] {
  const known = [
    'IdealADC',
    'QuantizerADC',
    'SignMagnitudeADC',
    'RampADC',
    'SarADC',
    'PipelineADC',
    'CyclicADC',
  ];
  const model = reader.choice('xbar.adc.mvm.model', 'IdealADC', known);
  const bits = reader.number('xbar.adc.mvm.bits', 0);
  const signed = reader.flag('xbar.adc.mvm.signed', true);
  const option = reader.choice('xbar.adc.mvm.adc_range_option', 'CALIBRATED', [
    'CALIBRATED',
    'MAX',
    'GRANULAR',
  ]);
  const gain = reader.number('xbar.adc.mvm.gain_db', 100);
  const stages = model === 'PipelineADC' || model === 'CyclicADC';
  const mismatch = stages ? stageMismatch(reader) : reader.number('xbar.adc.mvm.sigma_capacitor', 0);
  const symmetric = reader.flag('xbar.adc.mvm.symmetric_cdac', true);
  // Columns of a group have one converter; here all do.
  reader.number('xbar.adc.mvm.group_size', 8);
  const offset = reader.number('xbar.adc.mvm.sigma_comparator', 0);
  const split = reader.flag('xbar.adc.mvm.split_cdac', true);
  const limits = reader.limits('xbar.adc.mvm.calibrated_range');
  if (model === 'IdealADC' || bits === 0) return { adc: { type: 'ideal' } };
  const circuit = CIRCUITS[model];
  const range = (['max', 'granular', 'given'] as const)[['MAX', 'GRANULAR', 'CALIBRATED'].indexOf(option)]!;
  if (circuit === undefined) {
    const levels = model === 'SignMagnitudeADC' ? 2 ** bits - 1 : 2 ** bits;
    return { adc: { type: 'sar', bits, levels }, range, signed, ...(range === 'given' ? { limits } : {}) };
  }
  const errors = {
    amplifierGain: gain,
    capacitorMismatch: mismatch,
    comparatorOffset: (offset * 2 ** bits) / 2,
  };
  const array = circuit === 'sar' ? { split } : circuit === 'ramp' ? { symmetric } : {};
  const adc = { type: circuit, bits, ...errors, ...array };
  // Its circuits always span both signs, ± the larger limit.
  const both = limits?.map(([low, high]): [number, number] => {
    const most = Math.max(Math.abs(low), Math.abs(high));
    return [-most, most];
  });
  return { adc, range, ...(range === 'given' ? { limits: both } : {}) };
}

/** Mismatch of both capacitors of a stage. */
function stageMismatch(reader: Reader): number {
  const [first, second, parasitic] = ['sigma_C1', 'sigma_C2', 'sigma_Cpar'].map((name) =>
    reader.number(`xbar.adc.mvm.${name}`, 0),
  );
  if (first !== second || parasitic !== 0) {
    throw new Fault(
      'xbar.adc.mvm.sigma_C1: stages have one mismatch for both capacitors, and no random parasitics',
      {
        cure: 'set sigma_C2 to sigma_C1, and sigma_Cpar to 0',
      },
    );
  }
  return first!;
}

const CIRCUITS: Readonly<Record<string, string>> = {
  RampADC: 'ramp',
  SarADC: 'sar',
  PipelineADC: 'pipeline',
  CyclicADC: 'cyclic',
};

function wiresOf(reader: Reader): CrossbarParameters['wires'] {
  const path = 'xbar.array.parasitics';
  const enabled = reader.flag(`${path}.enable`, false);
  const unit = 1 / reader.number('xbar.device.Rmin', 1000);
  const row = reader.number(`${path}.Rp_row`, 0) * unit;
  const column = reader.number(`${path}.Rp_col`, 0) * unit;
  const rowTerminal = reader.number(`${path}.Rp_row_terminal`, 0) * unit;
  const columnTerminal = reader.number(`${path}.Rp_col_terminal`, 0) * unit;
  const inputSourced = reader.flag(`${path}.current_from_input`, true);
  const selected = reader.choice(`${path}.selected_rows`, 'top', ['top', 'bottom']);
  const interleaved = reader.flag('core.balanced.interleaved_posneg', false);
  if (!enabled) return undefined;
  return {
    ...{ row, column, rowTerminal, columnTerminal },
    topology: inputSourced ? 'inputSourced' : 'gated',
    pairs: interleaved ? 'interleaved' : 'separate',
    // An input-sourced block is solved as if its crossbar ended with it.
    unusedRows: inputSourced || selected === 'bottom' ? 'atFarEnd' : 'atOutput',
  };
}

/** Reads names once each, so that those that nothing reads can be refused. */
class Reader {
  readonly #overrides: CrossSimParameters;
  readonly #known = new Set<string>(SOLVER);

  constructor(overrides: CrossSimParameters) {
    this.#overrides = overrides;
  }

  number(name: string, byDefault: number): number {
    const value = this.#read(name) ?? byDefault;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name, value, 'a number');
    return value;
  }

  flag(name: string, byDefault: boolean): boolean {
    const value = this.#read(name) ?? byDefault;
    if (typeof value !== 'boolean') throw this.#wrong(name, value, 'true or false');
    return value;
  }

  choice<const Name extends string>(name: string, byDefault: Name, names: readonly Name[]): Name {
    const value = this.#read(name) ?? byDefault;
    const found = names.find((known) => known === value);
    if (found === undefined) throw this.#wrong(name, value, `one of ${names.join(', ')}`);
    return found;
  }

  limits(name: string): [number, number][] | undefined {
    const value = this.#read(name);
    if (value === undefined || value === null) return undefined;
    const pairs = Array.isArray(value) && Array.isArray(value[0]) ? (value as unknown[]) : [value];
    return pairs.map((pair) => {
      if (Array.isArray(pair) && pair.length === 2 && pair.every((limit) => typeof limit === 'number')) {
        return [pair[0] as number, pair[1] as number];
      }
      throw this.#wrong(name, value, '[low, high], or one for each slice');
    });
  }

  finish(): void {
    for (const name of Object.keys(this.#overrides)) {
      if (this.#known.has(name)) continue;
      const near = nearestName(name, this.#known);
      throw new Fault(`${name}: no such CrossSim parameter, or none with a counterpart`, {
        cure: near === undefined ? undefined : `did you mean ${near}?`,
      });
    }
  }

  #read(name: string): unknown {
    this.#known.add(name);
    return this.#overrides[name];
  }

  #wrong(name: string, value: unknown, needed: string): Fault {
    return new Fault(`${name}: ${JSON.stringify(value)}`, { cure: `needs ${needed}` });
  }
}

/** What steers CrossSim's iteration: there is none here. */
const SOLVER = [
  'simulation.relaxation_gamma',
  'simulation.hide_convergence_msg',
  'simulation.Verr_th_mvm',
  'simulation.Niters_max_parasitics',
  'simulation.fast_balanced',
  'simulation.useGPU',
];
