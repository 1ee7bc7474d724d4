// Currents of gated crossbars with resistive bit lines and ideal supplies: a row at a time the bit line's conductance to
// the supply, Y ← Y / (1 + segment · Y) + open · g, eight columns together.
import { loadColumns, storeColumns } from './lanes';

/**
 * y[vector · slices + slice][column], float32: relative currents of the cells that the bits of slice `slice` of the
 * inputs' magnitudes open, negative inputs in a phase of their own whose current is subtracted.
 */
export function mvmGated(
  x: usize, xStride: usize, panels: usize, y: usize, yStride: usize,
  vectors: i32, rows: i32, columns: i32, slices: i32, segment: f32, terminal: f32, signed: bool,
): void {
  const panelBytes = <usize>rows << 5;
  for (let n = 0; n < columns; n += 8) {
    let from = x;
    let to = y + (<usize>n << 2);
    for (let m = 0; m < vectors; m++) {
      for (let s = 0; s < slices; s++) {
        phase(from, panels, to, rows, columns - n, s, segment, terminal, 1, false);
        if (signed) phase(from, panels, to, rows, columns - n, s, segment, terminal, -1, true);
        to += yStride;
      }
      from += xStride;
    }
    panels += panelBytes;
  }
}

@inline
function phase(
  x: usize, panel: usize, y: usize, rows: i32, columns: i32, slice: i32,
  segment: f32, terminal: f32, sign: i32, subtract: bool,
): void {
  const segments = f32x4.splat(segment);
  const one = f32x4.splat(1);
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const input = <i32>load<i16>(x) * sign;
    const open = i32x4.splat(input > 0 ? -((input >> slice) & 1) : 0);
    a = f32x4.add(f32x4.div(a, f32x4.add(one, f32x4.mul(segments, a))), v128.and(v128.load(panel), open));
    b = f32x4.add(f32x4.div(b, f32x4.add(one, f32x4.mul(segments, b))), v128.and(v128.load(panel, 16), open));
    x += 2;
    panel += 32;
  }
  const last = f32x4.splat(segment + terminal);
  a = f32x4.div(a, f32x4.add(one, f32x4.mul(last, a)));
  b = f32x4.div(b, f32x4.add(one, f32x4.mul(last, b)));
  if (subtract) {
    a = f32x4.sub(loadColumns(y, columns), a);
    b = f32x4.sub(loadColumns(y + 16, columns - 4), b);
  }
  storeColumns(y, a, columns);
  storeColumns(y + 16, b, columns - 4);
}
