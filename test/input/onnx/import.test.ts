import onnxProto from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import { networkFromOnnx } from '../../../src/input/onnx/read-onnx.ts';
import {
  faultOf,
  floats,
  type ModelNode,
  modelBytes,
  modelOf,
  networkOf,
  run,
  spreadTensor,
  whole,
} from './model.ts';

const { onnx } = onnxProto;

const relu: ModelNode = { type: 'Relu', inputs: ['x'], outputs: ['y'] };

describe('the batch', () => {
  test.each(['N', '', 0, -1, 1])('%o becomes 1', (batch) => {
    expect(networkOf({ nodes: [relu], input: { dims: [batch, 3] } }).input.shape).toEqual([1, 3]);
  });

  test('shapes that are computed from it fold to numbers, as PyTorch writes them', () => {
    const nodes = [
      { type: 'Shape', inputs: ['x'], outputs: ['s'] },
      { type: 'Gather', inputs: ['s', 'zero'], outputs: ['n'] },
      { type: 'Constant', inputs: [], outputs: ['minus'], attributes: { value: whole(-1) } },
      { type: 'Unsqueeze', inputs: ['n', 'axes'], outputs: ['n1'] },
      { type: 'Concat', inputs: ['n1', 'minus'], outputs: ['shape'], attributes: { axis: 0 } },
      { type: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] },
    ];
    const zero = { dims: [], values: [0], type: 'int64' as const };
    const result = run(
      { nodes, input: { dims: ['N', 2, 3] }, initializers: { zero, axes: whole(0) } },
      [1, 2, 3, 4, 5, 6],
    );
    expect(result.shape).toEqual([1, 6]);
    expect(result.operators).toEqual(['reshape']);
  });

  test('whole-number arithmetic on shapes rounds as integers do', () => {
    // channels / 2 of 5 channels, then [n, channels/2, …] by Slice, Div, Mul, Cast, Equal, Where, ConstantOfShape, Range
    const nodes = [
      { type: 'Shape', inputs: ['x'], outputs: ['s'], attributes: { start: 1, end: 2 } },
      { type: 'Div', inputs: ['s', 'two'], outputs: ['half'] },
      { type: 'Cast', inputs: ['half'], outputs: ['f'], attributes: { to: 1 } },
      { type: 'Floor', inputs: ['f'], outputs: ['g'] },
      { type: 'Cast', inputs: ['g'], outputs: ['i'], attributes: { to: 7 } },
      { type: 'Equal', inputs: ['i', 'two'], outputs: ['same'] },
      { type: 'Where', inputs: ['same', 'i', 'five'], outputs: ['end'] },
      { type: 'Slice', inputs: ['x', 'start', 'end', 'axis'], outputs: ['part'] },
      {
        type: 'ConstantOfShape',
        inputs: ['end'],
        outputs: ['tens'],
        attributes: { value: floats([1], [10]) },
      },
      { type: 'Squeeze', inputs: ['end'], outputs: ['limit'] },
      { type: 'Range', inputs: ['zero', 'limit', 'one'], outputs: ['range'] },
      { type: 'Cast', inputs: ['range'], outputs: ['r'], attributes: { to: 1 } },
      { type: 'Size', inputs: ['x'], outputs: ['size'] },
      { type: 'Cast', inputs: ['size'], outputs: ['z'], attributes: { to: 1 } },
      { type: 'Sum', inputs: ['part', 'tens', 'r', 'z'], outputs: ['y'] },
    ];
    const scalar = (value: number) => ({ dims: [], values: [value], type: 'int64' as const });
    const initializers = {
      ...{ two: whole(2), five: whole(5), start: whole(0), axis: whole(1) },
      ...{ zero: scalar(0), one: scalar(1) },
    };
    const { values } = run({ nodes, input: { dims: ['N', 5] }, initializers }, [1, 2, 3, 4, 5]);
    expect(values).toEqual([1 + 10 + 0 + 5, 2 + 10 + 1 + 5]);
  });

  test('a fixed batch of 8 becomes 1, also in the shapes that state it', () => {
    const nodes = [
      { type: 'Reshape', inputs: ['x', 'shape'], outputs: ['r'] },
      { type: 'Relu', inputs: ['r'], outputs: ['y'] },
    ];
    const parts = { nodes, input: { dims: [8, 2, 3] }, initializers: { shape: whole(8, -1) } };
    expect(run(parts, [1, 2, 3, -4, 5, 6])).toMatchObject({ shape: [1, 6], values: [1, 2, 3, 0, 5, 6] });
  });

  test('a fixed batch that the graph is built around is refused', () => {
    const nodes = [{ type: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] }];
    const model = modelOf({ nodes, input: { dims: [4, 6] }, initializers: { shape: whole(-1) } });
    const dim = [{ dimValue: 24 }];
    const output = { name: 'y', type: { tensorType: { elemType: 1, shape: { dim } } } };
    const bytes = onnx.ModelProto.encode(
      onnx.ModelProto.fromObject({ ...model.toJSON(), graph: { ...model.graph!, output: [output] } }),
    ).finish();
    expect(faultOf(bytes)).toBe(
      'hand.onnx: the model is fixed to a batch of 4 and cannot be changed to 1 (export it with a batch of 1 or a dynamic one)',
    );
  });

  test('other open sizes are refused, or given', () => {
    const parts = { nodes: [relu], input: { dims: ['N', 3, 'H', 'W'] } };
    expect(faultOf(modelBytes(parts))).toBe(
      'hand.onnx: input "x" of shape [N, 3, H, W] is open beyond its batch (export it with fixed sizes, or give inputShape)',
    );
    expect(networkOf(parts, { inputShape: [1, 3, 8, 8] }).input.shape).toEqual([1, 3, 8, 8]);
    expect(faultOf(modelBytes({ nodes: [relu], input: { dims: [5] } }))).toMatch(/has no batch dimension/);
  });
});

