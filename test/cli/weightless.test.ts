import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentSchemas } from '../../src/report/documents.ts';
import { reportText } from '../../src/report/terminal.ts';
import { kirchhoff, ROOT } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-no-accuracy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const DATA = join(ROOT, 'workloads/data/fashion-mnist');
const edge = 'arch/hybrid-edge.yaml';

beforeAll(() => {
  const bytes = readFileSync(join(ROOT, 'workloads/models/lenet5.onnx'));
  writeFileSync(at('whole.onnx'), bytes);
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  for (const tensor of model.graph!.initializer!) {
    if (tensor.dataType !== 1) continue;
    tensor.rawData = new Uint8Array(0);
    tensor.floatData = [];
  }
  writeFileSync(at('bare.onnx'), onnxProto.onnx.ModelProto.encode(model).finish());
  const dataset = `dataset:
  type: idx
  images: ${DATA}/t10k-images-idx3-ubyte.gz
  labels: ${DATA}/t10k-labels-idx1-ubyte.gz
  calibration: { images: ${DATA}/calibration-images-idx3-ubyte.gz }
preprocessing: [{ type: scale, factor: 1/255 }, { type: add-channel }]
`;
  const text = (model: string, rest: string) => `name: lenet\nmodel: ${model}\nclasses: 10\n${rest}`;
  writeFileSync(at('whole-data.yaml'), text('whole.onnx', dataset));
  writeFileSync(at('bare-data.yaml'), text('bare.onnx', dataset));
  writeFileSync(at('whole.yaml'), text('whole.onnx', 'signedInput: false\n'));
  writeFileSync(at('bare.yaml'), text('bare.onnx', 'signedInput: false\n'));
  writeFileSync(
    at('shapes.yaml'),
    `name: shapes
input: { shape: [3, 16, 16] }
layers:
  - { type: conv, name: conv1, outputs: 8, kernel: 3, padding: 1, activation: relu }
  - { type: conv, name: conv2, outputs: 16, kernel: 3, stride: 2, padding: 1, activation: relu }
  - { type: flatten }
  - { type: dense, name: fc, outputs: 10 }
`,
  );
  writeFileSync(at('both.yaml'), text('whole.onnx', `${dataset}signedInput: false\n`));
});

async function reportOf(workload: string, ...more: string[]) {
  const words = [
    'run',
    edge,
    workload,
    '--samples',
    '4',
    '--chips',
    '1',
    '--inferences',
    '2',
    '--json',
    ...more,
  ];
  const { code, out, err } = await kirchhoff(words);
  expect(err).toBe('');
  expect(code).toBe(0);
  return documentSchemas.report.parse(JSON.parse(out));
}

describe('a run without weights or data', () => {
  test('answers the same time and energy as with them, no accuracy, and says why', async () => {
    const trained = await reportOf(at('whole-data.yaml'));
    expect(trained.withoutAccuracy).toBeNull();
    const reasons: string[] = [];
    for (const workload of ['whole.yaml', 'bare.yaml']) {
      const report = await reportOf(at(workload));
      expect(report.accuracy).toBeNull();
      expect([report.provenance.samples, report.provenance.chips]).toEqual([0, 0]);
      report.schedules.forEach((row, index) => {
        const { accuracy, paretoBest, ...known } = row;
        const { accuracy: measured, paretoBest: _, ...other } = trained.schedules[index]!;
        expect(accuracy).toBeNull();
        expect(measured).not.toBeNull();
        expect(known).toEqual(other);
        const beaten = report.schedules.some(
          (one) =>
            one.energy.total <= row.energy.total &&
            one.latency <= row.latency &&
            one.throughput >= row.throughput &&
            one.name !== row.name,
        );
        expect(paretoBest).toBe(!beaten);
      });
      reasons.push(report.withoutAccuracy!);
      const text = reportText(report);
      expect(text).toContain(`No accuracy: ${report.withoutAccuracy}.`);
      const row = text.split('\n').find((line) => line.includes(' analog '))!;
      expect(row.match(/ – /g)).toHaveLength(2);
      expect(text).not.toContain('throughput and accuracy');
    }
    expect(reasons[0]).toBe('the workload names no dataset');
    expect(reasons[1]).toMatch(/^tensor ".+" has no data; the workload names no dataset$/);
  });

  test('an ONNX file alone is a workload', async () => {
    const report = await reportOf(at('bare.onnx'), '--schedule', 'analog');
    expect(report.withoutAccuracy).toMatch(/^tensor ".+" has no data$/);
    expect((await reportOf(at('whole.onnx'), '--schedule', 'analog')).schedules).toEqual(report.schedules);
    expect(report.provenance.inputs.map(({ role }) => role)).toEqual(['architecture', 'model']);
  });

  test('shapes run, and are shown and checked like any workload', async () => {
    const shapes = at('shapes.yaml');
    const report = await reportOf(shapes, '--schedule', 'analog');
    expect(report.workload.mvmLayers).toHaveLength(3);
    expect(report.accuracy).toBeNull();
    const shown = await kirchhoff(['show', edge, shapes, '--json']);
    const { layers } = documentSchemas.show.parse(JSON.parse(shown.out));
    expect(layers).toHaveLength(3);
    const checked = await kirchhoff([
      'check',
      shapes,
      at('bare.onnx'),
      at('bare.yaml'),
      at('whole.onnx'),
      '--json',
    ]);
    expect(checked.code).toBe(0);
    const { files } = documentSchemas.check.parse(JSON.parse(checked.out));
    expect(files.map(({ what, note }) => [what, note !== null])).toEqual([
      ['workload', true],
      ['model', true],
      ['workload', true],
      ['model', false],
    ]);
    expect((await kirchhoff(['check', shapes])).out).toBe(
      `${shapes}: workload ok (no accuracy: the network is described by its shapes alone, without weights or data)\n`,
    );
  });
});

