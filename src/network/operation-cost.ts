/**
 * Elementary operations of a vector lane that one function value takes, where an addition, multiplication,
 * comparison, selection or move counts 1. Assumptions, each a published single-precision algorithm counted
 * by hand; a multiply-add counts 2, a constant or table look-up 1.
 */
export const operationCost = {
  /** Table seed, two Newton steps of the reciprocal (2 multiplications, 1 subtraction each), final product. */
  divide: 8,
  reciprocal: 7,
  /** Seed of 1/√x, two Newton steps y(3/2 − x/2·y²) of 4 after one halving, final product. */
  squareRoot: 11,
  /** Cephes `expf` (Moshier 1989): range reduction 7, polynomial of degree 5 with its square 12, scaling 1. */
  exponential: 20,
  /** Cephes `logf`: mantissa and exponent 3, polynomial of degree 8 with its cube 17, correction by exponent 5. */
  logarithm: 25,
  /** 1 / (1 + exp(−x)): negation, exponential, addition, reciprocal. */
  sigmoid: 29,
  /** (e − 1) / (e + 1) with e = exp(2x). */
  hyperbolicTangent: 31,
  /** Abramowitz & Stegun 7.1.26: t = 1/(1 + p|x|) 10, polynomial of degree 5 9, exp(−x²) 22, product, sign 3. */
  errorFunction: 44,
} as const;
