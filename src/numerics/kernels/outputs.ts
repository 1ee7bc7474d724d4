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
  scatter(
    false, y, yStride, scales, biases, z, vectors, columns,
    positions, first, inferenceStride, positionStride, columnStride,
  );
}

/** The same from float64. */
export function dequantizeF64(
  y: usize, yStride: usize, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  scatter(
    true, y, yStride, scales, biases, z, vectors, columns,
    positions, first, inferenceStride, positionStride, columnStride,
  );
}

// Positions written column by column: a cache line of float32, so that maps of channels fill line by line.
const RUN: i32 = 16;

@inline
function scatter(
  double: bool, y: usize, yStride: usize, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  const positionStep = <usize>positionStride << 2;
  const columnStep = <usize>columnStride << 2;
  let inference = first / positions;
  let position = first % positions;
  for (let m = 0; m < vectors; ) {
    const run = min(min(vectors - m, positions - position), RUN);
    const to = z + <usize>inference * (<usize>inferenceStride << 2) + <usize>position * positionStep;
    if (columnStride == 1) {
      for (let i = 0; i < run; i++) {
        rowOfColumns(double, y + <usize>i * yStride, scales, biases, to + <usize>i * positionStep, columns);
      }
    } else {
      for (let n = 0; n < columns; n++) {
        const scale = load<f64>(scales + (<usize>n << 3));
        const bias = load<f64>(biases + (<usize>n << 3));
        let from = y + (<usize>n << (double ? 3 : 2));
        let at = to + <usize>n * columnStep;
        for (let i = 0; i < run; i++) {
          const v = double ? load<f64>(from) : <f64>load<i32>(from);
          store<f32>(at, <f32>(v * scale + bias));
          from += yStride;
          at += positionStep;
        }
      }
    }
    y += <usize>run * yStride;
    m += run;
    position += run;
    if (position == positions) {
      position = 0;
      inference++;
    }
  }
}

@inline
function rowOfColumns(double: bool, from: usize, scales: usize, biases: usize, to: usize, columns: i32): void {
  const end = to + (<usize>columns << 2);
  while (to + 8 <= end) {
    const v = double ? v128.load(from) : f64x2.convert_low_i32x4_s(v128.load64_zero(from));
    const scaled = f64x2.add(f64x2.mul(v, v128.load(scales)), v128.load(biases));
    v128.store_lane<i64>(to, f32x4.demote_f64x2_zero(scaled), 0);
    from += double ? 16 : 8;
    scales += 16;
    biases += 16;
    to += 8;
  }
  if (to < end) {
    const v = double ? load<f64>(from) : <f64>load<i32>(from);
    store<f32>(to, <f32>(v * load<f64>(scales) + load<f64>(biases)));
  }
}
