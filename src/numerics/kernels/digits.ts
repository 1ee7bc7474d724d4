// What the four bits of a group's pattern mean; kernels.ts passes these numbers.

/** Bit s of the int16 code, four rows a group. */
export const ONE_BIT: i32 = 0;
/** Bits 2s and 2s + 1 of the code, two rows a group. */
export const TWO_BITS: i32 = 1;
/** Bit s of the magnitude with the code's sign, in two's complement, two rows a group. */
export const SIGNED_BIT: i32 = 2;
/** Bit s of the magnitude, four rows a group. */
export const MAGNITUDE_BIT: i32 = 3;

@inline
export function groupRowsOf(digits: i32): i32 {
  return digits == TWO_BITS || digits == SIGNED_BIT ? 2 : 4;
}
