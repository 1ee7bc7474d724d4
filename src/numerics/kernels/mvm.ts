// Batched matrix-vector products: 4 vectors × 8 columns a tile, weights in panels of 8 columns (panels.ts).
import { convertTile, setAccumulators, setConverter, setNoise } from './adc';
import { loadColumns, storeColumns } from './lanes';

const STORE: i32 = 0;
const ACCUMULATE: i32 = 1;
const CONVERT: i32 = 2;

// Input vectors that stay in the second-level cache while the panels pass.
const INPUT_BLOCK_BYTES: i32 = 131072;

/** y = x · g in float32, each sum taken row by row from row 0. */
export function mvmF32(
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32, add: i32,
): void {
  if (add) tilesF32(ACCUMULATE, 1, x, xStride, panels, y, yStride, vectors, rows, columns);
  else tilesF32(STORE, 1, x, xStride, panels, y, yStride, vectors, rows, columns);
}

/** y = x · w, int16 into int32: exact modulo 2³². */
export function mvmI16(
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32, add: i32,
): void {
  if (add) tilesI16(ACCUMULATE, 1, x, xStride, panels, y, yStride, vectors, rows, columns);
  else tilesI16(STORE, 1, x, xStride, panels, y, yStride, vectors, rows, columns);
}

/** y += multiplier · ADC(x · g + noise). */
export function mvmAdcF32(
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32,
  multiplier: i32, gains: usize, offsets: usize, low: f32, high: f32,
  noise: i32, sigma: f32, variances: usize, varianceStride: usize,
  seed: u32, stream: u32, row: u32, block: u32, read: u32,
): void {
  setAccumulators(y, yStride, vectors, columns);
  setConverter(gains, offsets, low, high);
  setNoise(noise, sigma, variances, varianceStride, seed, stream, row, block, read);
  tilesF32(CONVERT, multiplier, x, xStride, panels, y, yStride, vectors, rows, columns);
}

/** y += multiplier · ADC(float32(x · w) + noise), the sum x · w exact in int32. */
export function mvmAdcI16(
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32,
  multiplier: i32, gains: usize, offsets: usize, low: f32, high: f32,
  noise: i32, sigma: f32, variances: usize, varianceStride: usize,
  seed: u32, stream: u32, row: u32, block: u32, read: u32,
): void {
  setAccumulators(y, yStride, vectors, columns);
  setConverter(gains, offsets, low, high);
  setNoise(noise, sigma, variances, varianceStride, seed, stream, row, block, read);
  tilesI16(CONVERT, multiplier, x, xStride, panels, y, yStride, vectors, rows, columns);
}

@inline
function tilesF32(
  mode: i32, multiplier: i32,
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32,
): void {
  const rowBytes = <usize>rows << 2;
  const panelBytes = rowBytes << 3;
  const inputBlock = blockOf(rowBytes);
  for (let first = 0; first < vectors; first += inputBlock) {
    const last = min(first + inputBlock, vectors);
    let panel = panels;
    for (let n = 0; n < columns; n += 8) {
      for (let m = first; m < last; m += 4) {
        let x0 = x + <usize>m * xStride;
        let x1 = x + <usize>min(m + 1, vectors - 1) * xStride;
        let x2 = x + <usize>min(m + 2, vectors - 1) * xStride;
        let x3 = x + <usize>min(m + 3, vectors - 1) * xStride;
        let w = panel;
        const end = x0 + rowBytes;
        let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
        let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
        while (x0 < end) {
          const wa = v128.load(w);
          const wb = v128.load(w, 16);
          let input = v128.load32_splat(x0);
          a0 = f32x4.add(a0, f32x4.mul(input, wa));
          b0 = f32x4.add(b0, f32x4.mul(input, wb));
          input = v128.load32_splat(x1);
          a1 = f32x4.add(a1, f32x4.mul(input, wa));
          b1 = f32x4.add(b1, f32x4.mul(input, wb));
          input = v128.load32_splat(x2);
          a2 = f32x4.add(a2, f32x4.mul(input, wa));
          b2 = f32x4.add(b2, f32x4.mul(input, wb));
          input = v128.load32_splat(x3);
          a3 = f32x4.add(a3, f32x4.mul(input, wa));
          b3 = f32x4.add(b3, f32x4.mul(input, wb));
          x0 += 4;
          x1 += 4;
          x2 += 4;
          x3 += 4;
          w += 32;
        }
        if (mode == CONVERT) {
          convertTile(m, n, multiplier, a0, a1, a2, a3);
          if (n + 4 < columns) convertTile(m, n + 4, multiplier, b0, b1, b2, b3);
        } else {
          let at = y + <usize>m * yStride + (<usize>n << 2);
          const count = columns - n;
          putF32(mode, at, a0, b0, count);
          if (m + 1 < vectors) putF32(mode, (at += yStride), a1, b1, count);
          if (m + 2 < vectors) putF32(mode, (at += yStride), a2, b2, count);
          if (m + 3 < vectors) putF32(mode, (at += yStride), a3, b3, count);
        }
      }
      panel += panelBytes;
    }
  }
}

