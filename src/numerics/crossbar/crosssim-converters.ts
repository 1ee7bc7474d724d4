import { Fault } from '../../base/fault.ts';
import { type CrossSimReader, styleOf } from './crosssim-reader.ts';
import type { CrossbarParameters } from './parameters.ts';

/** `xbar.adc.mvm`. */
export function converterOf(reader: CrossSimReader): CrossbarParameters['converter'] {
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
  const options = ['CALIBRATED', 'MAX', 'GRANULAR'] as const;
  const option = reader.choice('xbar.adc.mvm.adc_range_option', 'CALIBRATED', options, [1, 2, 3]);
  reader.only('xbar.adc.mvm.stochastic_rounding', false);
  const gain = reader.number('xbar.adc.mvm.gain_db', 100);
  const stages = model === 'PipelineADC' || model === 'CyclicADC';
  const mismatch = stages ? stageMismatch(reader) : reader.number('xbar.adc.mvm.sigma_capacitor', 0);
  const symmetric = reader.flag('xbar.adc.mvm.symmetric_cdac', true);
  // Columns of a group have one converter; here all do.
  reader.number('xbar.adc.mvm.group_size', 8);
  const offset = reader.number('xbar.adc.mvm.sigma_comparator', 0);
  const split = reader.flag('xbar.adc.mvm.split_cdac', true);
  reader.limits('xbar.adc.mvm.calibrated_range');
  if (model === 'IdealADC' || bits === 0) return { adc: { type: 'ideal' } };
  const circuit = CIRCUITS[model];
  const limits = option === 'CALIBRATED' ? limitsOf(reader) : undefined;
  const range = {
    ...{ range: RANGES[option], signed: bothSigns(reader) },
    ...(limits === undefined ? {} : { limits }),
  };
  if (model === 'SignMagnitudeADC') {
    if (!signed) {
      throw new Fault('xbar.adc.mvm.signed: converters of sign and magnitude are signed', {
        cure: 'use QuantizerADC',
      });
    }
    const skewed = limits?.find(([low, high]) => low !== -high);
    if (skewed !== undefined) {
      throw new Fault(`xbar.adc.mvm.calibrated_range: [${skewed.join(', ')}] is not symmetric about 0`, {
        cure: 'use QuantizerADC, or a symmetric range',
      });
    }
  }
  if (circuit === undefined) {
    const levels = model === 'SignMagnitudeADC' ? 2 ** bits - 1 : 2 ** bits;
    return { adc: { type: 'sar', bits, levels }, ...range };
  }
  const errors = {
    amplifierGain: gain,
    capacitorMismatch: mismatch,
    comparatorOffset: (offset * 2 ** bits) / 2,
  };
  const array = circuit === 'sar' ? { split } : circuit === 'ramp' ? { symmetric } : {};
  const adc = { type: circuit, bits, ...errors, ...array };
  return { adc, ...range, circuitSpan: 'mirrored' };
}

/** Whether ranges MAX and GRANULAR span both signs, whatever `signed` of the converter says. */
function bothSigns(reader: CrossSimReader): boolean {
  const { style, differential } = styleOf(reader);
  if (reader.flag('xbar.dac.mvm.signed', true)) return true;
  return (
    differential && (style === 'BITSLICED' || reader.flag('core.balanced.subtract_current_in_xbar', true))
  );
}

function limitsOf(reader: CrossSimReader): [number, number][] {
  const limits = reader.limits('xbar.adc.mvm.calibrated_range');
  if (limits !== undefined) return limits;
  throw new Fault('xbar.adc.mvm.calibrated_range: missing for CALIBRATED', {
    cure: 'add [low, high], of each slice if weights are sliced',
  });
}

const RANGES = { CALIBRATED: 'given', MAX: 'max', GRANULAR: 'granular' } as const;

/** Mismatch of both capacitors of a stage. */
function stageMismatch(reader: CrossSimReader): number {
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
