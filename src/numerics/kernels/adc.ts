// What follows the sum on a column: read noise, gain, clip, round, shift-and-add into int32 accumulators.
import { loadColumns, storeColumns } from './lanes';
import { draw, normals0, normals1, normals2, normals3, setKey } from './normals';

// Layouts of noise; kernels.ts passes these numbers.
const NOISELESS: i32 = 0;
const VARIANCE_PER_VECTOR: i32 = 2;
const VARIANCE_PER_OUTPUT: i32 = 3;

/** A stream's sums of 16 columns. */
const STRIP_BYTES: usize = 64;
/** Float32 holds every integer up to here, so sums of codes below it may be taken in float32. */
const EXACT: f32 = 16777216;

let outputs: usize = 0;
let outputStride: usize = 0;
let vectorCount: i32 = 0;
let columnCount: i32 = 0;
let gains: usize = 0;
let offsets: usize = 0;
let low: f32 = 0;
let high: f32 = 0;
let steps: usize = 0;
let stepStride: usize = 0;
let stepColumns: i32 = 1;
let stepLevels: i32 = 0;
let noise: i32 = NOISELESS;
let sigma: f32 = 0;
let variances: usize = 0;
let varianceStride: usize = 0;
let block: u32 = 0;
let read: u32 = 0;
let row: u32 = 0;

/** Where codes are added: int32 [vectors][columns], the stride in bytes. */
export function setAccumulators(at: usize, stride: usize, vectors: i32, columns: i32): void {
  outputs = at;
  outputStride = stride;
  vectorCount = vectors;
  columnCount = columns;
}

/** The converter: code = nearest even(clip(current · gain + offset, low, high)), gain and offset per column. */
export function setConverter(newGains: usize, newOffsets: usize, newLow: f32, newHigh: f32): void {
  gains = newGains;
  offsets = newOffsets;
  low = newLow;
  high = newHigh;
}

/**
 * Steps that are not equal: for every `columns` neighbouring columns a table of `levels` + 2 int32 (the first threshold
 * to try for each step that a uniform converter would give), then at most 4 · `levels` ascending thresholds and one
 * more codes, float32; thresholds are in codes. None: equal steps.
 */
export function setSteps(tables: usize, stride: usize, columns: i32, levels: i32): void {
  steps = tables;
  stepStride = stride;
  stepColumns = columns;
  stepLevels = levels;
}

/** Normal noise on each current before the gain, of standard deviation sigma or √(variance + sigma²). */
export function setNoise(
  mode: i32, newSigma: f32, newVariances: usize, stride: usize,
  seed: u32, stream: u32, newRow: u32, newBlock: u32, newRead: u32,
): void {
  noise = mode;
  sigma = newSigma;
  variances = newVariances;
  varianceStride = stride;
  row = newRow;
  block = newBlock;
  read = newRead;
  setKey(seed, stream);
}

/** Converts currents of vectors m … m + 3, columns n … n + 3, and adds multiplier · code. */
export function convertTile(m: i32, n: i32, multiplier: i32, v0: v128, v1: v128, v2: v128, v3: v128): void {
  const columns = columnCount - n;
  const valid = vectorCount - m;
  const at = <usize>n << 2;
  if (noise != NOISELESS) {
    const position = counterOf(block, n >> 2);
    const where = i32x4.replace_lane(counterOf(read, row + m), 2, row + m + 1);
    draw(position, where, position, i32x4.add(where, i32x4(2, 0, 2, 0)));
    v0 = f32x4.add(v0, f32x4.mul(deviation(m, at, columns), normals0));
    if (valid > 1) v1 = f32x4.add(v1, f32x4.mul(deviation(m + 1, at, columns), normals1));
    if (valid > 2) v2 = f32x4.add(v2, f32x4.mul(deviation(m + 2, at, columns), normals2));
    if (valid > 3) v3 = f32x4.add(v3, f32x4.mul(deviation(m + 3, at, columns), normals3));
  }
  const gain = loadColumns(gains + at, columns);
  const offset = loadColumns(offsets + at, columns);
  const factor = i32x4.splat(multiplier);
  let to = outputs + <usize>m * outputStride + at;
  if (columns >= 4 && valid >= 4) {
    addFour(to, codeOf(n, v0, gain, offset), factor);
    addFour((to += outputStride), codeOf(n, v1, gain, offset), factor);
    addFour((to += outputStride), codeOf(n, v2, gain, offset), factor);
    addFour(to + outputStride, codeOf(n, v3, gain, offset), factor);
    return;
  }
  addCodes(to, columns, codeOf(n, v0, gain, offset), factor);
  if (valid > 1) addCodes((to += outputStride), columns, codeOf(n, v1, gain, offset), factor);
  if (valid > 2) addCodes((to += outputStride), columns, codeOf(n, v2, gain, offset), factor);
  if (valid > 3) addCodes((to += outputStride), columns, codeOf(n, v3, gain, offset), factor);
}

