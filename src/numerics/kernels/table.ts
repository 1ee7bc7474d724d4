// Bit-serial products by tables of partial sums. The inputs of four rows, one bit each, have 16 possible partial sums
// a column; so have two rows of two bits, or of a bit and a sign. Tabulated for 16 columns, a group of rows costs one
// addition instead of a multiply-add a row. The order of addition is part of the definition: inside a group as
// `tabulate` writes it, then groups in pairs, then pair after pair. Where many vectors share them, the tables of a pair
// of groups are added up beforehand (wide-table.ts): the same additions, half of them only once.
import { convertStrip, setAccumulators, setConverter, setNoise, sumsExactly } from './adc';
import { groupRowsOf, SIGNED_BIT, TWO_BITS } from './digits';
import { storeColumns } from './lanes';
import { addWideChunk, widen } from './wide-table';

// A group's table: four quarters of 16 patterns × 4 columns.
export const GROUP_BYTES: usize = 1024;
export const QUARTER_BYTES: usize = 256;
// Tables that stay in the first-level cache together with what passes by; tables of pairs in the second-level one.
const CHUNK_GROUPS: i32 = 32;
const CHUNK_BYTES: usize = 32768;
const WIDE_CHUNK_BYTES: usize = 262144;
// Where the sums begin, behind all tables.
const SUMS: usize = CHUNK_BYTES + WIDE_CHUNK_BYTES;
// Streams that repay adding up the tables of pairs.
const WIDE_STREAMS: i32 = 640;
// Streams (an input slice of a vector each) whose sums wait in scratch, 16 columns each.
const BLOCK_STREAMS: i32 = 2048;
export const SUM_BYTES: usize = 64;

/** y[stream] = Σ pairs of groups (table[pattern] + table'[pattern']), in float32. */
export function mvmTable(
  patterns: usize, patternStride: usize, digits: i32, panels: usize, scratch: usize,
  y: usize, yStride: usize, vectors: i32, slices: i32, rows: i32, columns: i32,
): void {
  const streams = vectors * slices;
  for (let n = 0; n < columns; n += 16) {
    for (let first = 0; first < streams; first += BLOCK_STREAMS) {
      const count = min(streams - first, BLOCK_STREAMS);
      const from = patterns + <usize>first * patternStride;
      sumStreams(from, patternStride, count, digits, panels, rows, columns, n, scratch);
      let sums = scratch + SUMS;
      let to = y + <usize>first * yStride + (<usize>n << 2);
      for (let s = 0; s < count; s++) {
        for (let j = 0; j < 16 && n + j < columns; j += 4) {
          const column = <usize>j << 2;
          storeColumns(to + column, v128.load(sums + column), columns - n - j);
        }
        sums += SUM_BYTES;
        to += yStride;
      }
    }
  }
}

/** y[vector] += Σ slices multiplier[slice] · ADC(stream's sum + noise), the read index counting up with the slice. */
export function mvmAdcTable(
  patterns: usize, patternStride: usize, digits: i32, panels: usize, scratch: usize,
  y: usize, yStride: usize, vectors: i32, slices: i32, rows: i32, columns: i32,
  multipliers: usize, gains: usize, offsets: usize, low: f32, high: f32,
  noise: i32, sigma: f32, variances: usize, varianceStride: usize,
  seed: u32, stream: u32, row: u32, block: u32, read: u32,
): void {
  if (slices <= 0) return;
  setAccumulators(y, yStride, vectors, columns);
  setConverter(gains, offsets, low, high);
  setNoise(noise, sigma, variances, varianceStride, seed, stream, row, block, read);
  const exactInFloat = sumsExactly(slices, multipliers);
  const blockVectors = BLOCK_STREAMS / slices;
  for (let n = 0; n < columns; n += 16) {
    for (let first = 0; first < vectors; first += blockVectors) {
      const count = min(vectors - first, blockVectors);
      const from = patterns + <usize>(first * slices) * patternStride;
      sumStreams(from, patternStride, count * slices, digits, panels, rows, columns, n, scratch);
      convertStrip(first, count, n, slices, multipliers, scratch + SUMS, exactInFloat);
    }
  }
}

/** Sums of `streams` streams over columns n … n + 15, into scratch behind the tables. */
function sumStreams(
  patterns: usize, patternStride: usize, streams: i32, digits: i32,
  panels: usize, rows: i32, columns: i32, n: i32, scratch: usize,
): void {
  const groupRows = groupRowsOf(digits);
  const groups = (rows + groupRows - 1) / groupRows;
  const panelBytes = <usize>rows << 5;
  const left = panels + (<usize>n >> 3) * panelBytes;
  if (groups == 0) memory.fill(scratch + SUMS, 0, <usize>streams * SUM_BYTES);
  for (let group = 0; group < groups; group += CHUNK_GROUPS) {
    const count = min(groups - group, CHUNK_GROUPS);
    const rowBytes = <usize>(group * groupRows) << 5;
    tabulate(left + rowBytes, left + panelBytes, count, digits, scratch);
    // The right panel may not exist; what is in its place then goes to columns that nobody reads.
    if (n + 8 < columns) {
      const right = left + panelBytes;
      tabulate(right + rowBytes, right + panelBytes, count, digits, scratch + 2 * QUARTER_BYTES);
    }
    if (count & 1) memory.fill(scratch + <usize>count * GROUP_BYTES, 0, GROUP_BYTES);
    const pairs = (count + 1) >> 1;
    if (streams < WIDE_STREAMS) {
      addChunk(patterns + <usize>group, patternStride, streams, pairs, scratch, scratch + SUMS, group == 0);
    } else {
      const wide = scratch + CHUNK_BYTES;
      widen(scratch, pairs, wide);
      addWideChunk(patterns + <usize>group, patternStride, streams, pairs, wide, scratch + SUMS, group == 0);
    }
  }
}

