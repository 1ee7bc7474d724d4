// Weights as the products read them: panels of 8 columns, rows in order, absent columns zero.

/** [rows][columns] float32 → [⌈columns/8⌉][rows][8]. */
export function packF32(source: usize, sourceStride: usize, panels: usize, rows: i32, columns: i32): void {
  for (let n = 0; n < columns; n += 8) {
    const count = min(columns - n, 8);
    for (let k = 0; k < rows; k++) {
      const from = source + <usize>k * sourceStride + (<usize>n << 2);
      if (count == 8) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      } else {
        for (let j = 0; j < 8; j++) {
          store<f32>(panels + (<usize>j << 2), j < count ? load<f32>(from + (<usize>j << 2)) : 0);
        }
      }
      panels += 32;
    }
  }
}

/** [rows][columns] int16 → [⌈columns/8⌉][⌈rows/2⌉][8][2]: the two rows of a pair side by side. */
export function packI16(source: usize, sourceStride: usize, panels: usize, rows: i32, columns: i32): void {
  for (let n = 0; n < columns; n += 8) {
    const count = min(columns - n, 8);
    for (let k = 0; k < rows; k += 2) {
      const even = source + <usize>k * sourceStride + (<usize>n << 1);
      const odd = even + sourceStride;
      const pair = k + 1 < rows;
      if (count == 8) {
        const a = v128.load(even);
        const b = pair ? v128.load(odd) : i32x4.splat(0);
        v128.store(panels, v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
        v128.store(panels, v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      } else {
        for (let j = 0; j < 8; j++) {
          const there = j < count;
          const column = <usize>j << 1;
          store<i16>(panels + (<usize>j << 2), there ? load<i16>(even + column) : 0);
          store<i16>(panels + (<usize>j << 2), there && pair ? load<i16>(odd + column) : 0, 2);
        }
      }
      panels += 32;
    }
  }
}
