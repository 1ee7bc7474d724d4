/**
 * The arithmetic of batched crossbar MVMs over one memory. `loadKernels` gives it in WebAssembly,
 * `referenceKernels` in plain TypeScript with the same bits. Positions in memory are byte offsets, aligned to
 * the element's size; strides are in elements from one vector (row) to the next and default to a dense
 * layout. Nothing is allocated and nothing outside the named operands is written; every thread needs its own
 * instance, over the same memory. An int16 input vector with an odd number of rows is read one code further
 * (that code has no influence).
 */
export interface Kernels {
  readonly memory: KernelMemory;

  /** Weights [rows][columns] float32 → panels of `panelBytesF32(rows, columns)` bytes. */
  packF32(call: PackCall): void;
  /** Weights [rows][columns] int16 → panels of `panelBytesI16(rows, columns)` bytes. */
  packI16(call: PackCall): void;

  /** y = x · g in float32 (each sum in the order of the rows, every product and sum rounded to float32). */
  mvmF32(call: MvmCall): void;
  /** y = x · w, int16 × int16 into int32: exact while |sum| < 2³¹, modulo 2³² beyond. */
  mvmI16(call: MvmCall): void;
  /** y += multiplier · ADC(x · g + noise), y int32, x and g float32. */
  mvmAdcF32(call: AdcMvmCall): void;
  /** y += multiplier · ADC(float32(x · w) + noise), y int32, x and w int16 (the sum in int32). */
  mvmAdcI16(call: AdcMvmCall): void;

  /**
   * Input codes (int16) → patterns[vector · slices + slice], `patternBytes(rows, digits)` bytes each: a byte for
   * every group of rows, 16 · the digits that they have in that slice.
   */
  digitPatterns(call: PatternCall): void;
  /**
   * y[vector · slices + slice] = Σ digits · g of one input slice, in float32. Order of addition: a group of rows
   * first (bits: (x₀g₀ + x₁g₁) + (x₂g₂ + x₃g₃); 'twoBits' and 'signedBit': x₀g₀ + x₁g₁), then two neighbouring
   * groups, then pair after pair.
   */
  mvmTable(call: TableCall): void;
  /** y[vector] += Σ slices multipliers[slice] · ADC(the slice's sum + noise); noise reads `read + slice`. */
  mvmAdcTable(call: AdcTableCall): void;

  /** y[vector] += Σ slices multipliers[slice] · ADC(sum + noise) of float32 sums; noise reads `read + slice`. */
  convertSums(call: ConvertSumsCall): void;
  /** y += noise, float32: sums that nothing converts. */
  addNoiseF32(call: AddNoiseCall): void;
  /**
   * y[vector · slices + slice], float32: currents of cells (relative, in panels) that the bits of one-bit slices of
   * |x| open, behind resistive bit lines with ideal supplies; negative inputs in a phase of their own, subtracted.
   * From open row to open row, k segments on, Y ← Y / (1 + k · column · Y) + g; at the end Y / (1 + R · Y) with R = what
   * is left of the line + (column + columnTerminal).
   */
  mvmGated(call: GatedCall): void;
  /** Cells (float64 [rows][columns]) → currents of unit inputs through resistive wires, in place (ir-drop). */
  effectiveMatrix(call: EffectiveMatrixCall): void;

  /** Activations float32 → int16 codes nearest even(clip(x · inverseScale, low, high)) inside a frame; NaN → high. */
  quantizeFrame(call: QuantizeCall): void;
  /** x[position][row] = frame[positionBase[position] + rowOffset[row]], int16. */
  gather(call: GatherCall): void;
  /** y = sign(x) · (⌊|x| / 2^shift⌋ mod 2^bits), int16 → int16. */
  sliceI16(call: SliceCall): void;
  /** The same, int16 → float32. */
  sliceF32(call: SliceCall): void;
  /** y = table[x − first], int16 → float32. */
  lookupF32(call: LookupCall): void;
  /** outputs[vector] = Σ rows x, int16 → int32. */
  rowSums(call: RowCall): void;
  /** outputs[vector] = float32(Σ rows x²), int16, the sum in int32. */
  rowSquares(call: RowCall): void;
  /** outputs[i] = inputs[i]² in float32. */
  squaresF32(call: { readonly inputs: number; readonly outputs: number; readonly count: number }): void;

  /** Sets bytes to zero. */
  clear(call: { readonly outputs: number; readonly bytes: number }): void;
  /** outputs (float64) = or += factor · codes (int32): exact while terms and sums stay within 2⁵³. */
  combine(call: CombineCall): void;
  /** outputs[vector][column] (float64) += factor · sums[vector] (int32). */
  combineSums(call: CombineSumsCall): void;
  /** outputs = float32((inputs · factor) · scale[column] + bias[column]), computed in float64; inputs int32. */
  dequantizeI32(call: DequantizeCall): void;
  /** The same, inputs float32. */
  dequantizeF32(call: DequantizeCall): void;
  /** The same, inputs float64. */
  dequantizeF64(call: DequantizeCall): void;

