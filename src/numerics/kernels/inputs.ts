// From float32 activations to the input vectors on the word lines: codes, windows, slices.

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

/** y = table[x − first], int16 → float32. */
export function lookupF32(
  x: usize, xStride: usize, y: usize, yStride: usize, vectors: i32, rows: i32, table: usize, first: i32,
): void {
  const origin = table - (<isize>first << 2);
  for (let m = 0; m < vectors; m++) {
    let from = x;
    let to = y;
    const end = to + (<usize>rows << 2);
    while (to < end) {
      store<f32>(to, load<f32>(origin + (<isize>load<i16>(from) << 2)));
      from += 2;
      to += 4;
    }
    x += xStride;
    y += yStride;
  }
}
