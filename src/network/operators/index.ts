import { Registry } from '../../base/registry.ts';
import type { Operator } from '../operator.ts';
import { argMax } from './arg-max.ts';
import { batchNormalization } from './batch-normalization.ts';
import { binaryOperators } from './binary.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { expand } from './expand.ts';
import { embedding, gather } from './gather.ts';
import { gemm } from './gemm.ts';
import { identity } from './identity.ts';
import { layerNormalization } from './layer-normalization.ts';
import { matmul } from './matmul.ts';
import { pad } from './pad.ts';
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from './pool.ts';
import { reduceOperators } from './reduce.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { transpose } from './transpose.ts';
import { unaryOperators } from './unary.ts';
import { where } from './where.ts';

/** Every kind of layer: those with weights first, then what digital cores do. */
export const operators = new Registry<Operator>('operator', [
  conv,
  gemm,
  matmul,
  batchNormalization,
  layerNormalization,
  ...unaryOperators,
  ...binaryOperators,
  where,
  softmax,
  logSoftmax,
  maxPool,
  averagePool,
  globalAveragePool,
  globalMaxPool,
  ...reduceOperators,
  argMax,
  reshape,
  transpose,
  concat,
  slice,
  gather,
  embedding,
  pad,
  expand,
  identity,
]);
