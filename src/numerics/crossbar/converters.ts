import type { AdcSteps } from '../../hardware/adc/adc.ts';
import { adcModels } from '../../hardware/adc/index.ts';
import { roundHalfEven } from '../../network/quantization.ts';
import type { CrossbarSettings } from './parameters.ts';

/** A converter over currents in units of a cell fully on: what it gives back for one. */
export type Converter = (current: number, noise: () => number) => number;

/** Which currents a converter sees. */
export interface Conversion {
  readonly rows: number;
  /** Index of the weight slice, and the level of a cell fully on (0: a whole weight). */
  readonly slice: number;
  readonly levelMax: number;
  /** Whether the currents of pairs meet before it. */
  readonly pairs: boolean;
}

/**
 * The converter of a plane. Codes of an ideal one stand for equally many steps between the limits, both included; a
 * range symmetric about 0 uses an odd number of codes unless `levels` says otherwise. Circuit models map the limits
 * onto their own steps.
 *
 * Ranges (m = bits of the inputs' magnitude, y in currents of a cell fully on):
 * max: ± or 0 … all rows fully driven; offset slices as CrossSim: 2^round(log₂ rows) · 2^b / (2^b − 1) · (2^B − 1) / 2^B ·
 * 2^m / (2^m − 1). granular: as many of the smallest steps, 2^−weightBits or 1 / (2^b − 1), times 2^m / (2^m − 1), as
 * the converter has codes.
 */
export function converterOf(settings: CrossbarSettings, plane: Conversion, normal: () => number): Converter {
  const { converter } = settings;
  const model = adcModels.get(converter.adc.type);
  const { levels, grid, noise, fabricate } = model.behaviour(converter.adc as never);
  if (levels === 0) return (current) => current;
  const [low, high] = limitsOf(settings, plane, levels);
  if (grid === 'centres') {
    const steps = fabricate!(normal);
    const mirrored = converter.circuitSpan === 'mirrored';
    const most = Math.max(Math.abs(low), Math.abs(high));
    const [middle, half] = mirrored ? [0, most] : [(low + high) / 2, (high - low) / 2];
    return (current, draw) => {
      const sigma = noise > 0 ? (noise * draw() * 2) / levels : 0;
      const seen = mirrored ? Math.max(Math.min(current, high), low) : current;
      const code = codeOf(steps, (seen - middle) / half + sigma);
      return middle + (half * (2 * code + 1 - levels)) / levels;
    };
  }
  const given = converter.adc['levels'] !== undefined;
  const codes = low === -high && !given && levels % 2 === 0 ? levels - 1 : levels;
  const step = (high - low) / (codes - 1);
  return (current, draw) => {
    const noisy = noise > 0 ? current + noise * draw() * step : current;
    return roundHalfEven((Math.max(Math.min(noisy, high), low) - low) / step) * step + low;
  };
}

/** The code of the interval that u lies in; a threshold belongs to the interval below it. */
function codeOf({ thresholds, codes }: AdcSteps, u: number): number {
  let below = 0;
  let above = thresholds.length;
  while (below < above) {
    const middle = (below + above) >> 1;
    if (u > thresholds[middle]!) below = middle + 1;
    else above = middle;
  }
  return codes[below]!;
}

function limitsOf(settings: CrossbarSettings, plane: Conversion, levels: number): readonly [number, number] {
  const { converter, inputs, encoding } = settings;
  const { rows, slice, levelMax, pairs } = plane;
  const sliced = levelMax > 0;
  if (converter.range === 'given') return converter.limits![converter.limits!.length === 1 ? 0 : slice]!;
  const bothSigns = converter.signed ?? (inputs.signed || pairs);
  const magnitude = inputs.signed ? inputs.bits - 1 : inputs.bits;
  const correction = inputs.bits === 0 ? 1 : 2 ** magnitude / (2 ** magnitude - 1);
  const all = 2 ** Math.ceil(Math.log2(levels));
  if (converter.range === 'granular') {
    const step = correction * (sliced ? 1 / levelMax : 2 ** -encoding.weightBits);
    const most = step * (bothSigns ? all / 2 - 1 : all - 1);
    return [bothSigns ? -most : 0, most];
  }
  if (!sliced || encoding.scheme === 'differential') return [bothSigns ? -rows : 0, rows];
  const codes = inputs.signed ? all - 2 : all - 1;
  const shape = ((levelMax + 1) / levelMax) * (codes / all) * correction;
  const most = 2 ** roundHalfEven(Math.log2(rows)) * shape;
  return [inputs.signed ? -most : 0, most];
}
