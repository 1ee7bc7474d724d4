import { tensor } from '../src/base/tensor.ts';
import { fillNormals } from '../src/base/philox.ts';
import type { ArchitectureSpec } from '../src/hardware/architecture.ts';
import { readArchitecture } from '../src/input/architecture.ts';
import { lowerNetwork } from '../src/mapping/lowered-network.ts';
import { partitionFrom } from '../src/mapping/partition/index.ts';
import { activationGrid } from '../src/network/quantization.ts';
import { operators } from '../src/network/operators/index.ts';
import type { Calibration } from '../src/numerics/calibration.ts';
import { Forward } from '../src/numerics/forward.ts';
import { eliminationBytes, panelBytesF32 } from '../src/numerics/kernel-calls.ts';
import { createKernelMemory, loadKernels } from '../src/numerics/kernels.ts';
import { buildStage } from '../src/numerics/stage.ts';
import { table } from '../src/report/format.ts';

/** One way to multiply by one crossbar, as a user of the whole numerics would. */
interface Mode {
  readonly name: string;
  readonly sets: readonly string[];
  /** Multiples of the plain float32 product that the project wants: to pass, and as a goal. */
  readonly pass: number | undefined;
  readonly goal: number | undefined;
  /** CrossSim 3.2 on 256×256 in batches, as a multiple of its own plain product (numpy, float64), another machine. */
  readonly reference: string;
}

const BATCH = 256;
const ideal = 'analogCore.adcBank.adc={type: ideal, sampleRate: 1 GHz}';
const wide = [
  'analogCore.dacBank.dac={type: capacitive, bits: 8, supply: 0.9 V}',
  'encoding.inputSliceBits=8',
];
const exactCells = ['analogCore.cell.program={type: ideal}', 'analogCore.cell.read={type: ideal}'];
const erring = [
  'analogCore.cell.program={type: normal, law: independent, sigma: 5 %}',
  'analogCore.cell.read={type: ideal}',
];
const noisy = [
  'analogCore.cell.program={type: ideal}',
  'analogCore.cell.read={type: normal, law: independent, sigma: 1 %}',
];
const wires = (text: string) => [
  `analogCore.crossbar.wires={${text}}`,
  'analogCore.cell.maxConductance=25 uS',
];
const slices = 'encoding.weightSlices=4';

const MODES: readonly Mode[] = [
  { name: 'ideal', sets: [ideal, ...wide, ...exactCells], pass: 1.3, goal: 1, reference: '1.6' },
  { name: 'programming error', sets: [ideal, ...wide, ...erring], pass: 1.3, goal: 1, reference: '1.4' },
  {
    name: 'IR drop, input-sourced, 1e-4 / Gmax',
    sets: [ideal, ...wide, ...erring, ...wires('rowResistance: 4 ohm, columnResistance: 4 ohm')],
    pass: 1.3,
    goal: 1,
    reference: '21,000',
  },
  {
    name: '8-bit drivers, 8-bit conversion',
    sets: [...wide, ...erring],
    pass: 1.5,
    goal: 1.1,
    reference: '2.1',
  },
  { name: 'read noise', sets: [ideal, ...wide, ...noisy], pass: 3, goal: 2.2, reference: '1,500' },
  { name: 'bit-serial, a conversion a bit', sets: erring, pass: 3, goal: 1.7, reference: '59' },
  { name: 'the same, 4 weight slices', sets: [...erring, slices], pass: 12, goal: 7, reference: '119' },
  { name: 'the same with read noise', sets: [...noisy, slices], pass: 40, goal: 20, reference: '46,000' },
  {
    name: 'gated, bit-serial, IR drop',
    sets: [...erring, ...wires('columnResistance: 4 ohm, topology: gated')],
    pass: undefined,
    goal: undefined,
    reference: '55,000',
  },
];

const SHAPES = [
  [128, 128],
  [256, 256],
  [512, 512],
  [1152, 256],
] as const;

/** CPU time of an MVM on one crossbar in batches of 256 as a multiple of the plain float32 product, medians of one run. */
export async function crossbarTable({ quick }: { readonly quick: boolean }): Promise<string> {
  const shapes = quick ? SHAPES.slice(0, 1) : SHAPES;
  const columns: string[][] = [];
  for (const [rows, outputs] of shapes) {
    const plain = plainProduct(rows, outputs);
    const runs = await Promise.all(MODES.map((mode) => layerRun(rows, outputs, mode.sets)));
    const times = medians([plain, ...runs], quick ? 3 : 15);
    columns.push(times.slice(1).map((time) => (time / times[0]!).toFixed(2)));
  }
  const lines = MODES.map((mode, index) => [
    mode.name,
    ...columns.map((column) => column[index]!),
    mode.pass === undefined ? '' : `${mode.pass} / ${mode.goal}`,
    mode.reference,
  ]);
  const head = ['', ...shapes.map(([rows, outputs]) => `${rows}×${outputs}`), 'pass / goal', 'CrossSim 3.2'];
  const title =
    'One crossbar, whole layer, batch 256, one core: CPU time as a multiple of the plain float32 product';
  return `${title}\n${table(head, lines)}\n${effectiveMatrices(quick)}`;
}

