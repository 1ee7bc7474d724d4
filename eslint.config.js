import js from '@eslint/js';
import typescript from 'typescript-eslint';

export default typescript.config(
  { ignores: ['dist/', 'node_modules/', 'results/', 'src/numerics/kernels/'] },
  js.configs.recommended,
  typescript.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // An abort is told by its own reason, whatever broke because of it.
      'preserve-caught-error': 'off',
      // Typed-array reads inside checked bounds: noUncheckedIndexedAccess makes each of them `number | undefined`.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