@inline
function tilesI16(
  mode: i32, multiplier: i32,
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize, vectors: i32, rows: i32, columns: i32,
): void {
  // Rows go in pairs; the panels hold zeros beside an odd last row.
  const rowBytes = <usize>((rows + 1) >> 1) << 2;
  const panelBytes = rowBytes << 3;
  const inputBlock = blockOf(rowBytes);
  for (let first = 0; first < vectors; first += inputBlock) {
    const last = min(first + inputBlock, vectors);
    let panel = panels;
    for (let n = 0; n < columns; n += 8) {
      for (let m = first; m < last; m += 4) {
        let x0 = x + <usize>m * xStride;
        let x1 = x + <usize>min(m + 1, vectors - 1) * xStride;
        let x2 = x + <usize>min(m + 2, vectors - 1) * xStride;
        let x3 = x + <usize>min(m + 3, vectors - 1) * xStride;
        let w = panel;
        const end = x0 + rowBytes;
        let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
        let b0 = i32x4.splat(0), b1 = i32x4.splat(0), b2 = i32x4.splat(0), b3 = i32x4.splat(0);
        while (x0 < end) {
          const wa = v128.load(w);
          const wb = v128.load(w, 16);
          let input = v128.load32_splat(x0);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(input, wa));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(input, wb));
          input = v128.load32_splat(x1);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(input, wa));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(input, wb));
          input = v128.load32_splat(x2);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(input, wa));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(input, wb));
          input = v128.load32_splat(x3);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(input, wa));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(input, wb));
          x0 += 4;
          x1 += 4;
          x2 += 4;
          x3 += 4;
          w += 32;
        }
        if (mode == CONVERT) {
          convertTile(
            m, n, multiplier,
            f32x4.convert_i32x4_s(a0), f32x4.convert_i32x4_s(a1),
            f32x4.convert_i32x4_s(a2), f32x4.convert_i32x4_s(a3),
          );
          if (n + 4 < columns) {
            convertTile(
              m, n + 4, multiplier,
              f32x4.convert_i32x4_s(b0), f32x4.convert_i32x4_s(b1),
              f32x4.convert_i32x4_s(b2), f32x4.convert_i32x4_s(b3),
            );
          }
        } else {
          let at = y + <usize>m * yStride + (<usize>n << 2);
          const count = columns - n;
          putI32(mode, at, a0, b0, count);
          if (m + 1 < vectors) putI32(mode, (at += yStride), a1, b1, count);
          if (m + 2 < vectors) putI32(mode, (at += yStride), a2, b2, count);
          if (m + 3 < vectors) putI32(mode, (at += yStride), a3, b3, count);
        }
      }
      panel += panelBytes;
    }
  }
}

function blockOf(rowBytes: usize): i32 {
  return max(INPUT_BLOCK_BYTES / <i32>max(rowBytes, 1), 16) & ~3;
}

function putF32(mode: i32, at: usize, a: v128, b: v128, count: i32): void {
  if (mode == ACCUMULATE) {
    a = f32x4.add(loadColumns(at, count), a);
    b = f32x4.add(loadColumns(at + 16, count - 4), b);
  }
  storeColumns(at, a, count);
  storeColumns(at + 16, b, count - 4);
}

function putI32(mode: i32, at: usize, a: v128, b: v128, count: i32): void {
  if (mode == ACCUMULATE) {
    a = i32x4.add(loadColumns(at, count), a);
    b = i32x4.add(loadColumns(at + 16, count - 4), b);
  }
  storeColumns(at, a, count);
  storeColumns(at + 16, b, count - 4);
}
