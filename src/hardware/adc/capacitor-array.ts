/** Errors of the capacitor array inside a converter. */
export interface ArrayErrors {
  /** Standard deviation of a unit capacitor, relative to it; one of n units has √n times as much. */
  readonly mismatch: number;
  /** 1 / gain of the amplifier behind the array. */
  readonly inverseGain: number;
  /**
   * symmetric: binary capacitors switched for the magnitude, up or down from the middle; single: binary capacitors
   * counted from the bottom of the range; split: as symmetric, the lower half of the bits behind a bridge capacitor.
   */
  readonly array: 'symmetric' | 'single' | 'split';
}

/**
 * Levels of a capacitive DAC inside a converter, in units of half the range: for each count 0 … 2^bits − 1 the
 * voltage that the array compares with. Ideal: (2 · count + 1 − 2^bits) / 2^bits. Draws bits + 1 normals.
 *
 * Behind an amplifier of gain A they shrink by 1 + 1 / (A β), β = C_ref / (C_ref + switched), or 1 for a split array
 * (Spear et al., IEEE JXCDC 2023, as CrossSim 3.2 has it).
 */
export function capacitorLevels(bits: number, errors: ArrayErrors, normal: () => number): Float64Array {
  const { mismatch, inverseGain } = errors;
  const capacitor = (units: number) => fabricateCapacitor(units, mismatch, normal);
  // A bridge needs bits on both sides.
  const kind = errors.array === 'split' && bits < 2 ? 'symmetric' : errors.array;
  const codes = 2 ** bits;
  const half = codes / 2;
  if (kind === 'single') {
    const array = Array.from({ length: bits }, (_, n) => capacitor(2 ** n));
    const reference = capacitor(codes);
    return Float64Array.from({ length: codes }, (_, count) => {
      const switched = sum(array, count);
      const loss = 1 + (inverseGain * (reference + switched)) / reference;
      return ((2 * switched) / reference - (codes - 1) / codes) / loss;
    });
  }
  const { share, attenuation } = kind === 'split' ? split(bits, capacitor) : binary(bits, capacitor);
  return Float64Array.from({ length: codes }, (_, count) => {
    const magnitude = Math.abs(count - half);
    const signed = count < half ? -share(magnitude) : share(magnitude);
    return (signed + 1 / codes) / (1 + inverseGain * attenuation(magnitude));
  });
}

/** A capacitor of `units` as it was made: never less than a hundredth of itself. */
export function fabricateCapacitor(units: number, mismatch: number, normal: () => number): number {
  return Math.max(units + mismatch * normal() * Math.sqrt(units), units / 100);
}

interface MagnitudeArray {
  /** Share of the reference voltage for a magnitude, 0 … 2^(bits−1). */
  share(magnitude: number): number;
  /** 1 / β. */
  attenuation(magnitude: number): number;
}

function binary(bits: number, capacitor: (units: number) => number): MagnitudeArray {
  const array = Array.from({ length: bits }, (_, n) => capacitor(2 ** n));
  const reference = capacitor(2 ** (bits - 1));
  return {
    share: (magnitude) => sum(array, magnitude) / array[bits - 1]!,
    attenuation: (magnitude) => (reference + sum(array, magnitude)) / reference,
  };
}

/**
 * Lower bits with a dummy unit on one node, upper bits on the output, a bridge of 2^h / (2^h − 1) units between, h the
 * number of lower bits. Charge is conserved on both nodes: with L and M the whole banks, l and m what is switched
 * of them, B the bridge: (L + B) x − B y = l and (M + B) y − B x = m, so y = (l B + m (L + B)) / ((L + B)(M + B) − B²).
 */
function split(bits: number, capacitor: (units: number) => number): MagnitudeArray {
  const low = Math.floor(bits / 2);
  const lower = Array.from({ length: low }, (_, n) => capacitor(2 ** n));
  const upper = Array.from({ length: bits - 1 - low }, (_, n) => capacitor(2 ** n));
  const dummy = capacitor(1);
  const bridge = capacitor(2 ** low / (2 ** low - 1));
  const lowerNode = sum(lower, 2 ** low - 1) + dummy + bridge;
  const upperNode = sum(upper, 2 ** upper.length - 1) + bridge;
  return {
    share(magnitude) {
      // All of both banks, the dummy too: the whole reference voltage.
      if (magnitude === 2 ** (bits - 1)) return 1;
      const charge =
        sum(lower, magnitude % 2 ** low) * bridge + sum(upper, Math.floor(magnitude / 2 ** low)) * lowerNode;
      return charge / (lowerNode * upperNode - bridge * bridge);
    },
    attenuation: () => 1,
  };
}

/** The capacitors of the bits of `count`, added up. */
function sum(capacitors: readonly number[], count: number): number {
  let total = 0;
  for (let n = 0; n < capacitors.length; n++) if ((count >> n) % 2 === 1) total += capacitors[n]!;
  return total;
}
