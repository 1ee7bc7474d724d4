// Input codes as the table products read them: which sum of each group of rows an input slice selects.
import { groupRowsOf, MAGNITUDE_BIT, ONE_BIT, TWO_BITS } from './digits';

/**
 * patterns[vector · slices + slice][group]: 16 · the digits that a group's rows have in that slice, first row lowest.
 * An odd number of groups is followed by a zero.
 */
export function digitPatterns(
  x: usize, xStride: usize, patterns: usize, patternStride: usize, vectors: i32, rows: i32, slices: i32, digits: i32,
): void {
  const groupRows = groupRowsOf(digits);
  for (let m = 0; m < vectors; m++) {
    let from = x;
    let to = patterns;
    let k = 0;
    for (; k + 16 <= rows; k += 16) {
      const a = v128.load(from);
      const b = v128.load(from, 16);
      if (digits == ONE_BIT) bits(a, b, to, patternStride, slices);
      else if (digits == MAGNITUDE_BIT) bits(i16x8.abs(a), i16x8.abs(b), to, patternStride, slices);
      else if (digits == TWO_BITS) twoBits(a, b, to, patternStride, slices);
      else signedBits(a, b, to, patternStride, slices);
      from += 32;
      to += 16 / groupRows;
    }
    for (; k < rows; k += groupRows) {
      for (let s = 0; s < slices; s++) {
        store<u8>(to + <usize>s * patternStride, <u8>patternOf(from, min(rows - k, groupRows), s, digits));
      }
      from += <usize>groupRows << 1;
      to += 1;
    }
    if ((to - patterns) & 1) {
      for (let s = 0; s < slices; s++) store<u8>(to + <usize>s * patternStride, 0);
    }
    x += xStride;
    patterns += patternStride * <usize>slices;
  }
}

/** Bits of 16 codes, the highest slice first: each turn moves the next bit to the sign. */
@inline
function bits(a: v128, b: v128, to: usize, patternStride: usize, slices: i32): void {
  a = i16x8.shl(a, 16 - slices);
  b = i16x8.shl(b, 16 - slices);
  to += <usize>slices * patternStride;
  for (let s = 0; s < slices; s++) {
    to -= patternStride;
    const mask = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
    // Four nibbles to the high halves of four bytes.
    const halves = (mask | (mask << 8)) & 0x00ff00ff;
    store<i32>(to, ((halves << 4) | (halves << 8)) & 0xf0f0f0f0);
    a = i16x8.add(a, a);
    b = i16x8.add(b, b);
  }
}

@inline
function twoBits(a: v128, b: v128, to: usize, patternStride: usize, slices: i32): void {
  for (let s = 0; s < slices; s++) {
    storePairs(a, b, to);
    to += patternStride;
    a = i16x8.shr_u(a, 2);
    b = i16x8.shr_u(b, 2);
  }
}

@inline
function signedBits(a: v128, b: v128, to: usize, patternStride: usize, slices: i32): void {
  const signA = i16x8.shr_s(a, 15);
  const signB = i16x8.shr_s(b, 15);
  const one = i16x8.splat(1);
  a = i16x8.abs(a);
  b = i16x8.abs(b);
  for (let s = 0; s < slices; s++) {
    // A bit of 1 becomes 1 or, with the sign set, 3.
    storePairs(
      i16x8.sub(v128.xor(v128.and(a, one), signA), signA),
      i16x8.sub(v128.xor(v128.and(b, one), signB), signB),
      to,
    );
    to += patternStride;
    a = i16x8.shr_u(a, 1);
    b = i16x8.shr_u(b, 1);
  }
}

/** The low two bits of 16 codes, two codes a byte: 16 · (even + 4 · odd). */
@inline
function storePairs(a: v128, b: v128, to: usize): void {
  const bytes = i16x8.narrow_i32x4_s(pairsOf(a), pairsOf(b));
  v128.store_lane<i64>(to, i8x16.narrow_i16x8_u(bytes, bytes), 0);
}

@inline
function pairsOf(codes: v128): v128 {
  const digits = v128.and(codes, i16x8.splat(3));
  return i32x4.shl(v128.and(v128.or(digits, i32x4.shr_u(digits, 14)), i32x4.splat(15)), 4);
}

function patternOf(from: usize, count: i32, s: i32, digits: i32): i32 {
  let pattern = 0;
  for (let i = 0; i < count; i++) {
    const x = <i32>load<i16>(from + (<usize>i << 1));
    if (digits == ONE_BIT) pattern |= ((x >> s) & 1) << i;
    else if (digits == MAGNITUDE_BIT) pattern |= ((abs(x) >> s) & 1) << i;
    else if (digits == TWO_BITS) pattern |= ((x >> (s << 1)) & 3) << (i << 1);
    else pattern |= ((x < 0 ? -((-x >> s) & 1) : (x >> s) & 1) & 3) << (i << 1);
  }
  return pattern << 4;
}
