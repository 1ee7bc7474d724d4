import type { InputSlice } from './weight-slices.ts';

/**
 * What word lines carry between two conversions: one input slice where codes are added up digitally, all of them,
 * each weighted by its place, where charges are.
 */
export interface InputRound {
  /** Place of the round's conversion: its code counts 2^shift. */
  readonly shift: number;
  /** Bits of the magnitude that the round covers. */
  readonly bits: number;
  readonly slices: readonly InputSlice[];
  /** Whether what is applied is the digits themselves. */
  readonly exact: boolean;
  /** Σ 2^(place in the round) · digit, as drivers give it, for a magnitude. */
  value(magnitude: number): number;
  /** Σ 4^(place in the round) · digit²: what independent noise of every slice is multiplied by. */
  square(magnitude: number): number;
}

/**
 * The rounds of input slices; `inl` bends what a driver gives: x + 4 · inl · x (1 − x) of full scale, which is the
 * largest digit of the widest slice.
 */
export function inputRounds(
  slices: readonly InputSlice[],
  accumulation: 'digital' | 'analog',
  inl: number,
): readonly InputRound[] {
  const most = 2 ** Math.max(...slices.map(({ bits }) => bits)) - 1;
  const groups = accumulation === 'analog' ? [slices] : slices.map((slice) => [slice]);
  return groups.map((group) => {
    const { shift } = group[0]!;
    const bits = group.reduce((sum, slice) => sum + slice.bits, 0);
    const exact = inl === 0 || most === 1;
    const sum = (magnitude: number, term: (digit: number, place: number) => number) =>
      group.reduce((total, slice) => {
        const digit = Math.floor(magnitude / 2 ** slice.shift) % 2 ** slice.bits;
        return total + term(bent(digit, most, inl), 2 ** (slice.shift - shift));
      }, 0);
    return {
      ...{ shift, bits, slices: group, exact },
      value: (magnitude) => sum(magnitude, (digit, place) => place * digit),
      square: (magnitude) => sum(magnitude, (digit, place) => (place * digit) ** 2),
    };
  });
}

/** Largest Σ of digits at their places that a round applies to one word line. */
export function largestDigit(rounds: readonly InputRound[]): number {
  return Math.max(...rounds.map((round) => 2 ** round.bits - 1));
}

function bent(digit: number, most: number, inl: number): number {
  const x = digit / most;
  return digit + 4 * inl * most * x * (1 - x);
}
