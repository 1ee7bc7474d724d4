import type { AdcSteps } from './adc.ts';
import { fabricateCapacitor } from './capacitor-array.ts';
import { StepList } from './steps.ts';

/** One stage of 1.5 bits: two comparators and an amplifier that doubles what is left. */
export interface Stage {
  /** Where its comparators decide, in units of half the range: ideally −1/4 and +1/4. */
  readonly thresholds: readonly [number, number];
  /** Ratio γ of its capacitors C₂ / C₁, ideally 1. */
  readonly ratio: number;
  /** 1 / β = (C₁ + C₂ + C_parasitic) / C₁ of its amplifier, ideally 2. */
  readonly attenuation: number;
}

/**
 * Intervals of a chain of stages of 1.5 bits and a last comparator (Spear et al., IEEE JXCDC 2023): a stage decides
 * D = −1, 0 or 1 and passes v ← ((1 + γ) v − D γ) / (1 + 1 / (A β)); the bits of neighbouring stages overlap by one,
 * so that a wrong decision is made up for. The last comparator decides at `last`, ideally 0.
 */
export function chain(stages: readonly Stage[], last: number, inverseGain: number): AdcSteps {
  const list = new StepList();
  const bits = stages.length + 1;
  const visit = (
    index: number,
    code: number,
    slope: number,
    shift: number,
    low: number,
    high: number,
  ): void => {
    if (low >= high) return;
    if (index === stages.length) {
      const middle = (last - shift) / slope;
      list.add(code, Math.min(high, Math.max(low, middle)));
      if (high > middle) list.add(code + 1, high);
      return;
    }
    const { thresholds, ratio, attenuation } = stages[index]!;
    const factor = 1 / (1 + inverseGain * attenuation);
    let from = low;
    for (let decision = -1; decision <= 1; decision++) {
      const end = decision === 1 ? high : (thresholds[decision + 1]! - shift) / slope;
      const to = Math.min(high, Math.max(from, end));
      visit(
        index + 1,
        code + (decision + 1) * 2 ** (bits - 2 - index),
        (1 + ratio) * slope * factor,
        ((1 + ratio) * shift - decision * ratio) * factor,
        from,
        to,
      );
      from = to;
    }
  };
  visit(0, 0, 1, 0, -Infinity, Infinity);
  return list.steps();
}

/** Errors of stages and their comparators. */
export interface StageErrors {
  /** Standard deviation of a capacitor, relative to it. */
  readonly mismatch: number;
  /** Standard deviation of where a comparator decides, in units of half the range. */
  readonly offset: number;
  /** Parasitic capacitance at the amplifier's input, relative to a capacitor. */
  readonly parasitic: number;
}

/** A stage as it was made. Draws 4 normals. */
export function fabricateStage({ mismatch, offset, parasitic }: StageErrors, normal: () => number): Stage {
  const low = -0.25 + offset * normal();
  const high = 0.25 + offset * normal();
  const first = fabricateCapacitor(1, mismatch, normal);
  const second = fabricateCapacitor(1, mismatch, normal);
  return {
    thresholds: [low, high],
    ratio: second / first,
    attenuation: (first + second + parasitic) / first,
  };
}