/**
 * Converts the currents of all input slices of vector m, columns n … n + 3, found at `sums`, `sums + sumStride`, …,
 * and adds Σ multiplier[slice] · code. Slice s draws its noise as read + s.
 */
export function convertSlices(
  m: i32, n: i32, slices: i32, multipliers: usize, sums: usize, sumStride: usize, exactInFloat: bool,
): void {
  const columns = columnCount - n;
  const at = <usize>n << 2;
  if (noise != NOISELESS) addNoise(m, n, slices, sums, sumStride);
  const gain = loadColumns(gains + at, columns);
  const offset = loadColumns(offsets + at, columns);
  const end = multipliers + (<usize>slices << 2);
  let total = i32x4.splat(0);
  if (exactInFloat) {
    let sum = f32x4.splat(0);
    while (multipliers < end) {
      const factor = f32x4.convert_i32x4_s(v128.load32_splat(multipliers));
      sum = f32x4.add(sum, f32x4.mul(codeOf(n, v128.load(sums), gain, offset), factor));
      multipliers += 4;
      sums += sumStride;
    }
    total = i32x4.trunc_sat_f32x4_s(sum);
  } else {
    while (multipliers < end) {
      const code = i32x4.trunc_sat_f32x4_s(codeOf(n, v128.load(sums), gain, offset));
      total = i32x4.add(total, i32x4.mul(code, v128.load32_splat(multipliers)));
      multipliers += 4;
      sums += sumStride;
    }
  }
  const to = outputs + <usize>m * outputStride + at;
  storeColumns(to, i32x4.add(loadColumns(to, columns), total), columns);
}

/**
 * Converts the sums of columns n … n + 15 of vectors first … first + count − 1, [vector · slices + slice][16] at
 * `sums`, as `convertSlices` does.
 */
export function convertStrip(
  first: i32, count: i32, n: i32, slices: i32, multipliers: usize, sums: usize, exactInFloat: bool,
): void {
  const vectorBytes = STRIP_BYTES * <usize>slices;
  const width = min(columnCount - n, 16);
  for (let j = 0; j < width; j += 8) {
    const from = sums + (<usize>j << 2);
    if (steps == 0 && exactInFloat && j + 8 <= width) {
      if (noise != NOISELESS) {
        for (let i = 0; i < count; i++) {
          addNoise(first + i, n + j, slices, from + <usize>i * vectorBytes, STRIP_BYTES);
          addNoise(first + i, n + j + 4, slices, from + <usize>i * vectorBytes + 16, STRIP_BYTES);
        }
      }
      convertEight(first, count, n + j, multipliers, multipliers + (<usize>slices << 2), from);
      continue;
    }
    for (let i = 0; i < count; i++) {
      const vector = from + <usize>i * vectorBytes;
      convertSlices(first + i, n + j, slices, multipliers, vector, STRIP_BYTES, exactInFloat);
      if (j + 4 >= width) continue;
      convertSlices(first + i, n + j + 4, slices, multipliers, vector + 16, STRIP_BYTES, exactInFloat);
    }
  }
}

