// The effective matrix of a crossbar with resistive wires. src/numerics/ir-drop/elimination.ts says what is computed and
// why, in the same order of operations; here two float64 at a time.

/**
 * cells [rows][columns] ← currents of unit inputs. `scratch`: columns rounded up to a multiple of four, squared, plus
 * ten times that many float64 and three times `columns`.
 */
export function effectiveMatrix(
  cells: usize, rows: i32, columns: i32, scratch: usize,
  rowSegment: f64, columnSegment: f64, rowTerminal: f64, columnTerminal: f64, wordLinesPerNode: i32,
): void {
  const size = (columns + 3) & ~3;
  const matrix = scratch;
  const matrixBytes = <usize>(size * size) << 3;
  const pivots = matrix + matrixBytes;
  const vectors = pivots + (<usize>size << 5);
  const leaks = vectors + (<usize>size << 5);
  const rest = leaks + (<usize>size << 3);
  const line = rest + (<usize>size << 3);
  const scale = columnSegment > 0 ? columnSegment : 1;
  memory.fill(matrix, 0, matrixBytes);
  memory.fill(leaks, 0, <usize>size << 3);
  for (let r = 0; r < rows; r += wordLinesPerNode) {
    const end = r + wordLinesPerNode;
    if (r > 0 && columnSegment > 0) scaleAll(matrix, matrixBytes, -1);
    for (let at = r; at < end; at++) {
      const own = cells + (<usize>at * <usize>columns << 3);
      addWordLine(matrix, size, own, columns, rowSegment, rowTerminal, scale, line);
      for (let k: usize = 0; k < <usize>columns << 3; k += 8) {
        store<f64>(leaks + k, load<f64>(leaks + k) + scale * load<f64>(own + k));
      }
    }
    const last = end == rows;
    if (columnSegment == 0 && !last) continue;
    if (last) {
      const factor = columnSegment == 0 ? columnTerminal : (columnSegment + columnTerminal) / columnSegment;
      scaleAll(matrix, matrixBytes, factor);
      scaleAll(leaks, <usize>size << 3, factor);
    }
    // Columns that only fill up the size leak nothing: a row sum of 1.
    for (let k: usize = 0; k < <usize>size << 3; k += 8) store<f64>(rest + k, 1 + load<f64>(leaks + k));
    invert(matrix, size, pivots, rest);
    multiplyRows(cells, end, columns, matrix, size, vectors);
    multiplyRows(leaks, 1, columns, matrix, size, vectors);
  }
}

function scaleAll(from: usize, bytes: usize, factor: f64): void {
  const factors = f64x2.splat(factor);
  for (let at = from; at < from + bytes; at += 16) v128.store(at, f64x2.mul(factors, v128.load(at)));
}

function addWordLine(
  matrix: usize, size: i32, g: usize, n: i32, row: f64, terminal: f64, scale: f64, line: usize,
): void {
  const drive = row + terminal;
  if (drive == 0) return;
  const left = line;
  const right = left + (<usize>n << 3);
  const ratio = right + (<usize>n << 3);
  let beyond = load<f64>(g + (<usize>(n - 1) << 3));
  store<f64>(right + (<usize>(n - 1) << 3), beyond);
  for (let k = n - 2; k >= 0; k--) {
    beyond = load<f64>(g + (<usize>k << 3)) + beyond / (1 + row * beyond);
    store<f64>(right + (<usize>k << 3), beyond);
  }
  store<f64>(left, 1 / drive);
  for (let k = 0; k < n; k++) {
    const above = load<f64>(g + (<usize>k << 3)) + load<f64>(left + (<usize>k << 3));
    const share = 1 / (1 + row * above);
    store<f64>(ratio + (<usize>k << 3), share);
    if (k + 1 < n) store<f64>(left + (<usize>(k + 1) << 3), above * share);
  }
  for (let k = 1; k < n; k++) {
    const own = load<f64>(g + (<usize>k << 3));
    let others = load<f64>(left + (<usize>k << 3));
    if (k + 1 < n) {
      const next = load<f64>(right + (<usize>(k + 1) << 3));
      others = others + next / (1 + row * next);
    }
    let reach = (scale * own) / (others + own);
    const at = matrix + (<usize>(k * size) << 3);
    let mirror = matrix + (<usize>((k - 1) * size + k) << 3);
    for (let j = k - 1; j >= 0; j--) {
      reach *= load<f64>(ratio + (<usize>j << 3));
      const coupling = load<f64>(g + (<usize>j << 3)) * reach;
      const to = at + (<usize>j << 3);
      store<f64>(to, load<f64>(to) - coupling);
      store<f64>(mirror, load<f64>(mirror) - coupling);
      mirror -= <usize>size << 3;
    }
  }
  let voltage = 1 / (1 + drive * load<f64>(right));
  store<f64>(g, load<f64>(g) * voltage);
  for (let k = 1; k < n; k++) {
    voltage /= 1 + row * load<f64>(right + (<usize>k << 3));
    const at = g + (<usize>k << 3);
    store<f64>(at, load<f64>(at) * voltage);
  }
}

