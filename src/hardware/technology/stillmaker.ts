/**
 * Scaling of digital logic between technology nodes by Stillmaker & Baas, "Scaling equations for the accurate
 * prediction of CMOS device performance from 180 nm to 7 nm", Integration 58 (2017): energy of a switching gate as
 * a V² + b V + c of each node, area by table. Coefficients as coded in hwcomponents (`techscaling.py`).
 *
 * The equations come from two generations of transistor models and do not join smoothly: from 32 to 20 nm the energy at
 * 0.8 V falls to a third, where the nodes before and after lose a third. What is scaled across that step is doubtful by
 * that much. Analog parts do not follow these laws: see `converterEnergyRatio`.
 */
const ENERGY: Readonly<Record<number, readonly [a: number, b: number, c: number]>> = {
  130: [7.171, -6.709, 2.904],
  90: [4.762, -4.781, 2.092],
  65: [3.755, -4.398, 1.975],
  45: [1.103, -0.362, 0.2767],
  32: [0.9559, -0.7823, 0.471],
  20: [0.373, -0.1582, 0.04104],
  16: [0.2958, -0.1241, 0.03024],
  14: [0.2363, -0.09675, 0.02239],
  10: [0.2068, -0.09311, 0.02375],
  7: [0.1776, -0.09097, 0.02447],
};

/** Relative to 130 nm (same source). */
const AREA: Readonly<Record<number, number>> = {
  130: 1,
  90: 0.44,
  65: 0.23,
  45: 0.16,
  32: 0.072,
  20: 0.033,
  16: 0.03,
  14: 0.027,
  10: 0.016,
  7: 0.0092,
};

/** Nodes in nm that the equations know, largest first. */
export const STILLMAKER_NODES: readonly number[] = Object.keys(AREA)
  .map(Number)
  .sort((a, b) => b - a);

/** Supply at which the factors are compared unless told otherwise, in V: the same at both nodes, so not the nominal one. */
const SUPPLY = 0.8;

/**
 * Energy (and, by the same factor, leakage) of logic at one node over that at another, both in m. Between the nodes of
 * the equations linear in the node; below 7 nm with the square root of the node; above 130 nm as at 130 nm.
 */
export function logicEnergyRatio(from: number, to: number, supply = SUPPLY): number {
  return energyAt(to, supply) / energyAt(from, supply);
}

/** Area of logic at one node over that at another, both in m; below 7 nm in proportion to the node. */
export function logicAreaRatio(from: number, to: number): number {
  return areaAt(to) / areaAt(from);
}

/** Delay of logic at one node over that at another: in proportion to the node (the simplification of hwcomponents). */
export function logicDelayRatio(from: number, to: number): number {
  return to / from;
}

function energyAt(technology: number, supply: number): number {
  const [nm, factor] = smallest(technology, Math.sqrt);
  return factor * between(nm, (node) => quadratic(ENERGY[node]!, supply));
}

function areaAt(technology: number): number {
  const [nm, factor] = smallest(technology, (ratio) => ratio);
  return factor * between(nm, (node) => AREA[node]!);
}

/** Nodes below 7 nm: the values of 7 nm, and what is multiplied to them. */
function smallest(technology: number, law: (ratio: number) => number): readonly [number, number] {
  const nm = Math.min(technology * 1e9, 130);
  return nm < 7 ? [7, law(nm / 7)] : [nm, 1];
}

function quadratic([a, b, c]: readonly [number, number, number], voltage: number): number {
  return a * voltage ** 2 + b * voltage + c;
}

function between(nm: number, value: (node: number) => number): number {
  // Nodes in m have rounding errors: 32e-9 · 1e9 is not 32.
  const exact = STILLMAKER_NODES.find((node) => Math.abs(node - nm) < 1e-6);
  if (exact !== undefined) return value(exact);
  const index = STILLMAKER_NODES.findIndex((node) => node < nm);
  const [large, small] = [STILLMAKER_NODES[index - 1]!, STILLMAKER_NODES[index]!];
  const share = (nm - small) / (large - small);
  return value(small) + share * (value(large) - value(small));
}
