/** The Gauss error function to double precision: the all-positive series of Abramowitz & Stegun 7.1.6. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  // 1 − erf(6) is 2e-17, below half a unit in the last place of 1.
  if (magnitude > 6) return Math.sign(x);
  const square = 2 * magnitude * magnitude;
  let term = magnitude;
  let sum = magnitude;
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= square / n;
    sum += term;
  }
  const value = (2 / Math.sqrt(Math.PI)) * Math.exp(-magnitude * magnitude) * sum;
  return x < 0 ? -value : value;
}
