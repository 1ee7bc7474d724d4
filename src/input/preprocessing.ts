import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { integer, real } from '../base/quantity.ts';
import { type Part, Registry } from '../base/registry.ts';

/** One step from stored pixels to a network's input: its parameters, what shape it yields, what it computes. */
export interface PreprocessingStep extends Part {
  /** Strict object schema whose `type` is the literal name of the step. */
  readonly schema: z.ZodType;
  /** The step for samples of one shape; throws a Fault when they do not fit. */
  prepare(parameters: never, shape: readonly number[]): PreparedStep;
}

export interface PreparedStep {
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Fills `output`; absent when only the shape changes. */
  readonly apply?: (input: Float64Array, output: Float64Array) => void;
}

/** All steps of a workload, for images of one shape. */
export interface Preprocessing {
  /** Shape of one sample, without the batch. */
  readonly shape: readonly number[];
  /** The sample of one image of bytes: computed in double precision, rounded to float32 at the end. */
  run(image: Uint8Array): Float32Array;
}

const scaleSchema = z.strictObject({
  type: z.literal('scale'),
  factor: real()
    .default(1 / 255)
    .describe('multiplies every number; 1/255 makes bytes 0…1'),
});

const scale: PreprocessingStep = {
  name: 'scale',
  summary: 'every number times a factor (1/255: bytes become 0…1)',
  schema: scaleSchema,
  prepare({ factor }: z.output<typeof scaleSchema>, shape) {
    // Dividing by 255 rounds once, as the frameworks do that trained the network; 1/255 is not exact.
    const divisor = Math.round(1 / factor);
    const exact = 1 / divisor === factor;
    return {
      shape,
      apply(input, output) {
        for (let i = 0; i < input.length; i++) output[i] = exact ? input[i]! / divisor : input[i]! * factor;
      },
    };
  },
};

const normalizeSchema = z.strictObject({
  type: z.literal('normalize'),
  mean: z.array(real()).min(1).max(64).describe('subtracted: one number, or one a channel'),
  std: z
    .array(real({ above: 0 }))
    .min(1)
    .max(64)
    .describe('divides: one number, or one a channel'),
});

const normalize: PreprocessingStep = {
  name: 'normalize',
  summary: '(x − mean) / std, for all or for each channel [C, H, W]',
  schema: normalizeSchema,
  prepare({ mean, std }: z.output<typeof normalizeSchema>, shape) {
    const channels = shape.length === 3 ? shape[0]! : 1;
    for (const [name, values] of [
      ['mean', mean],
      ['std', std],
    ] as const) {
      if (values.length !== 1 && values.length !== channels) {
        throw new Fault(`${name} has ${values.length} numbers for ${channels} channels`, {
          cure: 'one, or one a channel',
        });
      }
    }
    return {
      shape,
      apply(input, output) {
        const size = input.length / channels;
        for (let i = 0; i < input.length; i++) {
          const channel = Math.floor(i / size);
          output[i] = (input[i]! - mean[channel % mean.length]!) / std[channel % std.length]!;
        }
      },
    };
  },
};

const resizeSchema = z.strictObject({
  type: z.literal('resize-area'),
  height: integer({ min: 1, max: 4096 }).describe('pixels of the result'),
  width: integer({ min: 1, max: 4096 }).describe('pixels of the result'),
});

const resizeArea: PreprocessingStep = {
  name: 'resize-area',
  summary: 'exact area (box) resampling to height × width',
  schema: resizeSchema,
  prepare({ height, width }: z.output<typeof resizeSchema>, shape) {
    if (shape.length !== 2) throw new Fault(`resize-area takes images [H, W], got [${shape.join(', ')}]`);
    const [fromHeight, fromWidth] = [shape[0]!, shape[1]!];
    const vertical = areaWeights(fromHeight, height);
    const horizontal = areaWeights(fromWidth, width);
    const rows = new Float64Array(height * fromWidth);
    return {
      shape: [height, width],
      apply(input, output) {
        multiply(vertical, input, rows, height, fromHeight, fromWidth);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            let sum = 0;
            for (let k = 0; k < fromWidth; k++)
              sum += rows[y * fromWidth + k]! * horizontal[x * fromWidth + k]!;
            output[y * width + x] = sum;
          }
        }
      },
    };
  },
};

