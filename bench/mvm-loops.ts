/** Operands of a batched product: x [batch][rows], g [rows][columns] (or packed), y [batch][columns]. */
export interface Arrays {
  readonly x: Float32Array;
  readonly g: Float32Array;
  readonly y: Float32Array;
}

/** What one would write first. */
export function plainLoop({ x, g, y }: Arrays, rows: number, columns: number, batch: number): void {
  for (let vector = 0; vector < batch; vector++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += x[vector * rows + row]! * g[row * columns + column]!;
      y[vector * columns + column] = sum;
    }
  }
}

/** The weights as `blockedLoop` reads them: [columns / 4][rows][4]. */
export function packedBy4(g: Float32Array, rows: number, columns: number): Float32Array {
  return g.map((_, i) => {
    const row = Math.floor(i / 4) % rows;
    const column = Math.floor(i / (4 * rows)) * 4 + (i % 4);
    return g[row * columns + column]!;
  });
}

/** The most that JavaScript does without SIMD: 16 sums in registers, weights packed (multiples of 4). */
export function blockedLoop({ x, g, y }: Arrays, rows: number, columns: number, batch: number): void {
  for (let n = 0; n < columns; n += 4) {
    for (let m = 0; m < batch; m += 4) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      let c0 = 0;
      let c1 = 0;
      let c2 = 0;
      let c3 = 0;
      let d0 = 0;
      let d1 = 0;
      let d2 = 0;
      let d3 = 0;
      let a = m * rows;
      let b = a + rows;
      let c = b + rows;
      let d = c + rows;
      let weight = n * rows;
      for (let row = 0; row < rows; row++) {
        const g0 = g[weight]!;
        const g1 = g[weight + 1]!;
        const g2 = g[weight + 2]!;
        const g3 = g[weight + 3]!;
        const xa = x[a++]!;
        const xb = x[b++]!;
        const xc = x[c++]!;
        const xd = x[d++]!;
        a0 += xa * g0;
        a1 += xa * g1;
        a2 += xa * g2;
        a3 += xa * g3;
        b0 += xb * g0;
        b1 += xb * g1;
        b2 += xb * g2;
        b3 += xb * g3;
        c0 += xc * g0;
        c1 += xc * g1;
        c2 += xc * g2;
        c3 += xc * g3;
        d0 += xd * g0;
        d1 += xd * g1;
        d2 += xd * g2;
        d3 += xd * g3;
        weight += 4;
      }
      const at = m * columns + n;
      y.set([a0, a1, a2, a3], at);
      y.set([b0, b1, b2, b3], at + columns);
      y.set([c0, c1, c2, c3], at + 2 * columns);
      y.set([d0, d1, d2, d3], at + 3 * columns);
    }
  }
}
