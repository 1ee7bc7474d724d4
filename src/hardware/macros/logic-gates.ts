/**
 * F that a gate switches, at 28 nm: a two-input NAND 0.7 fF, an XOR one and a half, a flip-flop three of it, a full adder
 * three NANDs and two XORs (Houshmand et al., ZigZag-IMC, fitted to 28 nm chips). A multiplexer of two is taken as three NANDs,
 * one input of a gate as half a NAND (assumptions).
 */
const AT_28_NM = {
  nand: 0.7e-15,
  xor: 1.05e-15,
  flipFlop: 2.1e-15,
  fullAdder: 4.2e-15,
  multiplexer: 2.1e-15,
  input: 0.35e-15,
} as const;

/**
 * m² of a gate at 28 nm (same source): a NAND 0.614 µm², an XOR 2.4 of it, a flip-flop 6, the others by the gates that they are
 * made of.
 */
const AREA_AT_28_NM = {
  nand: 0.614e-12,
  xor: 2.4 * 0.614e-12,
  flipFlop: 6 * 0.614e-12,
  fullAdder: (3 + 2 * 2.4) * 0.614e-12,
  multiplexer: 3 * 0.614e-12,
} as const;

export type Gate = keyof typeof AT_28_NM;

/** F that a gate switches at a node in m, linear in the node (constant width in units of it: an assumption). */
export function gateCapacitance(gate: Gate, technology: number): number {
  return AT_28_NM[gate] * (technology / 28e-9);
}

/** m² of a gate at a node in m, with its square. */
export function gateArea(gate: keyof typeof AREA_AT_28_NM, technology: number): number {
  return AREA_AT_28_NM[gate] * (technology / 28e-9) ** 2;
}