/** The common case of `convertStrip`: what does not depend on the vector stays in registers. */
function convertEight(first: i32, count: i32, n: i32, multipliers: usize, end: usize, sums: usize): void {
  const at = <usize>n << 2;
  const gainA = v128.load(gains + at);
  const gainB = v128.load(gains + at, 16);
  const offsetA = v128.load(offsets + at);
  const offsetB = v128.load(offsets + at, 16);
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let to = outputs + <usize>first * outputStride + at;
  for (; count > 0; count--) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    for (let multiplier = multipliers; multiplier < end; multiplier += 4) {
      const factor = f32x4.convert_i32x4_s(v128.load32_splat(multiplier));
      const y = f32x4.add(f32x4.mul(v128.load(sums), gainA), offsetA);
      const z = f32x4.add(f32x4.mul(v128.load(sums, 16), gainB), offsetB);
      a = f32x4.add(a, f32x4.mul(f32x4.nearest(f32x4.pmax(lows, f32x4.pmin(highs, y))), factor));
      b = f32x4.add(b, f32x4.mul(f32x4.nearest(f32x4.pmax(lows, f32x4.pmin(highs, z))), factor));
      sums += STRIP_BYTES;
    }
    v128.store(to, i32x4.add(v128.load(to), i32x4.trunc_sat_f32x4_s(a)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.trunc_sat_f32x4_s(b)), 16);
    to += outputStride;
  }
}

/**
 * Converts sums that are there already, float32 [vector · slices + slice][columns], as `convertSlices` does; `scratch`
 * holds four columns of every slice.
 */
export function convertSums(
  sums: usize, sumStride: usize, scratch: usize, y: usize, yStride: usize, vectors: i32, slices: i32, columns: i32,
  multipliers: usize, newGains: usize, newOffsets: usize, newLow: f32, newHigh: f32,
  mode: i32, newSigma: f32, newVariances: usize, stride: usize,
  seed: u32, stream: u32, newRow: u32, newBlock: u32, newRead: u32,
): void {
  setAccumulators(y, yStride, vectors, columns);
  setConverter(newGains, newOffsets, newLow, newHigh);
  setNoise(mode, newSigma, newVariances, stride, seed, stream, newRow, newBlock, newRead);
  const exactInFloat = sumsExactly(slices, multipliers);
  for (let m = 0; m < vectors; m++) {
    for (let n = 0; n < columns; n += 4) {
      let from = sums + (<usize>n << 2);
      let to = scratch;
      for (let s = 0; s < slices; s++) {
        v128.store(to, loadColumns(from, columns - n));
        from += sumStride;
        to += 16;
      }
      convertSlices(m, n, slices, multipliers, scratch, 16, exactInFloat);
    }
    sums += sumStride * <usize>slices;
  }
}

/** Adds noise to float32 sums [vectors][columns] that nothing converts. */
export function addNoiseF32(
  y: usize, yStride: usize, vectors: i32, columns: i32,
  mode: i32, newSigma: f32, newVariances: usize, stride: usize,
  seed: u32, stream: u32, newRow: u32, newBlock: u32, newRead: u32,
): void {
  setNoise(mode, newSigma, newVariances, stride, seed, stream, newRow, newBlock, newRead);
  for (let m = 0; m < vectors; m += 4) {
    const valid = vectors - m;
    for (let n = 0; n < columns; n += 4) {
      const at = <usize>n << 2;
      const count = columns - n;
      const position = counterOf(block, n >> 2);
      const where = i32x4.replace_lane(counterOf(read, row + m), 2, row + m + 1);
      draw(position, where, position, i32x4.add(where, i32x4(2, 0, 2, 0)));
      let to = y + at;
      addTo(to, deviation(m, at, count), normals0, count);
      if (valid > 1) addTo((to += yStride), deviation(m + 1, at, count), normals1, count);
      if (valid > 2) addTo((to += yStride), deviation(m + 2, at, count), normals2, count);
      if (valid > 3) addTo((to += yStride), deviation(m + 3, at, count), normals3, count);
    }
    y += yStride << 2;
  }
}

@inline
function addTo(at: usize, scale: v128, normals: v128, count: i32): void {
  storeColumns(at, f32x4.add(loadColumns(at, count), f32x4.mul(scale, normals)), count);
}

/** Whether Σ multiplier · code stays exact in float32 whatever the codes are. */
export function sumsExactly(slices: i32, multipliers: usize): bool {
  let total: f64 = 0;
  for (let s = 0; s < slices; s++) total += Math.abs(<f64>load<i32>(multipliers + (<usize>s << 2)));
  return total * <f64>max(abs(low), abs(high)) <= <f64>EXACT;
}

