// The kernels of the crossbar numerics, compiled by AssemblyScript to dist/numerics/kernels.wasm (the build line
// is in package.json). They work on one imported shared memory at byte offsets, keep no data of their own in it and
// allocate nothing. src/numerics/kernel-calls.ts says what each computes; kernels-reference.ts computes the same bits.
export { addNoiseF32, convertSums, setSteps } from './adc';
export { effectiveMatrix } from './elimination';
export { mvmGated } from './gated';
export { mvmAdcF32, mvmAdcI16, mvmF32, mvmI16 } from './mvm';
export { mvmAdcTable, mvmTable } from './table';
export { packF32, packI16 } from './panels';
export { gather } from './gather';
export { digitPatterns } from './patterns';
export { lookupF32, quantizeFrame, rowSquares, rowSums, sliceF32, sliceI16, squaresF32 } from './inputs';
export { clear, combine, combineSums, dequantizeF32, dequantizeF64, dequantizeI32 } from './outputs';
export { fillNormals } from './normals';