describe('keys and values of earlier tokens', () => {
  const decode = 'workloads/shapes/gpt2-small-decode.yaml';
  const report = () => reportOf(decode, '--schedule', 'analog', '--set', 'chip.tiles=256');

  test('are read from memory for every token, once, and charged to their products', async () => {
    const { energy } = (await report()).schedules[0]!;
    const memory = energy.byComponent.find(({ component }) => component === 'memory')!;
    // int8: the token's number in, 50,257 logits out, keys and values of 12 layers, 1,023 tokens and 768 features.
    const bytes = 1 + 50_257 + 2 * 12 * 1023 * 768;
    expect(memory.dynamic / (bytes * 8 * 8e-12)).toBeCloseTo(1, 9);
    const products = energy.byLayer.filter(({ layer }) => layer.endsWith('.cached'));
    expect(products).toHaveLength(24);
    for (const { energy: own } of products) expect(own).toBeGreaterThan(1023 * 768 * 8 * 8e-12);
  });
});

describe('is refused with cause and cure', () => {
  test.each([
    [
      'a network that runs neither way',
      ['run', 'arch/isaac.yaml', 'workloads/shapes/vgg16.yaml'],
      /^layer conv1\.1\.conv is digital in schedule digital.*\n16 analog layers need \d+ crossbars .* the chip has 16128 /,
    ],
    [
      'data without weights',
      ['run', edge, at('bare-data.yaml')],
      /bare-data\.yaml:2:8 model: .*bare\.onnx cannot answer for the dataset: tensor ".+" has no data \(bring the weights, or leave dataset out for time, energy and area alone\)/,
    ],
    ['the same, checked', ['check', at('bare-data.yaml')], /cannot answer for the dataset/],
    [
      'a sign beside data that tell it',
      ['check', at('both.yaml')],
      /both\.yaml:10:14 signedInput: the calibration images .* \(leave signedInput out\)/,
    ],
    [
      'a study of shapes',
      ['repro', 'analog-accuracy', '--network', 'workloads/shapes/vgg16.yaml'],
      /vgg16\.yaml: a file of layer shapes has no weights and no data \(name a workload with a model and a dataset\)/,
    ],
    [
      'a study without data',
      ['repro', 'analog-accuracy', '--network', at('whole.yaml')],
      /whole\.yaml: the workload names no dataset \(add one\)/,
    ],
    [
      'cells of no weights',
      ['export', 'spice', edge, at('bare.yaml'), '--layer', '/conv1/Conv'],
      /bare\.yaml has no weights to program/,
    ],
    [
      'attention on a chip without MAC arrays',
      ['run', 'arch/isaac.yaml', 'workloads/shapes/bert-base.yaml', '--schedule', 'analog'],
      /layer block\.1\.attention\.scores is digital .* has no macArray \(it multiplies activations: /,
    ],
  ] as [string, string[], RegExp][])('%s', async (_, words, says) => {
    const { code, err, out } = await kirchhoff(words);
    expect(err).toMatch(says);
    expect([code, out]).toEqual([2, '']);
  });
});
