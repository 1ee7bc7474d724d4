import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kirchhoff, ROOT } from './command.ts';

const EDGE = readFileSync(join(ROOT, 'arch/hybrid-edge.yaml'), 'utf8');
const LENET = readFileSync(join(ROOT, 'workloads/models/lenet5.onnx'));
const MODEL = join(ROOT, 'workloads/models/lenet5.onnx');
const DATA = join(ROOT, 'workloads/data/fashion-mnist');
const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-bad-'));

beforeAll(() => mkdirSync(join(folder, 'empty-folder')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A case: the files it needs, the command, and what its one message says. */
interface Case {
  readonly what: string;
  readonly files?: () => Record<string, string | Uint8Array>;
  readonly words: readonly string[];
  readonly says: RegExp;
}

const run = (arch: string, workload = 'workloads/mlp-relu.yaml', ...more: string[]) => [
  'run',
  arch,
  workload,
  '--samples',
  '4',
  '--chips',
  '1',
  ...more,
];
const inFolder = (name: string) => join(folder, name);
const edge = (from: string | RegExp, to: string) => {
  const text = EDGE.replace(from, to);
  if (text === EDGE) throw new Error(`nothing to replace: ${from}`);
  return { 'a.yaml': text };
};
const badArch = (what: string, from: string | RegExp, to: string, says: RegExp): Case => ({
  what,
  files: () => edge(from, to),
  words: run(inFolder('a.yaml')),
  says,
});
const workload = (changes: Record<string, string> = {}) => {
  const fields: Record<string, string> = {
    name: 'w',
    model: MODEL,
    classes: '10',
    preprocessing: '[{type: scale, factor: 1/255}]',
    images: join(DATA, 't10k-images-idx3-ubyte.gz'),
    labels: join(DATA, 't10k-labels-idx1-ubyte.gz'),
    calibration: join(DATA, 'calibration-images-idx3-ubyte.gz'),
    ...changes,
  };
  return `name: ${fields.name}
model: ${fields.model}
classes: ${fields.classes}
preprocessing: ${fields.preprocessing}
dataset:
  type: idx
  images: ${fields.images}
  labels: ${fields.labels}
  calibration: {images: ${fields.calibration}}
`;
};
const badWorkload = (
  what: string,
  changes: Record<string, string>,
  says: RegExp,
  files: Record<string, Uint8Array> = {},
): Case => ({
  what,
  files: () => ({ 'w.yaml': workload(changes), ...files }),
  words: run('arch/hybrid-edge.yaml', inFolder('w.yaml')),
  says,
});
const badModel = (what: string, bytes: () => Uint8Array, says: RegExp): Case => ({
  what,
  files: () => ({ 'm.onnx': bytes(), 'w.yaml': workload({ model: 'm.onnx' }) }),
  words: run('arch/hybrid-edge.yaml', inFolder('w.yaml')),
  says,
});

/** LeNet-5 after a change to its protocol buffer. */
function changedModel(change: (graph: onnx.IGraphProto) => void): Uint8Array {
  const model = onnx.ModelProto.decode(LENET);
  change(model.graph!);
  return onnx.ModelProto.encode(model).finish();
}

function idx(dims: number[], bytes: number): Uint8Array {
  const data = new Uint8Array(4 + 4 * dims.length + bytes);
  data.set([0, 0, 8, dims.length]);
  dims.forEach((dim, index) => {
    new DataView(data.buffer).setUint32(4 + 4 * index, dim);
  });
  return gzipSync(data);
}

const CASES: readonly Case[] = [
  // The architecture.
  badArch('YAML syntax', '\nchip:', '\nchip: [', /^.*a\.yaml:\d+:\d+/),
  badArch('a tab for indentation', '  tiles: 4', '\ttiles: 4', /^.*a\.yaml:\d+:\d+.*tab/i),
  badArch(
    'a key twice',
    'technology: 32 nm',
    'technology: 32 nm\ntechnology: 22 nm',
    /a\.yaml:\d+:\d+.*(twice|duplicate|unique)/i,
  ),
  badArch(
    'an unknown key',
    'crossbars: 4',
    'crossbarz: 4',
    /a\.yaml:\d+:\d+ analogCore\.crossbarz: unknown key.*crossbars/,
  ),
  badArch(
    'a wrong unit',
    'readTime: readTime',
    'readTime: 10 V',
    /a\.yaml:\d+:\d+ analogCore\.crossbar\.readTime: .*time/,
  ),
  badArch('a number without unit', 'linkBandwidth: 16 GB/s', 'linkBandwidth: 16', /needs a unit/),
  badArch('out of range', 'adcBits: 8\n', 'adcBits: 80\n', /bits/),
  badArch('1e12 tiles', '  tiles: 4', '  tiles: 1e12', /a\.yaml:\d+:\d+ chip\.tiles: /),
  badArch(
    'more crossbars than can be',
    /tiles: 4([\s\S]*)analogCores: 4/,
    'tiles: 65536$1analogCores: 4096',
    /chip\.tiles: .*crossbars/,
  ),
  badArch('a negative count', 'digitalCores: 1', 'digitalCores: -1', /tile\.digitalCores: /),
  badArch('not a number', 'clock: 1 GHz', 'clock: .nan', /digitalCore\.clock: /),
  badArch('an unknown converter', 'type: sar', 'type: saar', /did you mean sar|sar/),
  badArch('an unknown parameter', 'readTime: readTime', 'readTime: readTme', /readTme/),
  badArch('code in a value', 'bits: adcBits', 'bits: \'import("fs")\'', /adcBank\.adc\.bits: /),
  badArch('a slice wider than the cell', 'bits: 7 ', 'bits: 3 ', /analogCore\.cell\.bits: .*7 bits/),
  badArch('a section left out', /digitalCore:[\s\S]*encoding:/, 'encoding:', /digitalCore/),
  {
    what: 'an empty architecture',
    files: () => ({ 'a.yaml': '' }),
    words: run(inFolder('a.yaml')),
    says: /a\.yaml/,
  },
  {
    what: 'no such architecture',
    words: run('arch/hybrid-edg.yaml'),
    says: /hybrid-edg\.yaml.*(no such file|did you mean)/i,
  },
  { what: 'a folder for an architecture', words: run(inFolder('empty-folder')), says: /folder/ },
  {
    what: 'binary for an architecture',
    files: () => ({ 'a.yaml': LENET.subarray(0, 3000) }),
    words: run(inFolder('a.yaml')),
    says: /a\.yaml/,
  },
  // Overrides.
  {
    what: '--set of an unknown path',
    words: run('arch/hybrid-edge.yaml', undefined, '--set', 'analogCore.adcBank.adc.bitz=6'),
    says: /bitz.*bits/,
  },
  {
    what: '--set without a value',
    words: run('arch/hybrid-edge.yaml', undefined, '--set', 'chip.tiles'),
    says: /--set/,
  },
  {
    what: '--set of the wrong dimension',
    words: run('arch/hybrid-edge.yaml', undefined, '--set', 'chip.memory.latency=5 pJ'),
    says: /--set chip\.memory\.latency=5 pJ/,
  },
  // The workload and its data.
  badWorkload('a missing model', { model: 'nowhere.onnx' }, /w\.yaml:2:8 model: .*nowhere\.onnx/),
  badWorkload('an unknown preprocessing step', { preprocessing: '[{type: scael}]' }, /scale/),
  badWorkload(
    'preprocessing of the wrong shape',
    { preprocessing: '[{type: resize-area, height: 20, width: 20}]' },
    /takes 1×1×28×28/,
  ),
  badWorkload('labels for images', { images: join(DATA, 't10k-labels-idx1-ubyte.gz') }, /dimensions/),
  badWorkload('fewer classes than the data has', { classes: '5' }, /label \d of image \d+|classes/),
  badWorkload('images cut short', { images: 'i.gz' }, /i\.gz/, {
    'i.gz': gzipSync(gunzipSync(readFileSync(join(DATA, 't10k-images-idx3-ubyte.gz'))).subarray(0, 5000)),
  }),
  badWorkload('images of 10^12 bytes by their header', { images: 'i.gz' }, /i\.gz/, {
    'i.gz': idx([1_000_000, 1000, 1000], 10),
  }),
  badWorkload('images of another size', { images: 'i.gz', labels: 'l.gz' }, /calibration|takes/, {
    'i.gz': idx([10, 5, 5], 250),
    'l.gz': idx([10], 10),
  }),
  badWorkload('more samples than there are', { images: 'i.gz', labels: 'l.gz' }, /--samples 2/, {
    'i.gz': idx([2, 28, 28], 1568),
    'l.gz': idx([2], 2),
  }),
  badWorkload(
    'calibration with the test images',
    { calibration: join(DATA, 't10k-images-idx3-ubyte.gz') },
    /t10k-images-idx3-ubyte\.gz: \d+ of the 500 calibration images are among the \d+ test images.*training set/,
  ),
  badWorkload(
    'more classes than the network has outputs',
    { classes: '12' },
    /w\.yaml:3:\d+ classes: the network yields 10 numbers.*12 classes/,
  ),
  // The model.
  badModel('a truncated model', () => LENET.subarray(0, 100_000), /m\.onnx/),
  badModel('an empty model', () => new Uint8Array(0), /m\.onnx/),
  badModel(
    'noise for a model',
    () => Uint8Array.from({ length: 5000 }, (_, index) => (index * 197 + 31) % 251),
    /m\.onnx/,
  ),
  badModel(
    'an unsupported operator',
    () =>
      changedModel((graph) => {
        graph.node![1]!.opType = 'NonMaxSuppression';
      }),
    /NonMaxSuppression.*not supported/,
  ),
  badModel(
    'a cyclic graph',
    () =>
      changedModel((graph) => {
        graph.node![0]!.input![0] = graph.node![2]!.output![0]!;
      }),
    /cycle|circle/i,
  ),
  badModel(
    'weights of the wrong shape',
    () =>
      changedModel((graph) => {
        graph.initializer![0]!.dims = [6, 1, 7, 7];
      }),
    /m\.onnx/,
  ),
  badModel(
    'a tensor of 10^15 numbers',
    () =>
      changedModel((graph) => {
        graph.initializer![0]!.dims = [1e5, 1e5, 1e5];
      }),
    /m\.onnx/,
  ),
  badModel(
    'layers that do not fit each other',
    () =>
      changedModel((graph) => {
        graph.node![3]!.input![1] = graph.node![0]!.input![1]!;
      }),
    /m\.onnx/,
  ),
  // Flags and what does not fit the chip.
  {
    what: 'an unknown flag',
    words: run('arch/hybrid-edge.yaml', undefined, '--sampels', '5'),
    says: /--sampels.*--samples/s,
  },
  {
    what: 'a bad number',
    words: ['run', 'arch/hybrid-edge.yaml', 'workloads/mlp-relu.yaml', '--chips', 'many'],
    says: /--chips.*whole number/,
  },
  {
    what: 'too many samples',
    words: ['run', 'arch/hybrid-edge.yaml', 'workloads/mlp-relu.yaml', '--samples', '20000'],
    says: /10000 images, 20000/,
  },
  { what: 'an unknown command', words: ['rnu'], says: /rnu.*run/s },
  { what: 'no command', words: [], says: /no command/ },
  { what: 'a missing argument', words: ['run', 'arch/hybrid-edge.yaml'], says: /workload/ },
  {
    what: 'an unknown schedule',
    words: run('arch/hybrid-edge.yaml', undefined, '--schedule', 'prefx:2'),
    says: /did you mean prefix/,
  },
  {
    what: 'a schedule beyond the network',
    words: run('arch/hybrid-edge.yaml', undefined, '--schedule', 'prefix:9'),
    says: /prefix:K.*"9".*0 to 3/,
  },
  {
    what: 'a layer that is not there',
    words: run('arch/hybrid-edge.yaml', undefined, '--schedule', 'layers:/9/Gemm'),
    says: /did you mean/,
  },
  {
    what: 'an unknown task policy',
    words: run('arch/hybrid-edge.yaml', undefined, '--task-policy', 'fif0'),
    says: /did you mean fifo/,
  },
  {
    what: 'a network that does not fit',
    words: run(
      'arch/hybrid-edge.yaml',
      'workloads/vgg8.yaml',
      '--schedule',
      'analog',
      '--set',
      'tile.analogCores=1',
      '--set',
      'analogCore.crossbars=1',
    ),
    says: /need \d+ crossbars .*the chip has 4 \(raise chip\.tiles to/,
  },
  {
    what: 'crossbars on a digital chip',
    words: run('arch/digital.yaml', undefined, '--schedule', 'analog'),
    says: /the chip has none \(.*--schedule digital/,
  },
  {
    what: 'digital layers on ISAAC',
    words: run('arch/isaac.yaml', undefined, '--schedule', 'digital'),
    says: /no macArray \(use --schedule analog/,
  },
  {
    what: 'a macro that should run a network',
    words: run('arch/macros/wang.yaml'),
    says: /wang\.yaml: describes a macro, which runs no network \(look at it with kirchhoff show/,
  },
  {
    what: 'a macro and a workload',
    words: ['show', 'arch/macros/wang.yaml', 'workloads/lenet5.yaml'],
    says: /is a macro, which runs no workload/,
  },
  { what: 'an unknown list', words: ['list', 'adcs'], says: /known: adc/ },
  { what: 'an unknown schema', words: ['schema', 'chip'], says: /known: architecture/ },
  {
    what: 'an --out that is a file',
    words: run('arch/hybrid-edge.yaml', undefined, '--schedule', 'digital', '--out', 'package.json'),
    says: /cannot write package\.json/,
  },
  {
    what: 'an --out of nothing',
    words: run('arch/hybrid-edge.yaml', undefined, '--out', ''),
    says: /--out names no folder/,
  },
  {
    what: 'a folder that cannot be',
    words: run('arch/hybrid-edge.yaml', undefined, '--schedule', 'digital', '--out', '/proc/nowhere'),
    says: /cannot write .*nowhere/,
  },
  {
    what: 'a value with a space outside quotes',
    words: run('arch/hybrid-edge.yaml', undefined, '--set', 'digitalCore.clock=1', 'GHz'),
    says: /too many arguments.*quote/,
  },
  {
    what: 'a clock that never ticks',
    words: run('arch/hybrid-edge.yaml', undefined, '--set', 'digitalCore.clock=1 mHz'),
    says: /too small/,
  },
];

describe('bad input', () => {
  test.each(CASES.map((one) => [one.what, one] as const))(
    '%s: exit code 2, one message, nothing written',
    async (_, one) => {
      for (const [name, content] of Object.entries(one.files?.() ?? {}))
        writeFileSync(inFolder(name), content);
      const before = readdirSync(folder);
      const { code, out, err } = await kirchhoff(one.words);
      expect(err).toMatch(one.says);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).not.toMatch(/^\s+at .*[(:]\d+:\d+/m);
      expect(err).not.toMatch(/undefined|\[object|NaN of/);
      expect(err.trim().split('\n').length, err).toBeLessThanOrEqual(6);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  test('the table is as long as promised', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(30);
  });
});
