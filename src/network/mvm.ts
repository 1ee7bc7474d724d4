import type { Layer } from './network.ts';
import type { MvmLowering, NumberArray, PaddedFrame } from './operator.ts';

/** Number of elements of the frame that an MVM layer gathers its input vectors from. */
export function frameLength(lowering: MvmLowering, inputElements: number): number {
  const { padding } = lowering;
  return padding === undefined ? inputElements : padding.channels * padding.frameHeight * padding.frameWidth;
}

/** Copies a [channels][height][width] sample into the middle of its frame; the border is left as it is (zeros). */
export function fillFrame(padding: PaddedFrame, sample: NumberArray, frame: NumberArray): void {
  const { channels, height, width, top, left, frameHeight, frameWidth } = padding;
  let from = 0;
  for (let channel = 0; channel < channels; channel++) {
    let to = (channel * frameHeight + top) * frameWidth + left;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) frame[to + x] = sample[from + x]!;
      from += width;
      to += frameWidth;
    }
  }
}

/** The input vector of one position and group: patch[at + row · step], gathered from the frame. */
export function gatherPatch(
  lowering: MvmLowering,
  frame: NumberArray,
  group: number,
  position: number,
  patch: NumberArray,
  at = 0,
  step = 1,
): void {
  const { rowOffset } = lowering;
  const base = group * lowering.groupStride + lowering.positionBase[position]!;
  for (let row = 0, to = at; row < rowOffset.length; row++, to += step)
    patch[to] = frame[base + rowOffset[row]!]!;
}

/** Where the output of (position, channel) stands; channel = group · columns + column. */
export function outputIndex(lowering: MvmLowering, position: number, channel: number): number {
  const { outputLayout, positions, groups, columns } = lowering;
  return outputLayout === 'channelsFirst'
    ? channel * positions + position
    : position * groups * columns + channel;
}

/** Writes the `columns` results of one position and group, which already hold their bias, into the output. */
export function scatterOutputs(
  lowering: MvmLowering,
  group: number,
  position: number,
  results: NumberArray,
  output: NumberArray,
): void {
  const { columns } = lowering;
  const first = outputIndex(lowering, position, group * columns);
  const step = lowering.outputLayout === 'channelsFirst' ? lowering.positions : 1;
  for (let column = 0, to = first; column < columns; column++, to += step) output[to] = results[column]!;
}

/** Input vectors and columns that the float kernel takes at once: as many sums as stay in registers. */
const PATCHES = 2;
const COLUMNS = 4;

/**
 * The float reference of an MVM layer, prepared once and run on many samples without allocating. Products and
 * sums in double precision; the weights are repacked so that the inner loop walks memory in order.
 */
export function createMvm(
  lowering: MvmLowering,
  inputElements: number,
): (input: NumberArray, output: NumberArray) => void {
  const { padding } = lowering;
  // Always a frame of doubles, so that the inner loops see one kind of array only.
  const frame = new Float64Array(frameLength(lowering, inputElements));
  const multiply = lowering.columns < COLUMNS ? createNarrow(lowering) : createBlocked(lowering);
  return (input, output) => {
    if (padding === undefined) frame.set(input);
    else fillFrame(padding, input, frame);
    multiply(frame, output);
  };
}

const kernels = new WeakMap<Layer, (inputs: readonly NumberArray[], output: NumberArray) => void>();

/** Evaluates an MVM layer; its kernel is prepared at the first call and kept as long as the layer lives. */
export function evaluateMvm(
  layer: Layer,
  lower: (layer: Layer) => MvmLowering,
  inputs: readonly NumberArray[],
  output: NumberArray,
): void {
  let kernel = kernels.get(layer);
  if (kernel === undefined) {
    const lowering = lower(layer);
    const multiply = createMvm(lowering, inputs[lowering.activation]!.length);
    kernel = (operands, result) => multiply(operands[lowering.activation]!, result);
    kernels.set(layer, kernel);
  }
  kernel(inputs, output);
}

/** Groups, rows, columns, positions. V8 walks arrays at half speed when a bound is kept as a double. */
function wholeSizes(lowering: MvmLowering): [number, number, number, number] {
  return [lowering.groups | 0, lowering.rows | 0, lowering.columns | 0, lowering.positions | 0];
}

