import { Fault } from '../../base/fault.ts';
import type { CrossSimReader } from './crosssim-reader.ts';
import type { CrossbarParameters } from './parameters.ts';

/** `xbar.device`: range of conductances, errors by moment, current-voltage law. */
export function cellOf(reader: CrossSimReader): CrossbarParameters['cell'] {
  const low = reader.number('xbar.device.Rmin', 1000);
  const high = reader.number('xbar.device.Rmax', 10000);
  const infinite = reader.flag('xbar.device.infinite_on_off_ratio', false);
  const voltage = reader.number('xbar.device.Vread', 0.1);
  const days = reader.number('xbar.device.time', 0);
  const error = (moment: string) => deviceOf(reader, moment, low, voltage);
  const program = error('programming_error');
  const drift = error('drift_error');
  const read = error('read_noise');
  reader.only('xbar.device.clip_conductance', false);
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

function deviceOf(
  reader: CrossSimReader,
  moment: string,
  lowest: number,
  voltage: number,
): Device | undefined {
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