/** Medians of CPU time of several runs taken in turns. */
function medians(runs: readonly (() => void)[], turns: number): number[] {
  const repeats = runs.map((run) => {
    run();
    const once = cpu(run);
    return Math.max(1, Math.round(20_000 / Math.max(once, 1)));
  });
  const times = runs.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++) {
    runs.forEach((run, index) => {
      const count = repeats[index]!;
      times[index]!.push(
        cpu(() => {
          for (let i = 0; i < count; i++) run();
        }) / count,
      );
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]!);
}

/** µs of CPU. */
function cpu(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function plainProduct(rows: number, columns: number): () => void {
  const panels = BATCH * rows * 4;
  const outputs = panels + panelBytesF32(rows, columns);
  const bytes = outputs + BATCH * columns * 4;
  const kernels = loadKernels({ memory: createKernelMemory(bytes, bytes) });
  new Float32Array(kernels.memory.buffer).fill(0.5);
  return () => kernels.mvmF32({ inputs: 0, panels, outputs, vectors: BATCH, rows, columns });
}

/** A dense layer of one crossbar, from float32 activations to float32 outputs. */
async function layerRun(rows: number, columns: number, sets: readonly string[]): Promise<() => void> {
  const roomy = [
    'analogCore.crossbar.rows=1152',
    'analogCore.crossbar.columns=8192',
    'analogCore.register.capacity=64 KiB',
  ];
  const { value: spec } = await readArchitecture('arch/hybrid-edge.yaml', [...roomy, ...sets]);
  const lowered = denseNetwork(rows, columns);
  const partition = partitionFrom('analog', lowered.candidates);
  const calibration = rangesFor(spec, rows);
  const { network, inputSigned } = lowered;
  const context = { network, inputSigned, spec, partitions: [partition], seed: 1, collapse: true };
  const simulation = buildStage(context, lowered, {
    ...{ kind: 'answer', images: BATCH, calibration, chips: { first: 0, count: 1 }, baselines: false },
  });
  const bytes = simulation.bytes(1);
  const kernels = loadKernels({ memory: createKernelMemory(bytes, bytes) });
  const forward = new Forward(simulation, kernels, 0);
  simulation.write(forward.work);
  for (const layer of simulation.analog.keys()) simulation.program(forward.work, layer, 0);
  const images = new Float32Array(BATCH * rows);
  fillNormals(images, { seed: 2, stream: 0, row: 0, block: 0, read: 0 });
  images.forEach((value, i) => (images[i] = Math.abs(value)));
  return () => forward.run(images, 0, BATCH, {});
}

function denseNetwork(rows: number, columns: number) {
  const data = new Float32Array(rows * columns);
  fillNormals(data, { seed: 1, stream: 0, row: 0, block: 0, read: 0 });
  const weights = tensor([rows, columns], data);
  const inputShapes = [
    [1, rows],
    [rows, columns],
  ];
  const outputShape = operators.get('matmul').outputShape(inputShapes, {});
  const layer = { index: 0, name: 'dense', operator: 'matmul', attributes: {}, inputs: [-1, weights] };
  const input = { name: 'x', shape: [1, rows] };
  return lowerNetwork(
    { name: 'bench', input, layers: [{ ...layer, inputShapes, outputShape }], output: 0 },
    false,
  );
}

/** Grids and ranges as calibration would choose them: the sums of random weights grow with √rows. */
function rangesFor(spec: ArchitectureSpec, rows: number): Calibration {
  const grid = activationGrid(3, 8, false);
  const most = spec.encoding.inputSliceBits === 8 ? 255 : 1;
  const lsb = (Math.sqrt(rows) * 40 * most) / 127;
  const ranges = Array.from({ length: 4 }, () => ({ low: -127, high: 127, lsb, zero: 0 }));
  return { grids: [{ layer: 0, operand: 0, digital: grid, analog: grid }], ranges: { 0: ranges } };
}

function effectiveMatrices(quick: boolean): string {
  const shapes = quick ? [[64, 64] as const] : [[128, 128] as const, [256, 256] as const];
  const times = shapes.map(([rows, columns]) => {
    const scratch = Math.ceil((rows * columns * 8) / 64) * 64;
    const bytes = scratch + eliminationBytes(columns);
    const kernels = loadKernels({ memory: createKernelMemory(bytes, bytes) });
    const cells = new Float64Array(kernels.memory.buffer, 0, rows * columns);
    const one = cpu(() => {
      cells.fill(0.3);
      const lines = { row: 1e-4, column: 1e-4, rowTerminal: 0, columnTerminal: 0 };
      kernels.effectiveMatrix({ cells: 0, scratch, rows, columns, ...lines });
    });
    return `${rows}×${columns} ${(one / 1e6).toFixed(3)} s`;
  });
  return `effective matrix with IR drop, once when programmed: ${times.join(', ')}`;
}
