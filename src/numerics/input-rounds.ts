import { digitOf, type InputPart } from './input-parts.ts';
import type { InputSlice } from './weight-slices.ts';

/**
 * What word lines carry between two conversions: one input slice where codes are added up digitally, all of them,
 * each weighted by its place, where charges are.
 */
export interface InputRound {
  /** What the round's code counts: its place, 2^shift, times the factor of its part of the inputs. */
  readonly factor: number;
  readonly shift: number;
  /** Bits of the magnitude that the round covers. */
  readonly bits: number;
  readonly slices: readonly InputSlice[];
  /** Whether what is applied is the digits themselves. */
  readonly exact: boolean;
  /** Σ 2^(place in the round) · digit, as drivers give it, with the sign of what the part holds of a code. */
  value(held: number): number;
  /** Σ 4^(place in the round) · digit²: what independent noise of every slice is multiplied by. */
  square(held: number): number;
}

/** A part of the inputs and its rounds. */
export interface AppliedPart extends InputPart {
  readonly rounds: readonly InputRound[];
}

/**
 * The rounds of a part of the inputs; `widest`: bits of the widest slice of all parts. `inl` bends what a driver gives: x + 4 · inl · x (1 − x) of full scale, which is the
 * largest digit of the widest slice.
 */
export function inputRounds(
  { slices, factor }: InputPart,
  accumulation: 'digital' | 'analog',
  inl: number,
  widest = widestSlice([{ slices }]),
): readonly InputRound[] {
  const most = 2 ** widest - 1;
  const groups = accumulation === 'analog' ? [slices] : slices.map((slice) => [slice]);
  return groups.map((group) => {
    const { shift } = group[0]!;
    const bits = group.reduce((sum, slice) => sum + slice.bits, 0);
    const exact = inl === 0 || most === 1;
    const sum = (held: number, term: (digit: number, place: number) => number) =>
      group.reduce((total, slice) => {
        const digit = bent(digitOf(Math.abs(held), slice), most, inl);
        return total + term(digit, 2 ** (slice.shift - shift));
      }, 0);
    return {
      ...{ factor: factor * 2 ** shift, shift, bits, slices: group, exact },
      value: (held) => Math.sign(held) * sum(held, (digit, place) => place * digit),
      square: (held) => sum(held, (digit, place) => (place * digit) ** 2),
    };
  });
}

/** All parts in one round that takes codes, as if what counts negative were subtracted before: what ideal converters see. */
export function wholeRound(parts: readonly InputPart[], inl: number): InputRound {
  const widest = widestSlice(parts);
  const rounds = parts.map((part) => inputRounds(part, 'analog', inl, widest)[0]!);
  return {
    ...{ factor: 1, shift: 0, bits: Math.max(...rounds.map(({ bits }) => bits)) },
    slices: parts.flatMap(({ slices }) => slices),
    exact: rounds.every(({ exact }) => exact),
    value: (code) =>
      rounds.reduce((sum, { factor, value }, part) => sum + factor * value(parts[part]!.of(code)), 0),
    square: (code) =>
      rounds.reduce((sum, { factor, square }, part) => sum + factor ** 2 * square(parts[part]!.of(code)), 0),
  };
}

/** Bits of the widest input slice. */
export function widestSlice(parts: readonly Pick<InputPart, 'slices'>[]): number {
  return Math.max(...parts.flatMap(({ slices }) => slices.map(({ bits }) => bits)));
}

/** Largest Σ of digits at their places that a round applies to one word line. */
export function largestDigit(rounds: readonly InputRound[]): number {
  return Math.max(...rounds.map((round) => 2 ** round.bits - 1));
}

function bent(digit: number, most: number, inl: number): number {
  const x = digit / most;
  return digit + 4 * inl * most * x * (1 - x);
}
