// From int32 accumulators back to activations: weight slices, offsets, scales.

/** y (+)= factor · codes, int32 into float64: exact while every term and sum stays below 2⁵³. */
export function combine(
  codes: usize, codesStride: usize, factor: f64, y: usize, yStride: usize, vectors: i32, columns: i32, add: i32,
): void {
  const factors = f64x2.splat(factor);
  for (let m = 0; m < vectors; m++) {
    let from = codes;
    let to = y;
    let n = 0;
    for (; n + 2 <= columns; n += 2) {
      let v = f64x2.mul(f64x2.convert_low_i32x4_s(v128.load64_zero(from)), factors);
      if (add) v = f64x2.add(v128.load(to), v);
      v128.store(to, v);
      from += 8;
      to += 16;
    }
    if (n < columns) {
      let v = <f64>load<i32>(from) * factor;
      if (add) v = load<f64>(to) + v;
      store<f64>(to, v);
    }
    codes += codesStride;
    y += yStride;
  }
}

/** y[vector][column] += factor · sums[vector]. */
export function combineSums(
  sums: usize, factor: f64, y: usize, yStride: usize, vectors: i32, columns: i32,
): void {
  for (let m = 0; m < vectors; m++) {
    const term = <f64>load<i32>(sums) * factor;
    const terms = f64x2.splat(term);
    let to = y;
    let n = 0;
    for (; n + 2 <= columns; n += 2) {
      v128.store(to, f64x2.add(v128.load(to), terms));
      to += 16;
    }
    if (n < columns) store<f64>(to, load<f64>(to) + term);
    sums += 4;
    y += yStride;
  }
}

/**
 * z = float32(y · scale + bias) per column, computed in float64, put where the next operator reads it: vector m is
 * position (first + m) mod positions of inference ⌊(first + m) / positions⌋. Strides in float32 elements.
 */
export function dequantizeI32(
  y: usize, yStride: usize, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  let to = z + <usize>((first / positions) * inferenceStride) * 4;
  let position = first % positions;
  for (let m = 0; m < vectors; m++) {
    let at = to + (<usize>(position * positionStride) << 2);
    const step = <usize>columnStride << 2;
    let n = 0;
    if (columnStride == 1) {
      for (; n + 2 <= columns; n += 2) {
        const column = <usize>n << 3;
        const v = f64x2.convert_low_i32x4_s(v128.load64_zero(y + (<usize>n << 2)));
        v128.store_lane<i64>(at, scaled(v, scales + column, biases + column), 0);
        at += 8;
      }
    }
    for (; n < columns; n++) {
      const column = <usize>n << 3;
      const v = <f64>load<i32>(y + (<usize>n << 2));
      store<f32>(at, <f32>(v * load<f64>(scales + column) + load<f64>(biases + column)));
      at += step;
    }
    y += yStride;
    if (++position == positions) {
      position = 0;
      to += <usize>inferenceStride << 2;
    }
  }
}

/** The same from float64. */
export function dequantizeF64(
  y: usize, yStride: usize, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  let to = z + <usize>((first / positions) * inferenceStride) * 4;
  let position = first % positions;
  for (let m = 0; m < vectors; m++) {
    let at = to + (<usize>(position * positionStride) << 2);
    const step = <usize>columnStride << 2;
    let n = 0;
    if (columnStride == 1) {
      for (; n + 2 <= columns; n += 2) {
        const column = <usize>n << 3;
        v128.store_lane<i64>(at, scaled(v128.load(y + column), scales + column, biases + column), 0);
        at += 8;
      }
    }
    for (; n < columns; n++) {
      const column = <usize>n << 3;
      store<f32>(at, <f32>(load<f64>(y + column) * load<f64>(scales + column) + load<f64>(biases + column)));
      at += step;
    }
    y += yStride;
    if (++position == positions) {
      position = 0;
      to += <usize>inferenceStride << 2;
    }
  }
}

@inline
function scaled(v: v128, scales: usize, biases: usize): v128 {
  return f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(v, v128.load(scales)), v128.load(biases)));
}
