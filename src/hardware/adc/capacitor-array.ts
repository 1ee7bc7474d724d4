/**
 * Levels of a capacitive DAC inside a converter, in units of half the range: for each count 0 … 2^bits − 1 the
 * voltage that the array compares with. Ideal: (2 · count + 1 − 2^bits) / 2^bits.
 *
 * Capacitor n has 2^n units and the mismatch of their mean; with t the capacitance switched for a magnitude, the level
 * is ±t / C_(bits−1) + 2^−bits, over 1 + 1 / (A β), where A is the amplifier's gain and β = C_ref / (C_ref + t)
 * (Spear et al., IEEE JXCDC 2023, as CrossSim 3.2 has it). Draws bits + 1 normals, split twice bits + 1: levels above
 * and below the middle then have arrays of their own.
 */
export function capacitorLevels(
  bits: number,
  errors: { readonly mismatch: number; readonly inverseGain: number; readonly split: boolean },
  normal: () => number,
): Float64Array {
  const { mismatch, inverseGain, split } = errors;
  const array = () => Array.from({ length: bits }, (_, n) => 2 ** n + mismatch * normal() * 2 ** (n / 2));
  const positive = array();
  const negative = split ? array() : positive;
  const half = 2 ** (bits - 1);
  const reference = half + mismatch * normal() * Math.sqrt(half);
  return Float64Array.from({ length: 2 ** bits }, (_, count) => {
    const capacitors = count < half ? negative : positive;
    const magnitude = Math.abs(count - half);
    let switched = 0;
    for (let n = 0; n < bits; n++) if ((magnitude >> n) % 2 === 1) switched += capacitors[n]!;
    const beta = reference / (reference + switched);
    const share = switched / capacitors[bits - 1]!;
    return ((count < half ? -share : share) + 2 ** -bits) / (1 + inverseGain / beta);
  });
}
