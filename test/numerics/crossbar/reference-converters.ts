import type { ReferenceAdc, Rounding } from './reference-crosssim.ts';

/** Codes of CrossSim's converters as values, conversion by conversion; circuits without mismatch. */
export function referenceConverter(
  adc: ReferenceAdc,
  [lo, hi]: readonly [number, number],
  rounding: Rounding,
): (currents: readonly number[]) => number[] {
  const { model, bits } = adc;
  if (model === 'IdealADC' || bits === 0) return (currents) => [...currents];
  const clip = (v: number) => Math.min(Math.max(v, lo), hi);
  if (model === 'QuantizerADC' || model === 'SignMagnitudeADC') {
    const steps = 2 ** bits - (model === 'QuantizerADC' ? 1 : 2);
    const step = (hi - lo) / steps;
    return (currents) => currents.map((v) => rounding.round((clip(v) - lo) / step) * step + lo);
  }
  const V = Math.max(Math.abs(lo), Math.abs(hi));
  const N = 2 ** bits;
  const code = codeOf(adc, rounding);
  return (currents) => currents.map((v) => (2 * V * code(clip(v) / V)) / N - (V * (N - 1)) / N);
}

/** Code of a voltage relative to the reference. */
function codeOf(adc: ReferenceAdc, rounding: Rounding): (v: number) => number {
  const { model, bits } = adc;
  const N = 2 ** bits;
  const A = 10 ** (adc.gain / 20);
  if (model === 'PipelineADC' || model === 'CyclicADC') {
    return (first) => {
      let v = first;
      let code = 0;
      for (let stage = 0; stage < bits - 1; stage++) {
        rounding.threshold(v - 0.25);
        rounding.threshold(v + 0.25);
        // Two bits a stage, overlapping by one: 2, 1 or 0 of what the last bit counts twice.
        const digit = v > 0.25 ? 2 : v > -0.25 ? 1 : 0;
        code += digit * 2 ** (bits - 2 - stage);
        v = (2 * v + (1 - digit)) / (1 + 2 / A);
      }
      rounding.threshold(v);
      return code + (v > 0 ? 1 : 0);
    };
  }
  const levels = Array.from({ length: N }, (_, count) => levelOf(adc, count, A));
  if (model === 'RampADC') {
    return (v) => {
      const distances = levels.map((level) => Math.abs(level - v));
      const [best, second] = [...distances].sort((a, b) => a - b);
      rounding.threshold((second! - best!) * N);
      return distances.indexOf(best!);
    };
  }
  return (v) => {
    let code = 0;
    for (let bit = bits - 1; bit >= 0; bit--) {
      const threshold = levels[code + 2 ** bit]! - 1 / N;
      rounding.threshold((v - threshold) * N);
      if (v > threshold) code += 2 ** bit;
    }
    return code;
  };
}

/** Level of a count in units of the reference: ideally (2 count + 1 − N) / N. */
function levelOf({ model, bits, split, symmetric }: ReferenceAdc, count: number, A: number): number {
  const N = 2 ** bits;
  if (model === 'RampADC' && !symmetric) {
    return ((2 * count) / N - (N - 1) / N) / (1 + (N + count) / (A * N));
  }
  const magnitude = Math.abs(count - N / 2);
  const level = (Math.sign(count - N / 2) * magnitude) / (N / 2) + 1 / N;
  if (model === 'SarADC' && split) return level / (1 + 1 / A);
  return level / (1 + (N / 2 + magnitude) / (A * (N / 2)));
}
