/** A crossbar as a netlist: conductances in S [rows][columns], resistances in ohm, inputs in V. */
export interface CrossbarCircuit {
  readonly title: string;
  readonly notes: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly positive: Float64Array;
  /** The other cells of interleaved pairs, on the same bit lines, driven by the opposite voltage. */
  readonly negative: Float64Array | undefined;
  readonly topology: 'inputSourced' | 'gated';
  readonly row: number;
  readonly column: number;
  readonly rowTerminal: number;
  readonly columnTerminal: number;
  /** V of each word line; gated: of the supplies where an input opens the cells. */
  readonly inputs: Float64Array;
  /** A out of each bit line, as Kirchhoff has it. */
  readonly expected: Float64Array;
}

/**
 * An ngspice deck of the operating point of a crossbar: `ngspice -b deck.cir` prints the current of every bit line,
 * `i(vg0)`, `i(vg1)`, …, into the virtual grounds. Wires of 0 ohm are ideal connections: one node.
 */
export function spiceDeck(circuit: CrossbarCircuit): string {
  const { rows, columns } = circuit;
  const lines = [`* ${circuit.title}`, ...circuit.notes.map((note) => `* ${note}`)];
  circuit.expected.forEach((current, column) =>
    lines.push(`* expected i(vg${column}) = ${current.toExponential(15)} A`),
  );
  const names = nodeNames();
  const netlist = new Netlist(names);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row + 1 < rows; row++) {
      netlist.resistor(`b${row}_${column}`, `b${row + 1}_${column}`, circuit.column);
    }
    netlist.resistor(`b${rows - 1}_${column}`, `g${column}`, circuit.column + circuit.columnTerminal);
  }
  if (circuit.topology === 'gated') supplies(circuit, netlist);
  else wordLines(circuit, netlist);
  for (let column = 0; column < columns; column++) netlist.source(`vg${column}`, `g${column}`, 0);
  lines.push(...netlist.lines());
  const currents = Array.from({ length: columns }, (_, column) => `i(vg${column})`);
  lines.push('.options reltol=1e-12 abstol=1e-20 vntol=1e-15 gmin=1e-18', '.control', 'set numdgt=15', 'op');
  for (const current of currents) lines.push(`print ${current}`);
  lines.push('quit 0', '.endc', '.end', '');
  return lines.join('\n');
}

function wordLines(circuit: CrossbarCircuit, netlist: Netlist): void {
  const { rows, columns, positive, negative, inputs, row: segment, rowTerminal } = circuit;
  for (const [name, cells, sign] of [
    ['p', positive, 1],
    ['n', negative, -1],
  ] as const) {
    if (cells === undefined) continue;
    for (let row = 0; row < rows; row++) {
      netlist.source(`v${name}${row}`, `in${name}${row}`, sign * inputs[row]!);
      netlist.resistor(`in${name}${row}`, `w${name}${row}_0`, segment + rowTerminal);
      for (let column = 0; column < columns; column++) {
        const node = `w${name}${row}_${column}`;
        if (column > 0) netlist.resistor(`w${name}${row}_${column - 1}`, node, segment);
        netlist.cell(node, `b${row}_${column}`, cells[row * columns + column]!);
      }
    }
  }
}

function supplies(circuit: CrossbarCircuit, netlist: Netlist): void {
  const { rows, columns, positive, inputs, row: segment, rowTerminal } = circuit;
  const voltage = inputs.find((input) => input !== 0) ?? 0;
  netlist.source('vsupply', 'supply', voltage);
  for (let column = 0; column < columns; column++) {
    netlist.resistor('supply', `s0_${column}`, segment + rowTerminal);
    for (let row = 0; row < rows; row++) {
      if (row > 0) netlist.resistor(`s${row - 1}_${column}`, `s${row}_${column}`, segment);
      if (inputs[row] !== 0)
        netlist.cell(`s${row}_${column}`, `b${row}_${column}`, positive[row * columns + column]!);
    }
  }
}

class Netlist {
  readonly #names: ReturnType<typeof nodeNames>;
  readonly #resistors: { a: string; b: string; resistance: number }[] = [];
  readonly #sources: { name: string; node: string; voltage: number }[] = [];

  constructor(names: ReturnType<typeof nodeNames>) {
    this.#names = names;
  }

  resistor(a: string, b: string, resistance: number): void {
    if (resistance === 0) this.#names.join(a, b);
    else this.#resistors.push({ a, b, resistance });
  }

  /** A cell that conducts nothing is left out. */
  cell(a: string, b: string, conductance: number): void {
    if (conductance > 0) this.#resistors.push({ a, b, resistance: 1 / conductance });
  }

  source(name: string, node: string, voltage: number): void {
    this.#sources.push({ name, node, voltage });
  }

  lines(): string[] {
    const name = (node: string) => this.#names.nameOf(node);
    // A node that only an open wire reaches still needs a way to ground for a solution to exist: gmin gives it.
    return [
      ...this.#sources.map(({ name: source, node, voltage }) => `${source} ${name(node)} 0 DC ${voltage}`),
      ...this.#resistors.map(({ a, b, resistance }, i) => `r${i} ${name(a)} ${name(b)} ${resistance}`),
    ];
  }
}

function nodeNames() {
  const same = new Map<string, string>();
  const nameOf = (node: string): string => {
    let root = node;
    for (let next = same.get(root); next !== undefined; next = same.get(root)) root = next;
    return root;
  };
  return {
    nameOf,
    join(a: string, b: string): void {
      const [from, to] = [nameOf(a), nameOf(b)];
      if (from !== to) same.set(from, to);
    },
  };
}
