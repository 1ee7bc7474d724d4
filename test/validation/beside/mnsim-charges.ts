/** A layer of MNSIM's VGG-8: positions, channels in, side of the kernel, channels out. */
const LAYERS = [
  [1024, 3, 3, 128],
  [1024, 128, 3, 128],
  [256, 128, 3, 256],
  [256, 256, 3, 256],
  [64, 256, 3, 512],
  [64, 512, 3, 512],
  [4, 512, 3, 1024],
  [1, 1024, 1, 10],
] as const;

const SIZE = 256;
const SLICES = 8; // of a weight of 9 bits with its sign
const INPUT_BITS = 9; // of an activation, its sign among them
const DRIVERS = 128; // a crossbar is read in two halves
const CONVERTERS = 128; // of a pair of crossbars
const PAIRS_OF_TILE = 4;

/** J of one charge: 1.26 mW for bits + 2 = 8 periods of 1 ns. */
const CHARGE = 1.26e-3 * 8e-9;
/** s of a word of 64 bits of any buffer, and of a conversion. */
const [WORD, CONVERSION] = [20e-9, 8e-9];

/** m²: a cell, a 6-bit converter, the input buffer of a pair (16 KB) and output buffer of a tile (4 KB) at 90 nm, registers. */
const AREA = {
  cell: 1.44e-12,
  converter: 1650e-12,
  inputBuffer: 0.6163e-6,
  outputBuffer: 0.0687e-6,
  inputRegister: 217.44e-12 * (45 / 65) ** 2,
  shiftRegister: 230.4e-12,
};

/**
 * What MNSIM 2.0 charges for its VGG-8 by its own rules and tables (Zhu et al., IEEE TCAD 42(11), 2023; the default
 * configuration of the tool, github.com/thu-nics/MNSIM-2.0), worked out apart from the tool: how often it charges a
 * conversion, and would if all columns were converted; J of converters; m² by part; s of a position of the second layer.
 * Versions of the configuration differ; of those read, this one gives what the tool printed, which is an inference.
 */
export function mnsimCharges() {
  let [conversions, ofAllColumns, pairs] = [0, 0, 0];
  for (const [positions, inputs, kernel, outputs] of LAYERS) {
    const channels = Math.min(inputs, Math.floor(SIZE / kernel ** 2));
    const rows = channels * kernel ** 2;
    const columns = Math.min(outputs, SIZE);
    const used = Math.ceil(inputs / channels) * Math.ceil(outputs / SIZE) * SLICES;
    const reads = positions * used * INPUT_BITS * Math.ceil(rows / DRIVERS);
    ofAllColumns += reads * columns;
    // Half of the columns at a time, in so many rounds as the converters need: half of 128 columns are never converted.
    conversions += reads * Math.ceil(columns / CONVERTERS) * Math.ceil(columns / (SIZE / CONVERTERS));
    pairs += used;
  }
  const area = {
    cells: pairs * 2 * SIZE ** 2 * AREA.cell,
    converters: pairs * CONVERTERS * AREA.converter,
    buffers: pairs * AREA.inputBuffer + (pairs / PAIRS_OF_TILE) * AREA.outputBuffer,
    registers: pairs * (DRIVERS * AREA.inputRegister + CONVERTERS * AREA.shiftRegister),
  };
  return { conversions, ofAllColumns, converters: conversions * CHARGE, area, position: secondLayer() };
}

/** s a position in the second layer: 28 channels a crossbar, a new column of the window fetched, 128 sums of four pairs. */
function secondLayer(): { readonly buffers: number; readonly conversions: number } {
  const words = (bits: number) => Math.ceil(bits / 64);
  const written = words(28 * INPUT_BITS);
  const read = words(28 * 3 * INPUT_BITS);
  const sums = words(128 * PAIRS_OF_TILE * 9);
  return { buffers: (written + read + sums) * WORD, conversions: INPUT_BITS * 2 * CONVERSION };
}