/** Adds a chunk's partial sums to the 16 sums of each stream at `to`. */
function addChunk(
  patterns: usize, patternStride: usize, streams: i32, pairs: i32, tables: usize, to: usize, begins: bool,
): void {
  const bytes = <usize>pairs << 1;
  for (; streams > 0; streams--) {
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
    if (!begins) {
      a = v128.load(to);
      b = v128.load(to, 16);
      c = v128.load(to, 32);
      d = v128.load(to, 48);
    }
    let table = tables;
    let pattern = patterns;
    const end = pattern + bytes;
    // Loads are what this loop has most of: eight patterns come with one.
    for (const whole = end - 7; pattern < whole; pattern += 8) {
      let eight = load<u64>(pattern);
      const stop = table + 8 * GROUP_BYTES;
      do {
        const even = table + <usize>(eight & 255);
        const odd = table + <usize>(eight >> 8 & 255);
        a = f32x4.add(a, f32x4.add(v128.load(even), v128.load(odd, GROUP_BYTES)));
        b = f32x4.add(b, f32x4.add(v128.load(even, QUARTER_BYTES), v128.load(odd, GROUP_BYTES + QUARTER_BYTES)));
        c = f32x4.add(c, f32x4.add(v128.load(even, 2 * QUARTER_BYTES), v128.load(odd, GROUP_BYTES + 2 * QUARTER_BYTES)));
        d = f32x4.add(d, f32x4.add(v128.load(even, 3 * QUARTER_BYTES), v128.load(odd, GROUP_BYTES + 3 * QUARTER_BYTES)));
        eight >>= 16;
        table += 2 * GROUP_BYTES;
      } while (table < stop);
    }
    while (pattern < end) {
      const even = table + <usize>load<u8>(pattern);
      const odd = table + <usize>load<u8>(pattern, 1);
      a = f32x4.add(a, f32x4.add(v128.load(even), v128.load(odd, GROUP_BYTES)));
      b = f32x4.add(b, f32x4.add(v128.load(even, QUARTER_BYTES), v128.load(odd, GROUP_BYTES + QUARTER_BYTES)));
      c = f32x4.add(c, f32x4.add(v128.load(even, 2 * QUARTER_BYTES), v128.load(odd, GROUP_BYTES + 2 * QUARTER_BYTES)));
      d = f32x4.add(d, f32x4.add(v128.load(even, 3 * QUARTER_BYTES), v128.load(odd, GROUP_BYTES + 3 * QUARTER_BYTES)));
      pattern += 2;
      table += 2 * GROUP_BYTES;
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    to += SUM_BYTES;
    patterns += patternStride;
  }
}

/** Two quarters (one panel's columns) of `groups` tables: low two bits of the pattern + high two bits. */
function tabulate(panel: usize, end: usize, groups: i32, digits: i32, table: usize): void {
  for (; groups > 0; groups--) {
    for (let half: usize = 0; half < 2; half++) {
      const from = panel + (half << 4);
      const low1 = v128.load(from);
      const next = rowOf(from + 32, end);
      let low2: v128, low3: v128, high1: v128, high2: v128, high3: v128;
      if (digits == TWO_BITS) {
        low2 = f32x4.add(low1, low1);
        low3 = f32x4.mul(low1, f32x4.splat(3));
        high1 = next;
        high2 = f32x4.add(next, next);
        high3 = f32x4.mul(next, f32x4.splat(3));
      } else if (digits == SIGNED_BIT) {
        // Two's complement: 3 is −1 and 2 does not occur.
        low2 = low3 = f32x4.neg(low1);
        high1 = next;
        high2 = high3 = f32x4.neg(next);
      } else {
        low2 = next;
        low3 = f32x4.add(low1, next);
        high1 = rowOf(from + 64, end);
        high2 = rowOf(from + 96, end);
        high3 = f32x4.add(high1, high2);
      }
      const to = table + half * QUARTER_BYTES;
      fourPatterns(to, low1, low2, low3, f32x4.splat(0));
      fourPatterns(to + 64, low1, low2, low3, high1);
      fourPatterns(to + 128, low1, low2, low3, high2);
      fourPatterns(to + 192, low1, low2, low3, high3);
    }
    panel += <usize>groupRowsOf(digits) << 5;
    table += GROUP_BYTES;
  }
}

function rowOf(at: usize, end: usize): v128 {
  return at < end ? v128.load(at) : f32x4.splat(0);
}

function fourPatterns(to: usize, low1: v128, low2: v128, low3: v128, high: v128): void {
  v128.store(to, high);
  v128.store(to, f32x4.add(low1, high), 16);
  v128.store(to, f32x4.add(low2, high), 32);
  v128.store(to, f32x4.add(low3, high), 48);
}
