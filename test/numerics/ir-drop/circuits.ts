/** A resistive network given node by node: the tests' own way to its currents, plain Gauss elimination of all nodes. */
export class Circuit {
  readonly #fixed = new Map<string, number>();
  readonly #same = new Map<string, string>();
  readonly #resistors: { readonly a: string; readonly b: string; readonly conductance: number }[] = [];

  fix(node: string, voltage: number): void {
    this.#fixed.set(node, voltage);
  }

  /** A resistor between two nodes; of 0 ohm, they are one. */
  resistor(a: string, b: string, resistance: number): void {
    if (resistance === 0) this.#same.set(this.#root(a), this.#root(b));
    else this.conductance(a, b, 1 / resistance);
  }

  conductance(a: string, b: string, conductance: number): void {
    this.#resistors.push({ a, b, conductance });
  }

  #root(node: string): string {
    const next = this.#same.get(node);
    return next === undefined || next === node ? node : this.#root(next);
  }

  /** Current into a fixed node. */
  currentInto(fixed: string): number {
    const voltages = this.#solve();
    const node = this.#root(fixed);
    let current = 0;
    for (const resistor of this.#resistors) {
      const [a, b, conductance] = [this.#root(resistor.a), this.#root(resistor.b), resistor.conductance];
      if (a === node) current += (voltages(b) - voltages(a)) * conductance;
      if (b === node) current += (voltages(a) - voltages(b)) * conductance;
    }
    return current;
  }

  #solve(): (node: string) => number {
    const fixedNodes = new Map([...this.#fixed].map(([node, voltage]) => [this.#root(node), voltage]));
    const names = [...new Set(this.#resistors.flatMap(({ a, b }) => [this.#root(a), this.#root(b)]))];
    const free = names.filter((name) => !fixedNodes.has(name));
    const index = new Map(free.map((name, i) => [name, i]));
    const n = free.length;
    const matrix = free.map(() => new Float64Array(n + 1));
    for (const { a, b, conductance } of this.#resistors) {
      for (const [here, there] of [
        [this.#root(a), this.#root(b)],
        [this.#root(b), this.#root(a)],
      ] as const) {
        const i = index.get(here);
        if (i === undefined) continue;
        matrix[i]![i] = matrix[i]![i]! + conductance;
        const j = index.get(there);
        if (j === undefined) matrix[i]![n] = matrix[i]![n]! + conductance * fixedNodes.get(there)!;
        else matrix[i]![j] = matrix[i]![j]! - conductance;
      }
    }
    for (let k = 0; k < n; k++) {
      let best = k;
      for (let i = k; i < n; i++) if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[best]![k]!)) best = i;
      [matrix[k], matrix[best]] = [matrix[best]!, matrix[k]!];
      // A node that nothing holds has no voltage to find.
      if (matrix[k]![k] === 0) continue;
      for (let i = 0; i < n; i++) {
        if (i === k) continue;
        const factor = matrix[i]![k]! / matrix[k]![k]!;
        if (factor !== 0)
          for (let j = k; j <= n; j++) matrix[i]![j] = matrix[i]![j]! - factor * matrix[k]![j]!;
      }
    }
    return (node) => {
      const fixed = fixedNodes.get(node);
      if (fixed !== undefined) return fixed;
      const k = index.get(node)!;
      return matrix[k]![k] === 0 ? 0 : matrix[k]![n]! / matrix[k]![k]!;
    };
  }
}
