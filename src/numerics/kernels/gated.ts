// Currents of gated crossbars with resistive bit lines and ideal supplies: from open cell to open cell the bit line's
// conductance to the supply, Y ← Y / (1 + k · segment · Y) + g over k rows, sixteen columns together.
import { loadColumns, storeColumns } from './lanes';

// An open row: where its cells lie in a panel (u32) and the resistance since the open row before (f32). A list begins
// with the number of its rows and the resistance behind the last one.
const ENTRY: usize = 8;

/**
 * y[vector · slices + slice][column] = (or −=), float32: relative currents of the cells that the bits of slice `slice`
 * of the inputs' magnitudes open, negative inputs in a phase of their own whose current is subtracted. `scratch` holds
 * two lists of rows + 1 entries for each slice, and 64 bytes.
 */
export function mvmGated(
  x: usize, xStride: usize, panels: usize, scratch: usize, y: usize, yStride: usize,
  vectors: i32, rows: i32, columns: i32, slices: i32, segment: f32, terminal: f32, signed: bool, subtract: bool,
): void {
  const panelBytes = <usize>rows << 5;
  const listBytes = <usize>(rows + 1) * ENTRY;
  const lists = scratch + 64;
  for (let m = 0; m < vectors; m++) {
    for (let s = 0; s < slices; s++) {
      const list = lists + <usize>(2 * s) * listBytes;
      listOpen(x, rows, s, 1, segment, terminal, list);
      if (signed) listOpen(x, rows, s, -1, segment, terminal, list + listBytes);
    }
    let left = panels;
    for (let n = 0; n < columns; n += 16) {
      // The right panel may not exist; the left one in its place then goes to columns that nobody reads.
      const right = n + 8 < columns ? left + panelBytes : left;
      let to = y + (<usize>n << 2);
      for (let s = 0; s < slices; s++) {
        const list = lists + <usize>(2 * s) * listBytes;
        currents(list, left, right, scratch, false);
        if (signed) currents(list + listBytes, left, right, scratch, true);
        for (let j = 0; j < 16 && n + j < columns; j += 4) {
          const at = to + (<usize>j << 2);
          let sum = v128.load(scratch + (<usize>j << 2));
          if (subtract) sum = f32x4.sub(loadColumns(at, columns - n - j), sum);
          storeColumns(at, sum, columns - n - j);
        }
        to += yStride;
      }
      left += panelBytes << 1;
    }
    x += xStride;
    y += yStride * <usize>slices;
  }
}

/** The rows that bit `slice` of inputs of a sign opens. */
function listOpen(x: usize, rows: i32, slice: i32, sign: i32, segment: f32, terminal: f32, list: usize): void {
  let to = list;
  let before = 0;
  for (let r = 0; r < rows; r++) {
    const input = <i32>load<i16>(x) * sign;
    x += 2;
    if (input <= 0 || !((input >> slice) & 1)) continue;
    to += ENTRY;
    store<u32>(to, <u32>r << 5);
    store<f32>(to, <f32>(r - before) * segment, 4);
    before = r;
  }
  store<u32>(list, <u32>(to - list));
  store<f32>(list, <f32>(rows - 1 - before) * segment + (segment + terminal), 4);
}

/** Currents of 16 columns through the open rows of a list, put at `to` or taken off what is there. */
function currents(list: usize, left: usize, right: usize, to: usize, subtract: bool): void {
  const one = f32x4.splat(1);
  const end = list + <usize>load<u32>(list);
  let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
  let entry = list;
  while (entry < end) {
    entry += ENTRY;
    const row = <usize>load<u32>(entry);
    const resistance = v128.load32_splat(entry, 4);
    a = f32x4.add(f32x4.div(a, f32x4.add(one, f32x4.mul(resistance, a))), v128.load(left + row));
    b = f32x4.add(f32x4.div(b, f32x4.add(one, f32x4.mul(resistance, b))), v128.load(left + row, 16));
    c = f32x4.add(f32x4.div(c, f32x4.add(one, f32x4.mul(resistance, c))), v128.load(right + row));
    d = f32x4.add(f32x4.div(d, f32x4.add(one, f32x4.mul(resistance, d))), v128.load(right + row, 16));
  }
  const last = v128.load32_splat(list, 4);
  put(to, f32x4.div(a, f32x4.add(one, f32x4.mul(last, a))), subtract);
  put(to + 16, f32x4.div(b, f32x4.add(one, f32x4.mul(last, b))), subtract);
  put(to + 32, f32x4.div(c, f32x4.add(one, f32x4.mul(last, c))), subtract);
  put(to + 48, f32x4.div(d, f32x4.add(one, f32x4.mul(last, d))), subtract);
}

@inline
function put(to: usize, value: v128, subtract: bool): void {
  v128.store(to, subtract ? f32x4.sub(v128.load(to), value) : value);
}
