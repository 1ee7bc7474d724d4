/** A value known at technology nodes in nm, by node. */
export type ByNode = Readonly<Record<number, number>>;

/**
 * The value at a node in m: between two known nodes along the power law through both (a straight line in logarithms),
 * outside along the nearest two.
 */
export function atNode(known: ByNode, technology: number): number {
  const nodes = Object.keys(known)
    .map(Number)
    .sort((a, b) => a - b);
  const nm = technology * 1e9;
  const above = nodes.findIndex((node) => node >= nm);
  const upper = above < 0 ? nodes.length - 1 : Math.max(above, 1);
  const [x, y] = [nodes[upper - 1]!, nodes[upper]!];
  const exponent = Math.log(known[y]! / known[x]!) / Math.log(y / x);
  return known[x]! * (nm / x) ** exponent;
}