function invert(matrix: usize, size: i32, pivots: usize, rest: usize): void {
  const bytes = <usize>size << 3;
  for (let first = 0; first < size; first += 4) {
    const block = matrix + <usize>first * bytes;
    memory.copy(pivots, block, bytes << 2);
    for (let k = 0; k < 4; k++) pivotRow(pivots, bytes, k, first + k, rest);
    // Two rows at a time share what they read of the pivots.
    for (let i = 0; i < size; i += 2) {
      if (i >= first && i < first + 4) continue;
      subtractPivots(matrix + <usize>i * bytes, bytes, <usize>first << 3, pivots);
    }
    memory.copy(block, pivots, bytes << 2);
  }
}

@inline
function subtractPivots(at: usize, bytes: usize, pivot: usize, pivots: usize): void {
  const next = at + bytes;
  const a0 = v128.load64_splat(at + pivot);
  const a1 = v128.load64_splat(at + pivot, 8);
  const a2 = v128.load64_splat(at + pivot, 16);
  const a3 = v128.load64_splat(at + pivot, 24);
  const b0 = v128.load64_splat(next + pivot);
  const b1 = v128.load64_splat(next + pivot, 8);
  const b2 = v128.load64_splat(next + pivot, 16);
  const b3 = v128.load64_splat(next + pivot, 24);
  const zero = f64x2.splat(0);
  v128.store(at + pivot, zero);
  v128.store(at + pivot, zero, 16);
  v128.store(next + pivot, zero);
  v128.store(next + pivot, zero, 16);
  const p1 = pivots + bytes;
  const p2 = p1 + bytes;
  const p3 = p2 + bytes;
  for (let j: usize = 0; j < bytes; j += 16) {
    let a = v128.load(at + j);
    let b = v128.load(next + j);
    let p = v128.load(pivots + j);
    a = f64x2.sub(a, f64x2.mul(a0, p));
    b = f64x2.sub(b, f64x2.mul(b0, p));
    p = v128.load(p1 + j);
    a = f64x2.sub(a, f64x2.mul(a1, p));
    b = f64x2.sub(b, f64x2.mul(b1, p));
    p = v128.load(p2 + j);
    a = f64x2.sub(a, f64x2.mul(a2, p));
    b = f64x2.sub(b, f64x2.mul(b2, p));
    p = v128.load(p3 + j);
    v128.store(at + j, f64x2.sub(a, f64x2.mul(a3, p)));
    v128.store(next + j, f64x2.sub(b, f64x2.mul(b3, p)));
  }
}