/** Read noise of four slices a draw, added in place. */
function addNoise(m: i32, n: i32, slices: i32, sums: usize, sumStride: usize): void {
  const columns = columnCount - n;
  const at = <usize>n << 2;
  const position = counterOf(block, n >> 2);
  let where = i32x4.add(counterOf(read, row + m), i32x4(0, 0, 0, 1));
  where = i32x4.replace_lane(where, 2, row + m);
  for (let s = 0; s < slices; s += 4) {
    const stream = m * slices + s;
    draw(position, where, position, i32x4.add(where, i32x4(0, 2, 0, 2)));
    where = i32x4.add(where, i32x4(0, 4, 0, 4));
    addScaled(sums, deviation(stream, at, columns), normals0);
    if (s + 1 < slices) addScaled(sums + sumStride, deviation(stream + 1, at, columns), normals1);
    if (s + 2 < slices) addScaled(sums + 2 * sumStride, deviation(stream + 2, at, columns), normals2);
    if (s + 3 < slices) addScaled(sums + 3 * sumStride, deviation(stream + 3, at, columns), normals3);
    sums += 4 * sumStride;
  }
}

@inline
function addScaled(at: usize, scale: v128, normals: v128): void {
  v128.store(at, f32x4.add(v128.load(at), f32x4.mul(scale, normals)));
}

/** Two counters' words: `other` and, in lane 0 and 2, `first`. */
@inline
function counterOf(other: u32, first: u32): v128 {
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(other), 0, first), 2, first);
}

/** Integers as float32, of columns n … n + 3; a current that is not a number reads as the highest code. */
@inline
function codeOf(n: i32, current: v128, gain: v128, offset: v128): v128 {
  const y = f32x4.add(f32x4.mul(current, gain), offset);
  if (steps != 0) return steppedCodes(n, y);
  return f32x4.nearest(f32x4.pmax(f32x4.splat(low), f32x4.pmin(f32x4.splat(high), y)));
}

function steppedCodes(n: i32, y: v128): v128 {
  let codes = f32x4.splat(0);
  codes = f32x4.replace_lane(codes, 0, steppedCode(n, f32x4.extract_lane(y, 0)));
  if (n + 1 < columnCount) codes = f32x4.replace_lane(codes, 1, steppedCode(n + 1, f32x4.extract_lane(y, 1)));
  if (n + 2 < columnCount) codes = f32x4.replace_lane(codes, 2, steppedCode(n + 2, f32x4.extract_lane(y, 2)));
  if (n + 3 < columnCount) codes = f32x4.replace_lane(codes, 3, steppedCode(n + 3, f32x4.extract_lane(y, 3)));
  return codes;
}

/** The code of the interval that y lies in; a threshold belongs to the interval below it. */
function steppedCode(column: i32, y: f32): f32 {
  const table = steps + <usize>(column / stepColumns) * stepStride;
  const bucket = <i32>max(min(y + 1, <f32>(stepLevels + 1)), 0);
  let index = load<i32>(table + (<usize>bucket << 2));
  const thresholds = table + (<usize>(stepLevels + 2) << 2);
  while (y > load<f32>(thresholds + (<usize>index << 2))) index++;
  return load<f32>(thresholds + (<usize>(4 * stepLevels + index) << 2));
}

@inline
function addFour(to: usize, codes: v128, factor: v128): void {
  v128.store(to, i32x4.add(v128.load(to), i32x4.mul(i32x4.trunc_sat_f32x4_s(codes), factor)));
}

@inline
function addCodes(to: usize, columns: i32, codes: v128, factor: v128): void {
  const terms = i32x4.mul(i32x4.trunc_sat_f32x4_s(codes), factor);
  storeColumns(to, i32x4.add(loadColumns(to, columns), terms), columns);
}

@inline
function deviation(stream: i32, at: usize, columns: i32): v128 {
  if (noise < VARIANCE_PER_VECTOR) return f32x4.splat(sigma);
  const from = variances + <usize>stream * varianceStride;
  const variance = noise == VARIANCE_PER_OUTPUT ? loadColumns(from + at, columns) : v128.load32_splat(from);
  return f32x4.sqrt(f32x4.add(variance, f32x4.splat(sigma * sigma)));
}
