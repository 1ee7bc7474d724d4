/**
 * Philox4x32-10, a counter-based random generator: four 32-bit words that depend on a 64-bit key and a 128-bit
 * counter and on nothing else, so that a sample needs no state and no order. Words go to `out[0..3]`.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox4x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  out: Uint32Array,
): void {
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * Names one sequence of samples: the key (seed, stream) and three of the four counter words. Each is taken
 * modulo 2³². Sample `i` of the sequence is word `i mod 4` of counter (⌊i / 4⌋, row, block, read).
 */
export interface RandomSequence {
  readonly seed: number;
  readonly stream: number;
  readonly row: number;
  readonly block: number;
  readonly read: number;
}

/** Uniform samples in (0, 1), multiples of 2⁻³² plus 2⁻³³: numbers `first` … `first + out.length − 1`. */
export function fillUniforms(out: Float64Array, sequence: RandomSequence, first = 0): void {
  const words = new Uint32Array(4);
  for (let i = 0; i < out.length; i++) {
    const index = first + i;
    if (i === 0 || (index & 3) === 0) wordsAt(sequence, index, words);
    out[i] = (words[index & 3]! + 0.5) / 4294967296;
  }
}

/**
 * Standard normal samples as float32, numbers `first` … `first + out.length − 1`, by Box and Muller's transform
 * (Ann. Math. Stat. 29, 1958) of the words (0, 1) and (2, 3). |sample| ≤ 6.67. The logarithm, sine and
 * cosine are polynomials in float32, so that every engine and the WebAssembly kernel give the same bits.
 */
export function fillNormals(out: Float32Array, sequence: RandomSequence, first = 0): void {
  const words = new Uint32Array(4);
  const normals = new Float32Array(4);
  for (let i = 0; i < out.length; i++) {
    const index = first + i;
    if (i === 0 || (index & 3) === 0) {
      wordsAt(sequence, index, words);
      normalPair(words[0]!, words[1]!, normals, 0);
      normalPair(words[2]!, words[3]!, normals, 2);
    }
    out[i] = normals[index & 3]!;
  }
}

const f = Math.fround;

// Polynomial coefficients, highest power first: minimax fits made for this generator (weighted least squares
// after Lawson), rounded to float32. Their errors are held by test/base/philox.test.ts.

/** −2 ln(1 + t) / t on [√½ − 1, √2 − 1], relative error 1.7e-7. */
const LOGARITHM = [
  0.20213794708251953, -0.3244516849517822, 0.34501662850379944, -0.39800330996513367, 0.4993981719017029,
  -0.6667011976242065, 1.0000072717666626, -1.9999998807907104,
] as const;
/** sin(πx/2) / x in y = x² on [0, ¼], error 5e-9 before rounding. */
const SINE = [-0.004602177068591118, 0.07968022674322128, -0.6459634900093079, 1.5707963705062866] as const;
/** cos(πx/2) in y = x² on [0, ¼], error 3e-8 before rounding. */
const COSINE = [-0.020408352836966515, 0.2535986304283142, -1.2336970567703247, 1] as const;
const TWO_LN_2 = 1.3862943649291992;
const BITS_OF_SQRT_HALF = 0x3f3504f3;

function wordsAt(sequence: RandomSequence, index: number, words: Uint32Array): void {
  const counter = Math.floor(index / 4);
  philox4x32(sequence.seed, sequence.stream, counter, sequence.row, sequence.block, sequence.read, words);
}

/** Two independent normals: radius from the first word, angle from the second. */
function normalPair(radiusWord: number, angleWord: number, out: Float32Array, at: number): void {
  const r = angleWord >>> 31 === 1 ? -radius(radiusWord) : radius(radiusWord);
  // The low 30 bits are an angle of at most half a right angle to either side; the two high bits exchange
  // sine and cosine and turn both by 180 degrees, which together covers the circle.
  const x = f(f((angleWord << 2) | 0) * f(2 ** -32));
  const y = f(x * x);
  const sine = f(x * polynomial(SINE, y));
  const cosine = polynomial(COSINE, y);
  const exchanged = (angleWord & 0x40000000) !== 0;
  out[at] = f(r * (exchanged ? sine : cosine));
  out[at + 1] = f(r * (exchanged ? cosine : sine));
}

const floatBits = new Float32Array(1);
const integerBits = new Int32Array(floatBits.buffer);

/** √(−2 ln u) with u = (⌊w / 2⌋ + ½) / 2³¹. */
function radius(word: number): number {
  floatBits[0] = f(f(word >>> 1) + 0.5);
  const bits = (integerBits[0]! - BITS_OF_SQRT_HALF) | 0;
  const octaves = 31 - (bits >> 23);
  integerBits[0] = (bits & 0x7fffff) + BITS_OF_SQRT_HALF;
  const t = f(floatBits[0]! - 1);
  return f(Math.sqrt(f(f(octaves * TWO_LN_2) + f(polynomial(LOGARITHM, t) * t))));
}

function polynomial(coefficients: readonly number[], x: number): number {
  let p = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) p = f(f(p * x) + coefficients[i]!);
  return p;
}

/** High 32 bits of the 64-bit product of two unsigned words, in whole numbers throughout. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Neither sum passes 2^32: (2^16 − 1)² + 2^16 − 1 is below it.
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}