/**
 * Box resampling of a line of `from` pixels to `to` as a matrix [to][from]: A[i, k] is the part of the output
 * pixel [r·i, r·(i + 1)] that lies on the input pixel [k, k + 1], with r = from / to. Rows sum to 1.
 */
export function areaWeights(from: number, to: number): Float64Array {
  const weights = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    // Bounds as fractions over `to`, whole numbers until the last division.
    const [start, end] = [i * from, (i + 1) * from];
    for (let k = Math.floor(start / to); k * to < end; k++) {
      const overlap = Math.min(end, (k + 1) * to) - Math.max(start, k * to);
      weights[i * from + k] = overlap / from;
    }
  }
  return weights;
}

const channelSchema = z.strictObject({ type: z.literal('add-channel') });

const addChannel: PreprocessingStep = {
  name: 'add-channel',
  summary: 'a channel axis in front: [H, W] becomes [1, H, W]',
  schema: channelSchema,
  prepare: (_parameters, shape) => ({ shape: [1, ...shape] }),
};

const channelsFirstSchema = z.strictObject({ type: z.literal('channels-first') });

const channelsFirst: PreprocessingStep = {
  name: 'channels-first',
  summary: 'colour images [H, W, C] become [C, H, W]',
  schema: channelsFirstSchema,
  prepare(_parameters, shape) {
    const [height, width, channels] = shape;
    if (shape.length !== 3)
      throw new Fault(`channels-first takes images [H, W, C], got [${shape.join(', ')}]`);
    const size = height! * width!;
    return {
      shape: [channels!, height!, width!],
      apply(input, output) {
        for (let i = 0; i < input.length; i++)
          output[(i % channels!) * size + Math.floor(i / channels!)] = input[i]!;
      },
    };
  },
};

const flattenSchema = z.strictObject({ type: z.literal('flatten') });

const flatten: PreprocessingStep = {
  name: 'flatten',
  summary: 'all numbers of a sample as one vector',
  schema: flattenSchema,
  prepare: (_parameters, shape) => ({ shape: [shape.reduce((product, dim) => product * dim, 1)] }),
};

/** Every preprocessing step that a workload may name. */
export const preprocessingSteps = new Registry<PreprocessingStep>('preprocessing step', [
  scale,
  normalize,
  resizeArea,
  addChannel,
  channelsFirst,
  flatten,
]);

/** The given steps in order, prepared for images of `shape` ([H, W] or [H, W, C]). Throws Faults. */
export function createPreprocessing(
  steps: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[],
  shape: readonly number[],
): Preprocessing {
  const buffers = [new Float64Array(shape.reduce((product, dim) => product * dim, 1))];
  const applied: NonNullable<PreparedStep['apply']>[] = [];
  let current = shape;
  for (const step of steps) {
    const prepared = preprocessingSteps.get(step.type).prepare(step as never, current);
    current = prepared.shape;
    if (prepared.apply === undefined) continue;
    applied.push(prepared.apply);
    buffers.push(new Float64Array(current.reduce((product, dim) => product * dim, 1)));
  }
  return {
    shape: current,
    run(image) {
      if (image.length !== buffers[0]!.length) {
        throw new RangeError(
          `an image of ${shape.join('×')} has ${buffers[0]!.length} bytes, got ${image.length}`,
        );
      }
      buffers[0]!.set(image);
      applied.forEach((apply, i) => {
        apply(buffers[i]!, buffers[i + 1]!);
      });
      return Float32Array.from(buffers.at(-1)!);
    },
  };
}

/** product [rows][columns] = left [rows][inner] · right [inner][columns] */
function multiply(
  left: Float64Array,
  right: Float64Array,
  product: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += left[y * inner + k]! * right[k * columns + x]!;
      product[y * columns + x] = sum;
    }
  }
}