  /** Standard normals number first … first + count − 1 of a sequence (base/philox.ts), float32. */
  fillNormals(call: NormalsCall): void;
}

/** Memory that workers share: a shared `WebAssembly.Memory`, or for the reference any object with a buffer. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike;
}

export interface PackCall {
  readonly source: number;
  /** Defaults to `columns`. */
  readonly sourceStride?: number;
  readonly panels: number;
  readonly rows: number;
  readonly columns: number;
}

/** [vectors][rows] inputs times panels of [rows][columns] weights. */
export interface ProductOperands {
  readonly vectors: number;
  readonly rows: number;
  readonly columns: number;
  readonly inputs: number;
  /** Defaults to `rows`. */
  readonly inputStride?: number;
  readonly panels: number;
  readonly outputs: number;
  /** Defaults to `columns`. */
  readonly outputStride?: number;
}

export interface MvmCall extends ProductOperands {
  /** Adds to the outputs instead of replacing them. */
  readonly accumulate?: boolean;
}

export interface AdcMvmCall extends ProductOperands, Conversion {
  /** Weight of the code in the accumulator, int32: 2^shift, or negative for a subtracted conversion. */
  readonly multiplier: number;
}

/** What happens to a column current: code = nearest even(clip((current + noise) · gain + offset, low, high)). */
export interface Conversion {
  /** Float32 [columns]: codes per unit of current. */
  readonly gains: number;
  /** Float32 [columns]: codes at no current. */
  readonly offsets: number;
  readonly low: number;
  readonly high: number;
  readonly noise?: ReadNoise | undefined;
  /** Steps that are not equal: code of the interval instead of the nearest one. */
  readonly steps?: UnequalSteps | undefined;
}

/** Tables of converters: each serves `columns` neighbouring columns. */
export interface UnequalSteps {
  readonly at: number;
  readonly columns: number;
  readonly levels: number;
}

/** Bytes of the table of one converter (see `writeSteps`). */
export function stepBytes(levels: number): number {
  return (levels + 2 + 4 * levels + 4 * levels + 1) * 4;
}

/**
 * Normal noise on a current: sample `column` of the sequence (seed, stream, row + vector, block, read), so that a
 * sample is the same however the vectors are split into calls.
 */
export interface ReadNoise {
  readonly seed: number;
  readonly stream: number;
  /** Global index of the call's first vector. */
  readonly row: number;
  readonly block: number;
  readonly read: number;
  /** Standard deviation in units of current. */
  readonly sigma: number;
  /** Float32 variances that add to sigma² (a table product has one row of them per vector and slice). */
  readonly variances?: Variances | undefined;
}

export interface Variances {
  readonly at: number;
  /** [vectors], or [vectors][columns]. */
  readonly per: 'vector' | 'output';
  /** Defaults to 1 per vector, `columns` per output. */
  readonly stride?: number;
}

/**
 * What input slice s holds of an int16 code: bit s ('oneBit'; in two's complement the last slice's multiplier is
 * negative), bits 2s and 2s + 1, sign · bit s of the magnitude, or bit s of the magnitude.
 */
export type SliceDigits = 'oneBit' | 'twoBits' | 'signedBit' | 'magnitudeBit';

export interface PatternCall {
  readonly vectors: number;
  readonly rows: number;
  readonly inputs: number;
  readonly inputStride?: number;
  readonly patterns: number;
  /** Bytes from stream to stream; defaults to `patternBytes(rows, digits)`. */
  readonly patternStride?: number;
  /** At most 16, of two bits 8. */
  readonly slices: number;
  readonly digits: SliceDigits;
}

export interface TableCall {
  readonly vectors: number;
  readonly rows: number;
  readonly columns: number;
  /** At most 1024. */
  readonly slices: number;
  readonly digits: SliceDigits;
  readonly patterns: number;
  readonly patternStride?: number;
  /** Float32 panels of `packF32`. */
  readonly panels: number;
  /** `TABLE_SCRATCH_BYTES` bytes, one scratch for each worker. */
  readonly scratch: number;
  readonly outputs: number;
  readonly outputStride?: number;
}

export interface AdcTableCall extends TableCall, Conversion {
  /** Int32 [slices]. */
  readonly multipliers: number;
}

export interface ConvertSumsCall extends Conversion {
  /** Float32 [vector · slices + slice][columns]. */
  readonly sums: number;
  readonly vectors: number;
  readonly slices: number;
  readonly columns: number;
  readonly outputs: number;
  /** Defaults to `columns`. */
  readonly outputStride?: number;
  /** Int32 [slices]. */
  readonly multipliers: number;
  /** 16 · slices bytes. */
  readonly scratch: number;
}

export interface AddNoiseCall extends ReadNoise {
  readonly outputs: number;
  /** Defaults to `columns`. */
  readonly outputStride?: number;
  readonly vectors: number;
  readonly columns: number;
}

