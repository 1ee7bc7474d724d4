// Tables of pairs of groups: 256 sums of 16 columns, one for the patterns of both groups together. A table fills half of
// the first-level cache, so a chunk lives in the second; a sum is one cache line, and half as many are loaded and added.
import { GROUP_BYTES, QUARTER_BYTES, SUM_BYTES } from './table';

const PAIR_BYTES: usize = 16384;

/** wide[odd pattern · 16 + even pattern] = even table + odd table, for `pairs` pairs of tables of `tabulate`. */
export function widen(tables: usize, pairs: i32, wide: usize): void {
  for (; pairs > 0; pairs--) {
    const end = tables + GROUP_BYTES + QUARTER_BYTES;
    for (let odd = tables + GROUP_BYTES; odd < end; odd += 16) {
      const a = v128.load(odd);
      const b = v128.load(odd, QUARTER_BYTES);
      const c = v128.load(odd, 2 * QUARTER_BYTES);
      const d = v128.load(odd, 3 * QUARTER_BYTES);
      for (let even = tables; even < tables + QUARTER_BYTES; even += 16) {
        v128.store(wide, f32x4.add(v128.load(even), a));
        v128.store(wide, f32x4.add(v128.load(even, QUARTER_BYTES), b), 16);
        v128.store(wide, f32x4.add(v128.load(even, 2 * QUARTER_BYTES), c), 32);
        v128.store(wide, f32x4.add(v128.load(even, 3 * QUARTER_BYTES), d), 48);
        wide += SUM_BYTES;
      }
    }
    tables += 2 * GROUP_BYTES;
  }
}

/** Adds a chunk's partial sums to the 16 sums of each stream at `to`, as `addChunk` of table.ts does. */
export function addWideChunk(
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
    for (const whole = end - 7; pattern < whole; pattern += 8) {
      // Four pairs of bytes (16 · pattern each) become four places in their tables, 16 bits each.
      let four = load<u64>(pattern);
      four = (((four >> 4) & 0x000f000f000f000f) | ((four >> 8) & 0x00f000f000f000f0)) << 6;
      const stop = table + 4 * PAIR_BYTES;
      do {
        const at = table + <usize>(<u32>four & 0xffff);
        a = f32x4.add(a, v128.load(at));
        b = f32x4.add(b, v128.load(at, 16));
        c = f32x4.add(c, v128.load(at, 32));
        d = f32x4.add(d, v128.load(at, 48));
        four >>= 16;
        table += PAIR_BYTES;
      } while (table < stop);
    }
    while (pattern < end) {
      const at = table + (<usize>((load<u8>(pattern) >> 4) | load<u8>(pattern, 1)) << 6);
      a = f32x4.add(a, v128.load(at));
      b = f32x4.add(b, v128.load(at, 16));
      c = f32x4.add(c, v128.load(at, 32));
      d = f32x4.add(d, v128.load(at, 48));
      pattern += 2;
      table += PAIR_BYTES;
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    to += SUM_BYTES;
    patterns += patternStride;
  }
}
