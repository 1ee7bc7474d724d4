/** Functions that arithmetic in a spec may call. */
export const functionNames: readonly string[] = [
  'min',
  'max',
  'ceil',
  'floor',
  'round',
  'sqrt',
  'log2',
  'abs',
  'pow',
];

/** Words that the evaluator's syntax keeps for itself. */
export const syntaxWords: readonly string[] =
  'and or not xor mod to in true false null undefined end NaN Infinity'.split(' ');