function pivotRow(pivots: usize, bytes: usize, k: i32, column: i32, rest: usize): void {
  const own = pivots + <usize>k * bytes;
  const pivot = <usize>column << 3;
  const pair = pivot & ~15;
  let sums = f64x2.splat(0);
  if ((column & 1) == 0) sums = f64x2.replace_lane(sums, 1, load<f64>(own + pivot, 8));
  for (let j = pair + 16; j < bytes; j += 16) sums = f64x2.add(sums, v128.load(own + j));
  const shared = load<f64>(rest + pivot);
  const factor = f64x2.splat(1 / (shared - (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1))));
  store<f64>(own + pivot, 1);
  for (let j: usize = 0; j < bytes; j += 16) v128.store(own + j, f64x2.mul(v128.load(own + j), factor));
  const sharing = f64x2.splat(shared);
  for (let j = pair; j < bytes; j += 16) {
    v128.store(rest + j, f64x2.sub(v128.load(rest + j), f64x2.mul(sharing, v128.load(own + j))));
  }
  for (let r = 0; r < 4; r++) {
    if (r == k) continue;
    const at = pivots + <usize>r * bytes;
    const taken = v128.load64_splat(at + pivot);
    store<f64>(at + pivot, 0);
    for (let j: usize = 0; j < bytes; j += 16) {
      v128.store(at + j, f64x2.sub(v128.load(at + j), f64x2.mul(taken, v128.load(own + j))));
    }
  }
}

/** vectors [count][columns] ← vectors · matrix, four vectors at a time from a copy. */
function multiplyRows(at: usize, count: i32, columns: i32, matrix: usize, size: i32, copy: usize): void {
  const bytes = <usize>columns << 3;
  const rowBytes = <usize>size << 3;
  for (let r = 0; r < count; r += 4) {
    const block = min(count - r, 4);
    memory.copy(copy, at, <usize>block * bytes);
    for (let j = 0; j < columns; j += 4) {
      let m = matrix + (<usize>j << 3);
      let x0 = copy;
      let x1 = copy + <usize>min(1, block - 1) * bytes;
      let x2 = copy + <usize>min(2, block - 1) * bytes;
      let x3 = copy + <usize>min(3, block - 1) * bytes;
      const end = x0 + bytes;
      let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
      let b0 = f64x2.splat(0), b1 = f64x2.splat(0), b2 = f64x2.splat(0), b3 = f64x2.splat(0);
      while (x0 < end) {
        const ma = v128.load(m);
        const mb = v128.load(m, 16);
        let x = v128.load64_splat(x0);
        a0 = f64x2.add(a0, f64x2.mul(x, ma));
        b0 = f64x2.add(b0, f64x2.mul(x, mb));
        x = v128.load64_splat(x1);
        a1 = f64x2.add(a1, f64x2.mul(x, ma));
        b1 = f64x2.add(b1, f64x2.mul(x, mb));
        x = v128.load64_splat(x2);
        a2 = f64x2.add(a2, f64x2.mul(x, ma));
        b2 = f64x2.add(b2, f64x2.mul(x, mb));
        x = v128.load64_splat(x3);
        a3 = f64x2.add(a3, f64x2.mul(x, ma));
        b3 = f64x2.add(b3, f64x2.mul(x, mb));
        m += rowBytes;
        x0 += 8;
        x1 += 8;
        x2 += 8;
        x3 += 8;
      }
      let to = at + (<usize>j << 3);
      const valid = columns - j;
      put(to, a0, b0, valid);
      if (block > 1) put((to += bytes), a1, b1, valid);
      if (block > 2) put((to += bytes), a2, b2, valid);
      if (block > 3) put((to += bytes), a3, b3, valid);
    }
    at += <usize>block * bytes;
  }
}

@inline
function put(to: usize, a: v128, b: v128, valid: i32): void {
  if (valid >= 4) {
    v128.store(to, a);
    v128.store(to, b, 16);
    return;
  }
  store<f64>(to, f64x2.extract_lane(a, 0));
  if (valid > 1) store<f64>(to, f64x2.extract_lane(a, 1), 8);
  if (valid > 2) store<f64>(to, f64x2.extract_lane(b, 0), 16);
}
