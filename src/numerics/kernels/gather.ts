// The windows of a convolution as input vectors.

/**
 * x[position][row] = frame[positionBase[position] + rowOffset[row]]. Where eight positions lie side by side in the
 * frame, an 8 × 8 block of codes is read in lines and transposed.
 */
export function gather(
  frame: usize, positionBase: usize, rowOffset: usize, x: usize, xStride: usize, positions: i32, rows: i32,
): void {
  let p = 0;
  while (p < positions) {
    const length = runLength(positionBase, p, positions);
    // A short end of a line is taken together with positions before it, which then are written twice.
    const start = p + length - 8;
    if (rows >= 8 && start >= 0 && (length == 8 || runLength(positionBase, start, positions) == 8)) {
      const from = frame + baseOf(positionBase, start);
      const to = x + <usize>start * xStride;
      let k = 0;
      for (; k + 8 <= rows; k += 8) block(from, rowOffset + (<usize>k << 2), to + (<usize>k << 1), xStride);
      if (k < rows) {
        k = rows - 8;
        block(from, rowOffset + (<usize>k << 2), to + (<usize>k << 1), xStride);
      }
    } else {
      const last = p + length - 1;
      for (let i = p; i <= last; i += 4) fourPositions(frame, positionBase, rowOffset, x, xStride, i, last, rows);
    }
    p += length;
  }
}

@inline
function baseOf(positionBase: usize, p: i32): usize {
  return <usize>load<i32>(positionBase + (<usize>p << 2)) << 1;
}

/** How many positions from p on, at most 8, follow each other in the frame. */
function runLength(positionBase: usize, p: i32, positions: i32): i32 {
  const limit = min(positions - p, 8);
  const base = baseOf(positionBase, p);
  let length = 1;
  while (length < limit && baseOf(positionBase, p + length) == base + (<usize>length << 1)) length++;
  return length;
}

/** Eight rows of eight neighbouring positions. */
@inline
function block(from: usize, rowOffset: usize, to: usize, stride: usize): void {
  const a0 = line(from, rowOffset);
  const a1 = line(from, rowOffset + 4);
  const a2 = line(from, rowOffset + 8);
  const a3 = line(from, rowOffset + 12);
  const a4 = line(from, rowOffset + 16);
  const a5 = line(from, rowOffset + 20);
  const a6 = line(from, rowOffset + 24);
  const a7 = line(from, rowOffset + 28);
  const b0 = v128.shuffle<i16>(a0, a1, 0, 8, 1, 9, 2, 10, 3, 11);
  const b1 = v128.shuffle<i16>(a2, a3, 0, 8, 1, 9, 2, 10, 3, 11);
  const b2 = v128.shuffle<i16>(a4, a5, 0, 8, 1, 9, 2, 10, 3, 11);
  const b3 = v128.shuffle<i16>(a6, a7, 0, 8, 1, 9, 2, 10, 3, 11);
  const b4 = v128.shuffle<i16>(a0, a1, 4, 12, 5, 13, 6, 14, 7, 15);
  const b5 = v128.shuffle<i16>(a2, a3, 4, 12, 5, 13, 6, 14, 7, 15);
  const b6 = v128.shuffle<i16>(a4, a5, 4, 12, 5, 13, 6, 14, 7, 15);
  const b7 = v128.shuffle<i16>(a6, a7, 4, 12, 5, 13, 6, 14, 7, 15);
  to = twoPositions(to, stride, v128.shuffle<i32>(b0, b1, 0, 4, 1, 5), v128.shuffle<i32>(b2, b3, 0, 4, 1, 5));
  to = twoPositions(to, stride, v128.shuffle<i32>(b0, b1, 2, 6, 3, 7), v128.shuffle<i32>(b2, b3, 2, 6, 3, 7));
  to = twoPositions(to, stride, v128.shuffle<i32>(b4, b5, 0, 4, 1, 5), v128.shuffle<i32>(b6, b7, 0, 4, 1, 5));
  twoPositions(to, stride, v128.shuffle<i32>(b4, b5, 2, 6, 3, 7), v128.shuffle<i32>(b6, b7, 2, 6, 3, 7));
}

@inline
function line(from: usize, rowOffset: usize): v128 {
  return v128.load(from + (<usize>load<i32>(rowOffset) << 1));
}

@inline
function twoPositions(to: usize, stride: usize, a: v128, b: v128): usize {
  v128.store(to, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(to + stride, v128.shuffle<i64>(a, b, 1, 3));
  return to + 2 * stride;
}

/** Positions p … p + 3, none beyond `last`. */
function fourPositions(
  frame: usize, positionBase: usize, rowOffset: usize, x: usize, xStride: usize, p: i32, last: i32, rows: i32,
): void {
  const f0 = frame + baseOf(positionBase, p);
  const f1 = frame + baseOf(positionBase, min(p + 1, last));
  const f2 = frame + baseOf(positionBase, min(p + 2, last));
  const f3 = frame + baseOf(positionBase, min(p + 3, last));
  let x0 = x + <usize>p * xStride;
  let x1 = x + <usize>min(p + 1, last) * xStride;
  let x2 = x + <usize>min(p + 2, last) * xStride;
  let x3 = x + <usize>min(p + 3, last) * xStride;
  const end = rowOffset + (<usize>rows << 2);
  while (rowOffset < end) {
    const offset = <usize>load<i32>(rowOffset) << 1;
    store<i16>(x0, load<i16>(f0 + offset));
    store<i16>(x1, load<i16>(f1 + offset));
    store<i16>(x2, load<i16>(f2 + offset));
    store<i16>(x3, load<i16>(f3 + offset));
    x0 += 2;
    x1 += 2;
    x2 += 2;
    x3 += 2;
    rowOffset += 4;
  }
}