describe('the graph', () => {
  test('may be in any order', () => {
    const nodes = [
      { type: 'Neg', inputs: ['b'], outputs: ['y'] },
      { type: 'Exp', inputs: ['a'], outputs: ['b'] },
      { type: 'Abs', inputs: ['x'], outputs: ['a'] },
    ];
    expect(run({ nodes }, [0, -1])).toMatchObject({
      operators: ['abs', 'exp', 'neg'],
      values: [-1, -Math.fround(Math.E)],
    });
  });

  test('a long chain needs no deep stack', () => {
    const length = 20_000;
    const nodes = Array.from({ length }, (_, i) => ({
      ...{ type: i % 2 === 0 ? 'Neg' : 'Abs', inputs: [i === length - 1 ? 'x' : `v${i + 1}`] },
      outputs: [i === 0 ? 'y' : `v${i}`],
    }));
    expect(networkOf({ nodes }).layers.length).toBe(length);
  });

  test.each([
    [[{ ...relu, inputs: ['y'] }], 'the nodes "Relu_0" → "Relu_0" form a cycle (export the model again)'],
    [
      [
        { type: 'Add', name: 'a', inputs: ['x', 'q'], outputs: ['p'] },
        { type: 'Neg', name: 'b', inputs: ['p'], outputs: ['q'] },
        { type: 'Abs', name: 'c', inputs: ['q'], outputs: ['y'] },
      ],
      'the nodes "a" → "b" → "a" form a cycle (export the model again)',
    ],
    [[{ ...relu, inputs: ['nowhere'] }], 'node "Relu_0" takes "nowhere", which no node computes'],
    [[{ ...relu, outputs: ['z'] }], 'no node computes the output "y"'],
    [[relu, { ...relu, type: 'Abs' }], 'nodes "Relu_0" and "Abs_1" both compute "y"'],
    [[{ ...relu, outputs: ['x'] }], 'node "Relu_0" computes "x", which is already given'],
    [[{ ...relu, type: 'Add' }], 'node "Add_0" (Add): operand 2 is missing'],
    [[{ ...relu, inputs: [''] }], 'the output depends on no input (export the model with its input)'],
  ] as [ModelNode[], string][])('with faults: %#', (nodes, message) => {
    expect(faultOf(modelBytes({ nodes }))).toBe(`hand.onnx: ${message}`);
  });

  test('an unsupported operator is named with its node and domain', () => {
    const message = faultOf(modelBytes({ nodes: [{ ...relu, type: 'Frobnicate', name: '/block/f' }] }));
    expect(message).toMatch(
      /^hand\.onnx: node "\/block\/f" uses operator Frobnicate \(domain ai\.onnx\), which is not supported \(known: Abs, Add, .*Where\)$/,
    );
    const foreign = faultOf(modelBytes({ nodes: [{ ...relu, name: 'r', domain: 'com.example' }] }));
    expect(foreign).toContain('node "r" uses operator Relu (domain com.example), which is not supported');
  });

  test('a node with a subgraph is refused', () => {
    const node = { ...relu, type: 'If', name: 'branch' };
    expect(faultOf(modelBytes({ nodes: [node] }))).toContain(
      'node "branch" uses operator If (domain ai.onnx)',
    );
  });

  test('an output that is not the first of its node is refused when it is used', () => {
    const nodes = [
      { type: 'Dropout', inputs: ['x'], outputs: ['d', 'mask'] },
      { type: 'Not', name: 'n', inputs: ['mask'], outputs: ['y'] },
    ];
    expect(faultOf(modelBytes({ nodes }))).toBe(
      'hand.onnx: node "n" (Not): takes "mask", an additional output that is not supported',
    );
  });

  test('one of several outputs is named', () => {
    const parts = { nodes: [relu, { ...relu, type: 'Neg', outputs: ['z'] }], outputs: ['y', 'z'] };
    expect(faultOf(modelBytes(parts))).toBe('hand.onnx: the graph has 2 outputs (name one of: y, z)');
    expect(run(parts, [1, -2], { output: 'z' }).values).toEqual([-1, 2]);
    expect(faultOf(modelBytes(parts), { output: 'w' })).toContain('there is no output "w" (outputs: y, z)');
  });

  test('one input is needed, further ones only where the output depends on them', () => {
    const model = modelOf({ nodes: [{ type: 'Add', inputs: ['x', 'z'], outputs: ['y'] }] });
    model.graph!.input!.push(onnx.ValueInfoProto.fromObject({ ...model.graph!.input![0]!, name: 'z' }));
    expect(faultOf(onnx.ModelProto.encode(model).finish())).toContain('the network has 2 inputs: x, z');
    model.graph!.node![0]!.input = ['x', 'x'];
    expect(networkFromOnnx(onnx.ModelProto.encode(model).finish(), 'm.onnx').layers.length).toBe(1);
  });

  test('an initializer may be listed among the inputs, as before IR version 4', () => {
    const model = modelOf({
      nodes: [{ type: 'Add', inputs: ['x', 'c'], outputs: ['y'] }],
      initializers: { c: floats([2], [1, 2]) },
    });
    model.graph!.input!.push(onnx.ValueInfoProto.fromObject({ ...model.graph!.input![0]!, name: 'c' }));
    expect(networkFromOnnx(onnx.ModelProto.encode(model).finish(), 'm.onnx').input.name).toBe('x');
  });

  test('layers have unique names, the nodes’ own where they can', () => {
    const nodes = [
      { type: 'Relu', name: 'act', inputs: ['x'], outputs: ['a'] },
      { type: 'Exp', name: 'act', inputs: ['a'], outputs: ['b'] },
      { type: 'Neg', inputs: ['b'], outputs: ['y'] },
    ];
    expect(networkOf({ nodes }).layers.map((layer) => layer.name)).toEqual(['act', 'act_2', 'Neg_2']);
  });

  test('a model that does nothing keeps one layer', () => {
    expect(run({ nodes: [{ ...relu, type: 'Identity' }] }, [1, 2])).toMatchObject({
      operators: ['identity'],
      values: [1, 2],
    });
  });

  test('an answer that does not depend on the input is refused', () => {
    const nodes = [{ type: 'Shape', inputs: ['x'], outputs: ['y'] }];
    expect(faultOf(modelBytes({ nodes }))).toBe('hand.onnx: output "y" does not depend on the input');
  });

  test.each([6, 26, 0])('operator set %i is refused', (opset) => {
    expect(faultOf(modelBytes({ nodes: [relu], opset }))).toBe(
      `hand.onnx: operator set ${opset} is not supported (export with operator set 7 to 25)`,
    );
  });

  test('an attribute of the wrong type is refused', () => {
    const node = { ...relu, type: 'LeakyRelu', attributes: { alpha: 'steep' } };
    expect(faultOf(modelBytes({ nodes: [node] }))).toContain('attribute alpha has type 3, expected 1');
  });
});

