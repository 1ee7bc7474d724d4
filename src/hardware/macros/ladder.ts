/**
 * Admittance that a binary ladder (R-2R or C-2C) draws on average from its reference, in units of the admittance of a leg, when
 * each bit is 1 with probability `density`, independently. Legs of 1, series elements of 2 between neighbours, a leg of 1
 * to ground at the low end, the output open. With A the nodal matrix, v = A⁻¹ b and the draw is Σ b − bᵀ A⁻¹ b.
 *
 * Power of an R-2R ladder: V² / (2R) times it; energy of a C-2C ladder whose legs are C: C V² times it.
 */
export function ladderDraw(bits: number, density: number): number {
  let draw = bits * density;
  for (let column = 0; column < bits; column++) {
    const response = nodeVoltages(bits, column);
    for (let row = 0; row < bits; row++) draw -= response[row]! * (row === column ? density : density ** 2);
  }
  return draw;
}

/** Voltages of all nodes for 1 V on one leg: a column of A⁻¹, by elimination from the low end (A is tridiagonal). */
function nodeVoltages(bits: number, leg: number): readonly number[] {
  const diagonal = Array.from({ length: bits }, (_, i) => 1 + (i === 0 ? 1 : 2) + (i === bits - 1 ? 0 : 2));
  const right = Array.from({ length: bits }, (_, i) => (i === leg ? 1 : 0));
  for (let i = 1; i < bits; i++) {
    const factor = 2 / diagonal[i - 1]!;
    diagonal[i]! -= 2 * factor;
    right[i]! += right[i - 1]! * factor;
  }
  const voltages = new Array<number>(bits);
  for (let i = bits - 1; i >= 0; i--) {
    voltages[i] = (right[i]! + (i < bits - 1 ? 2 * voltages[i + 1]! : 0)) / diagonal[i]!;
  }
  return voltages;
}