export interface GatedCall extends ProductOperands {
  /** At most 15. */
  readonly slices: number;
  /** Resistance of a segment of the bit line, and beyond the last one, relative to a cell fully on. */
  readonly column: number;
  readonly columnTerminal: number;
  /** Whether codes may be negative. */
  readonly signed: boolean;
  /** Takes the currents off the outputs instead of replacing them. */
  readonly subtract?: boolean;
  /** `gatedScratchBytes(rows, slices)` bytes. */
  readonly scratch: number;
}

export interface EffectiveMatrixCall {
  readonly rows: number;
  readonly columns: number;
  readonly cells: number;
  /** `eliminationBytes(columns)` bytes. */
  readonly scratch: number;
  readonly row: number;
  readonly column: number;
  readonly rowTerminal: number;
  readonly columnTerminal: number;
  /** Neighbouring word lines whose cells share a node of a bit line; defaults to 1. */
  readonly wordLinesPerNode?: number;
}

/** A [channels][height][width] map into a [channels][frameHeight][frameWidth] frame at (top, left). */
export interface QuantizeCall {
  readonly inputs: number;
  readonly frame: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly frameHeight: number;
  readonly frameWidth: number;
  readonly top: number;
  readonly left: number;
  readonly inverseScale: number;
  readonly low: number;
  readonly high: number;
}

export interface GatherCall {
  /** The element that offset 0 means (add a group's start here). */
  readonly frame: number;
  /** Int32 [positions]. */
  readonly positionBase: number;
  /** Int32 [rows]. */
  readonly rowOffset: number;
  readonly outputs: number;
  readonly outputStride?: number;
  readonly positions: number;
  readonly rows: number;
}

export interface RowCall {
  readonly inputs: number;
  readonly inputStride?: number;
  readonly outputs: number;
  readonly vectors: number;
  readonly rows: number;
}

export interface SliceCall extends RowCall {
  readonly outputStride?: number;
  readonly shift: number;
  readonly bits: number;
}

export interface LookupCall extends RowCall {
  readonly outputStride?: number;
  readonly table: number;
  /** The code of the table's first entry. */
  readonly first: number;
}

export interface CombineCall {
  readonly codes: number;
  readonly codesStride?: number;
  readonly factor: number;
  readonly outputs: number;
  readonly outputStride?: number;
  readonly vectors: number;
  readonly columns: number;
  readonly accumulate?: boolean;
}

export interface CombineSumsCall {
  readonly sums: number;
  readonly factor: number;
  readonly outputs: number;
  readonly outputStride?: number;
  readonly vectors: number;
  readonly columns: number;
}

/**
 * Vector m is position (first + m) mod positions of inference ⌊(first + m) / positions⌋; its column n goes to
 * element inference · inferenceStride + position · positionStride + n · columnStride of the outputs.
 */
export interface DequantizeCall {
  readonly inputs: number;
  readonly inputStride?: number;
  /** Defaults to 1. */
  readonly factor?: number;
  /** Float64 [columns]. */
  readonly scales: number;
  /** Float64 [columns]. */
  readonly biases: number;
  readonly outputs: number;
  readonly vectors: number;
  readonly columns: number;
  readonly positions: number;
  readonly first: number;
  readonly inferenceStride: number;
  readonly positionStride: number;
  readonly columnStride: number;
}

export interface NormalsCall {
  readonly outputs: number;
  readonly count: number;
  readonly first: number;
  readonly seed: number;
  readonly stream: number;
  readonly row: number;
  readonly block: number;
  readonly read: number;
}

/** Columns of a panel. */
const PANEL = 8;

/** Bytes of packed float32 weights. */
export function panelBytesF32(rows: number, columns: number): number {
  return Math.ceil(columns / PANEL) * PANEL * rows * 4;
}

/** Bytes of packed int16 weights. */
export function panelBytesI16(rows: number, columns: number): number {
  return Math.ceil(columns / PANEL) * PANEL * Math.ceil(rows / 2) * 4;
}

/** Bytes of one stream's patterns: one for every group of four rows (or two), an even number. */
export function patternBytes(rows: number, digits: SliceDigits): number {
  return 2 * Math.ceil(rows / (digits === 'twoBits' || digits === 'signedBit' ? 4 : 8));
}

/** Scratch of a table product: tables of 32 groups and of 16 pairs, and sums of 2048 streams, 16 columns each. */
export const TABLE_SCRATCH_BYTES = (32 + 256 + 128) * 1024;

/** Scratch of gated currents: lists of the rows that are open, and sums of 16 columns. */
export function gatedScratchBytes(rows: number, slices: number): number {
  return 64 + 16 * slices * (rows + 1);
}

/** Scratch of an effective matrix: a matrix of the columns, some rows and a word line. */
export function eliminationBytes(columns: number): number {
  const size = Math.ceil(columns / 4) * 4;
  return (size * size + 10 * size + 3 * columns) * 8;
}
