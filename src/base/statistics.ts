/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased standard deviation of a sample; NaN below two values. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Half width of the 95 % confidence interval of a mean by Student's t; undefined below two values, where the
 * sample says nothing of its spread.
 */
export function confidence95(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  return (studentT975(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
}

/**
 * The 97.5 % quantile of Student's t: found by bisection on its distribution function, which for integer
 * degrees of freedom is a finite sum (Abramowitz & Stegun 26.7.3 and 26.7.4).
 */
export function studentT975(degrees: number): number {
  let low = 0;
  let high = 13;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// P(|T| ≤ t) for integer degrees of freedom.
function centralProbability(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(theta);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let n = odd ? 3 : 2; n <= degrees - 2; n += 2) {
    term *= ((n - 1) / n) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}