describe('constants', () => {
  const sum: ModelNode = { type: 'Add', inputs: ['x', 'c'], outputs: ['y'] };

  /** The answer to zeros of a model whose constant is the given tensor: the constant itself. */
  function read(tensor: object, nodes: ModelNode[] = [sum]): number[] {
    const model = modelOf({ nodes });
    model.graph!.initializer = [onnx.TensorProto.fromObject({ name: 'c', dims: [2], ...tensor })];
    const network = networkFromOnnx(onnx.ModelProto.encode(model).finish(), 'm.onnx');
    const constant = network.layers[0]!.inputs[1]!;
    return typeof constant === 'number' ? [] : Array.from(constant.data);
  }

  const raw = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

  test.each([
    ['float32, raw', { dataType: 1, rawData: raw(Float32Array.of(1.5, -2)) }, [1.5, -2]],
    ['float32, as a list', { dataType: 1, floatData: [1.5, -2] }, [1.5, -2]],
    ['float64, raw', { dataType: 11, rawData: raw(Float64Array.of(1.5, -2)) }, [1.5, -2]],
    ['float64, as a list', { dataType: 11, doubleData: [1.5, -2] }, [1.5, -2]],
    // 1.5 = 0 01111 1000000000, −2 = 1 10000 0000000000, 2^-24 the smallest, infinity
    ['float16, raw', { dataType: 10, rawData: raw(Uint16Array.of(0x3e00, 0xc000)) }, [1.5, -2]],
    ['float16, as a list', { dataType: 10, int32Data: [0x0001, 0x7c00] }, [2 ** -24, Infinity]],
    ['bfloat16, raw', { dataType: 16, rawData: raw(Uint16Array.of(0x3fc0, 0xc000)) }, [1.5, -2]],
    ['bfloat16, as a list', { dataType: 16, int32Data: [0x3fc0, 0xc000] }, [1.5, -2]],
    ['int64, raw', { dataType: 7, rawData: raw(BigInt64Array.of(3n, -4n)) }, [3, -4]],
    ['int64, as a list', { dataType: 7, int64Data: [3, -4] }, [3, -4]],
    ['int32, raw', { dataType: 6, rawData: raw(Int32Array.of(3, -4)) }, [3, -4]],
    ['int32, as a list', { dataType: 6, int32Data: [3, -4] }, [3, -4]],
    ['int16, raw', { dataType: 5, rawData: raw(Int16Array.of(3, -4)) }, [3, -4]],
    ['int8, raw', { dataType: 3, rawData: raw(Int8Array.of(3, -4)) }, [3, -4]],
    ['uint8, raw', { dataType: 2, rawData: raw(Uint8Array.of(3, 252)) }, [3, 252]],
    ['uint16, raw', { dataType: 4, rawData: raw(Uint16Array.of(3, 65532)) }, [3, 65532]],
    ['uint32, raw', { dataType: 12, rawData: raw(Uint32Array.of(3, 2 ** 31)) }, [3, 2 ** 31]],
    ['uint64, as a list', { dataType: 13, uint64Data: [3, 4] }, [3, 4]],
    ['bool, raw', { dataType: 9, rawData: Uint8Array.of(0, 7) }, [0, 1]],
  ])('of type %s', (_name, tensor, values) => {
    expect(read(tensor)).toEqual(values);
  });

  test.each([
    [{ dataType: 1, rawData: new Uint8Array(7) }, 'tensor "c" of 2 float32 needs 8 bytes, has 7'],
    [{ dataType: 1, floatData: [1] }, 'tensor "c" of 2 needs 2 elements, has 1'],
    [
      { dataType: 1, dims: [2 ** 40, 2 ** 40], floatData: [1] },
      'tensor "c" of 1099511627776×1099511627776 is too large',
    ],
    [{ dataType: 1, dims: [-2], floatData: [1] }, 'tensor "c" has a dimension of -2'],
    [{ dataType: 8, stringData: [] }, 'tensor "c" has ONNX element type 8, which is not supported'],
  ])('that do not fit are refused: %#', (tensor, message) => {
    expect(() => read(tensor)).toThrow(message);
  });

  test.each([
    [{ value_float: { float: 2 } }, [3, 4]],
    [{ value: floats([2], [5, 6]) }, [6, 8]],
  ] as [ModelNode['attributes'], number[]][])('as nodes: %o', (attributes, expected) => {
    const nodes = [{ type: 'Constant', inputs: [], outputs: ['c'], attributes: attributes! }, sum];
    expect(run({ nodes }, [1, 2]).values).toEqual(expected);
  });

  test('made from nothing have bounds', () => {
    const nodes = [{ type: 'ConstantOfShape', name: 'huge', inputs: ['s'], outputs: ['c'] }, sum];
    expect(faultOf(modelBytes({ nodes, initializers: { s: whole(1e6, 1e6) } }))).toBe(
      'hand.onnx: node "huge" (ConstantOfShape): a constant of 1000000×1000000 elements cannot be made',
    );
  });

  test('that are computed from others have bounds together', () => {
    const count = 40;
    const nodes = Array.from({ length: count }, (_, i) => ({
      ...{
        type: 'Expand',
        inputs: [i === 0 ? 'c0' : `c${i}`, 'shape'],
        outputs: [i === count - 1 ? 'c' : `c${i + 1}`],
      },
    }));
    const initializers = { c0: spreadTensor([1]), shape: whole(1024, 1024) };
    expect(faultOf(modelBytes({ nodes: [...nodes, sum], initializers }))).toContain(
      'computing the constants of the model takes too much (simplify it first, as with onnxsim)',
    );
  });
});
