// From int32 accumulators back to activations: weight slices, offsets, scales.

/** Sets bytes to zero. */
export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

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
 * z = float32((y · factor) · scale + bias) per column, computed in float64, put where the next operator reads it: vector m is
 * position (first + m) mod positions of inference ⌊(first + m) / positions⌋. Strides in float32 elements.
 */
export function dequantizeI32(
  y: usize, yStride: usize, factor: f64, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  scatter(
    INTEGERS, y, yStride, factor, scales, biases, z, vectors, columns,
    positions, first, inferenceStride, positionStride, columnStride,
  );
}

/** The same from float64. */
export function dequantizeF64(
  y: usize, yStride: usize, factor: f64, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  scatter(
    DOUBLES, y, yStride, factor, scales, biases, z, vectors, columns,
    positions, first, inferenceStride, positionStride, columnStride,
  );
}

/** The same from float32. */
export function dequantizeF32(
  y: usize, yStride: usize, factor: f64, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
  positions: i32, first: i32, inferenceStride: i32, positionStride: i32, columnStride: i32,
): void {
  scatter(
    SINGLES, y, yStride, factor, scales, biases, z, vectors, columns,
    positions, first, inferenceStride, positionStride, columnStride,
  );
}

// What the sums are.
const INTEGERS: i32 = 0;
const SINGLES: i32 = 1;
const DOUBLES: i32 = 2;

// Positions written column by column: a cache line of float32, so that maps of channels fill line by line.
const RUN: i32 = 16;

@inline
function scatter(
  kind: i32, y: usize, yStride: usize, factor: f64, scales: usize, biases: usize, z: usize, vectors: i32, columns: i32,
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
        rowOfColumns(kind, y + <usize>i * yStride, factor, scales, biases, to + <usize>i * positionStep, columns);
      }
    } else {
      for (let n = 0; n < columns; n++) {
        const scale = load<f64>(scales + (<usize>n << 3));
        const bias = load<f64>(biases + (<usize>n << 3));
        let from = y + (<usize>n << (kind == DOUBLES ? 3 : 2));
        let at = to + <usize>n * columnStep;
        for (let i = 0; i < run; i++) {
          const v = valueAt(kind, from) * factor;
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
function rowOfColumns(
  kind: i32, from: usize, factor: f64, scales: usize, biases: usize, to: usize, columns: i32,
): void {
  const end = to + (<usize>columns << 2);
  while (to + 8 <= end) {
    const v = f64x2.mul(pairAt(kind, from), f64x2.splat(factor));
    const scaled = f64x2.add(f64x2.mul(v, v128.load(scales)), v128.load(biases));
    v128.store_lane<i64>(to, f32x4.demote_f64x2_zero(scaled), 0);
    from += kind == DOUBLES ? 16 : 8;
    scales += 16;
    biases += 16;
    to += 8;
  }
  if (to < end) {
    const v = valueAt(kind, from) * factor;
    store<f32>(to, <f32>(v * load<f64>(scales) + load<f64>(biases)));
  }
}

@inline
function valueAt(kind: i32, from: usize): f64 {
  if (kind == DOUBLES) return load<f64>(from);
  return kind == SINGLES ? <f64>load<f32>(from) : <f64>load<i32>(from);
}

@inline
function pairAt(kind: i32, from: usize): v128 {
  if (kind == DOUBLES) return v128.load(from);
  const pair = v128.load64_zero(from);
  return kind == SINGLES ? f64x2.promote_low_f32x4(pair) : f64x2.convert_low_i32x4_s(pair);
}
