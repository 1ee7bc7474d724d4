import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOnnx } from '../../../src/input/onnx/read-onnx.ts';
import { evaluateNetwork } from '../../../src/network/evaluate.ts';
import { faultOf, modelOf } from './model.ts';

const { onnx } = onnxProto;

describe('tensors stored beside the model', () => {
  let outside = '';
  let folder = '';
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'kirchhoff-onnx-'));
    folder = join(outside, 'models');
    await mkdir(join(folder, 'data'), { recursive: true });
    const numbers = new Uint8Array(Float32Array.of(9, 9, 1.5, -2).buffer);
    await writeFile(join(folder, 'data', 'weights.bin'), numbers);
    await writeFile(join(outside, 'secret.bin'), numbers);
    await symlink(join(outside, 'secret.bin'), join(folder, 'link.bin'));
  });
  afterAll(() => rm(outside, { recursive: true }));

  function bytes(entries: Record<string, string>): Uint8Array {
    const model = modelOf({ nodes: [{ type: 'Add', inputs: ['x', 'c'], outputs: ['y'] }] });
    const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
    model.graph!.initializer = [
      onnx.TensorProto.fromObject({ name: 'c', dims: [2], dataType: 1, dataLocation: 1, externalData }),
    ];
    return onnx.ModelProto.encode(model).finish();
  }

  async function read(entries: Record<string, string>) {
    const file = join(folder, 'model.onnx');
    await writeFile(file, bytes(entries));
    return readOnnx(file);
  }

  test('are read at their offset', async () => {
    const network = await read({ location: 'data/weights.bin', offset: '8', length: '8' });
    expect(Array.from(evaluateNetwork(network, Float32Array.of(1, 1)))).toEqual([2.5, -1]);
    const first = await read({ location: 'data/weights.bin' });
    expect(Array.from(evaluateNetwork(first, Float32Array.of(1, 1)))).toEqual([10, 10]);
  });

  test.each([
    [{ location: '../secret.bin' }, 'lies outside the model’s folder'],
    [{ location: '/etc/hostname' }, 'lies outside the model’s folder'],
    [{ location: 'data/../../secret.bin' }, 'lies outside the model’s folder'],
    [{ location: '' }, 'lies outside the model’s folder'],
    [{ location: '.' }, 'lies outside the model’s folder'],
    [{ location: 'link.bin' }, 'links outside the model’s folder'],
    [{ location: 'data' }, 'is not a file'],
    [{ location: 'data/weights.bin', offset: '12' }, 'has 16 bytes, 20 are needed'],
    [{ location: 'data/weights.bin', offset: '-4' }, 'has offset -4'],
    [{ location: 'data/weights.bin', offset: 'x' }, 'has offset NaN'],
    [{ location: 'data/weights.bin', length: '1e12' }, 'has 16 bytes'],
    [{ location: 'data/weights.bin', length: '4' }, 'needs 8 bytes, has 4'],
  ])('are refused: %o', async (entries, message) => {
    const reading = read(entries as Record<string, string>);
    await expect(reading).rejects.toMatchObject({ name: 'Fault' });
    await expect(reading).rejects.toThrow(message.replace('’', "'"));
  });

  test('that are missing leave shapes', async () => {
    const network = await read({ location: 'missing.bin' });
    expect(network.layers[0]!.inputs[1]).toEqual({ dims: [2], data: new Float32Array(0) });
  });

  test('are not there for a model without a file', () => {
    expect(faultOf(bytes({ location: 'data/weights.bin' }))).toContain(
      'external data "data/weights.bin" cannot be read (read the model from its file)',
    );
  });
});

describe('the file itself', () => {
  test('must be there and be a file', async () => {
    await expect(readOnnx('/nowhere/model.onnx')).rejects.toThrow('/nowhere/model.onnx: no such file');
    await expect(readOnnx(tmpdir())).rejects.toThrow('not a file');
  });
});