/** Few columns (depthwise convolution): sums straight over the frame, one column at a time. */
function createNarrow(lowering: MvmLowering): (frame: Float64Array, output: NumberArray) => void {
  const { groupStride, positionBase, rowOffset, bias } = lowering;
  const [groups, rows, columns, positions] = wholeSizes(lowering);
  const weights = Float64Array.from(lowering.weights);
  const step = lowering.outputLayout === 'channelsFirst' ? 1 : groups * columns;
  return (frame, output) => {
    for (let channel = 0; channel < groups * columns; channel++) {
      const start = Math.floor(channel / columns) * groupStride;
      const first = channel * rows;
      const offset = bias?.[channel] ?? 0;
      let to = outputIndex(lowering, 0, channel);
      for (let position = 0; position < positions; position++, to += step) {
        const base = start + positionBase[position]!;
        let sum = offset;
        for (let row = 0; row < rows; row++) sum += weights[first + row]! * frame[base + rowOffset[row]!]!;
        output[to] = sum;
      }
    }
  };
}

/** Blocks of 2 input vectors × 4 columns; missing ones are computed on zeros and dropped. */
function createBlocked(lowering: MvmLowering): (frame: Float64Array, output: NumberArray) => void {
  const { bias } = lowering;
  const [groups, rows, columns, positions] = wholeSizes(lowering);
  const panels = Math.ceil(columns / COLUMNS) | 0;
  const packed = new Float64Array(groups * panels * rows * COLUMNS);
  for (let group = 0; group < groups; group++) {
    for (let column = 0; column < columns; column++) {
      const panel = (group * panels + Math.floor(column / COLUMNS)) * rows * COLUMNS;
      for (let row = 0; row < rows; row++) {
        packed[panel + row * COLUMNS + (column % COLUMNS)] =
          lowering.weights[(group * columns + column) * rows + row]!;
      }
    }
  }
  const patches = new Float64Array(rows * PATCHES);
  const sums = new Float64Array(PATCHES * COLUMNS);
  const channelsFirst = lowering.outputLayout === 'channelsFirst';
  const channelStep = channelsFirst ? positions : 1;
  const positionStep = channelsFirst ? 1 : groups * columns;
  return (frame, output) => {
    for (let group = 0; group < groups; group++) {
      for (let position = 0; position < positions; position += PATCHES) {
        gatherPair(lowering, frame, group, position, patches);
        const pair = position + 1 < positions;
        for (let column = 0; column < columns; column += COLUMNS) {
          multiplyPanel(packed, (group * panels * COLUMNS + column) * rows, patches, rows, sums);
          const width = Math.min(COLUMNS, columns - column);
          let channel = group * columns + column;
          for (let c = 0; c < width; c++, channel++) {
            const offset = bias === undefined ? 0 : bias[channel]!;
            const to = channel * channelStep + position * positionStep;
            output[to] = sums[c]! + offset;
            if (pair) output[to + positionStep] = sums[COLUMNS + c]! + offset;
          }
        }
      }
    }
  };
}

/** The input vectors of a position and the next (the last one twice), side by side. */
function gatherPair(
  lowering: MvmLowering,
  frame: Float64Array,
  group: number,
  position: number,
  patches: Float64Array,
): void {
  const { rowOffset, positionBase, groupStride } = lowering;
  const next = Math.min(position + 1, lowering.positions - 1);
  const base = group * groupStride + positionBase[position]!;
  const step = positionBase[next]! - positionBase[position]!;
  for (let row = 0, to = 0; row < rowOffset.length; row++, to += PATCHES) {
    const from = base + rowOffset[row]!;
    patches[to] = frame[from]!;
    patches[to + 1] = frame[from + step]!;
  }
}

function multiplyPanel(
  packed: Float64Array,
  panel: number,
  patches: Float64Array,
  rows: number,
  sums: Float64Array,
): void {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let row = 0, w = panel, p = 0; row < rows; row++, w += COLUMNS, p += PATCHES) {
    const x = patches[p]!;
    const y = patches[p + 1]!;
    const w0 = packed[w]!;
    const w1 = packed[w + 1]!;
    const w2 = packed[w + 2]!;
    const w3 = packed[w + 3]!;
    a0 += w0 * x;
    a1 += w1 * x;
    a2 += w2 * x;
    a3 += w3 * x;
    b0 += w0 * y;
    b1 += w1 * y;
    b2 += w2 * y;
    b3 += w3 * y;
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[3] = a3;
  sums[4] = b0;
  sums[5] = b1;
  sums[6] = b2;
  sums[7] = b3;
}
