// From float32 activations to the input vectors on the word lines: codes, windows, slices.
import { groupRowsOf, MAGNITUDE_BIT, ONE_BIT, TWO_BITS } from './digits';

/** A [channels][height][width] map to codes inside a larger frame; the frame's border is left as it is. */
export function quantizeFrame(
  source: usize, frame: usize, channels: i32, height: i32, width: i32,
  frameHeight: i32, frameWidth: i32, top: i32, left: i32, inverseScale: f32, low: f32, high: f32,
): void {
  if (width == frameWidth && height == frameHeight) {
    width *= channels * height;
    frameWidth = width;
    channels = height = frameHeight = 1;
  }
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      quantizeLine(
        source + (<usize>((c * height + i) * width) << 2),
        frame + (<usize>((c * frameHeight + top + i) * frameWidth + left) << 1),
        width, inverseScale, low, high,
      );
    }
  }
}

function quantizeLine(from: usize, to: usize, count: i32, inverseScale: f32, low: f32, high: f32): void {
  while (count >= 8) {
    const a = codes(v128.load(from), inverseScale, low, high);
    const b = codes(v128.load(from, 16), inverseScale, low, high);
    v128.store(to, i16x8.narrow_i32x4_s(a, b));
    from += 32;
    to += 16;
    count -= 8;
  }
  while (count > 0) {
    const a = codes(v128.load32_zero(from), inverseScale, low, high);
    v128.store_lane<i16>(to, i16x8.narrow_i32x4_s(a, a), 0);
    from += 4;
    to += 2;
    count--;
  }
}

@inline
function codes(x: v128, inverseScale: f32, low: f32, high: f32): v128 {
  const y = f32x4.mul(x, f32x4.splat(inverseScale));
  const clipped = f32x4.pmax(f32x4.splat(low), f32x4.pmin(f32x4.splat(high), y));
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(clipped));
}

/** y = sign(x) · ((|x| >> shift) mod 2^bits), int16 to int16. */
export function sliceI16(
  x: usize, xStride: usize, y: usize, yStride: usize, vectors: i32, rows: i32, shift: i32, bits: i32,
): void {
  const mask = (1 << bits) - 1;
  for (let m = 0; m < vectors; m++) {
    let k = 0;
    let from = x;
    let to = y;
    for (; k + 8 <= rows; k += 8) {
      v128.store(to, slice(v128.load(from), shift, mask));
      from += 16;
      to += 16;
    }
    for (; k < rows; k++) {
      store<i16>(to, <i16>i16x8.extract_lane_s(slice(i16x8.splat(load<i16>(from)), shift, mask), 0));
      from += 2;
      to += 2;
    }
    x += xStride;
    y += yStride;
  }
}

/** The same, int16 to float32. */
export function sliceF32(
  x: usize, xStride: usize, y: usize, yStride: usize, vectors: i32, rows: i32, shift: i32, bits: i32,
): void {
  const mask = (1 << bits) - 1;
  for (let m = 0; m < vectors; m++) {
    let k = 0;
    let from = x;
    let to = y;
    for (; k + 8 <= rows; k += 8) {
      const v = slice(v128.load(from), shift, mask);
      v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)));
      v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v)), 16);
      from += 16;
      to += 32;
    }
    for (; k < rows; k++) {
      store<f32>(to, <f32>i16x8.extract_lane_s(slice(i16x8.splat(load<i16>(from)), shift, mask), 0));
      from += 2;
      to += 4;
    }
    x += xStride;
    y += yStride;
  }
}

@inline
function slice(x: v128, shift: i32, mask: i32): v128 {
  const sign = i16x8.shr_s(x, 15);
  const magnitude = v128.and(i16x8.shr_u(i16x8.abs(x), shift), i16x8.splat(<i16>mask));
  return i16x8.sub(v128.xor(magnitude, sign), sign);
}

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

/** sums[vector] = Σ x, int32: what the offset of an offset-encoded array multiplies. */
export function rowSums(x: usize, xStride: usize, sums: usize, vectors: i32, rows: i32): void {
  for (let m = 0; m < vectors; m++) {
    let total = i32x4.splat(0);
    let k = 0;
    let from = x;
    for (; k + 8 <= rows; k += 8) {
      total = i32x4.add(total, i32x4.extadd_pairwise_i16x8_s(v128.load(from)));
      from += 16;
    }
    let sum = across(total);
    for (; k < rows; k++) {
      sum += load<i16>(from);
      from += 2;
    }
    store<i32>(sums, sum);
    sums += 4;
    x += xStride;
  }
}

/** squares[vector] = float32(Σ x²), the sum exact in int32: the read variance of cells with equal noise. */
export function rowSquares(x: usize, xStride: usize, squares: usize, vectors: i32, rows: i32): void {
  for (let m = 0; m < vectors; m++) {
    let total = i32x4.splat(0);
    let k = 0;
    let from = x;
    for (; k + 8 <= rows; k += 8) {
      const v = v128.load(from);
      total = i32x4.add(total, i32x4.dot_i16x8_s(v, v));
      from += 16;
    }
    let sum = across(total);
    for (; k < rows; k++) {
      const v = <i32>load<i16>(from);
      sum += v * v;
      from += 2;
    }
    store<f32>(squares, <f32>sum);
    squares += 4;
    x += xStride;
  }
}

function across(v: v128): i32 {
  const two = i32x4.add(v, v128.shuffle<i64>(v, v, 1, 0));
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
}

/** y[i] = x[i]², float32. */
export function squaresF32(x: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    const v = v128.load(x);
    v128.store(y, f32x4.mul(v, v));
    x += 16;
    y += 16;
  }
  for (; count > 0; count--) {
    const v = load<f32>(x);
    store<f32>(y, v * v);
    x += 4;
    y += 4;
  }
}
