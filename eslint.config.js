import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'libs/persistence/src/generated',
      'libs/client/src/generated',
      'libs/algorithms/assembly',
      '.nightshift',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: a stranger should find any thing by its name.',
        },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  {
    // Nest reads constructor parameter types at run time, so their imports must stay value imports.
    files: [
      'apps/**/*.ts',
      'libs/jobs/**/*.ts',
      'libs/persistence/**/*.ts',
      'libs/config/**/*.ts',
      'libs/telemetry/**/*.ts',
      'libs/http/**/*.ts',
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    ignores: ['libs/config/src/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only libs/config reads the environment: add a field to its schema.',
        },
      ],
    },
  },
  {
    files: [
      '*.config.js',
      '**/*.config.ts',
      '.dependency-cruiser.js',
      'tools/**',
      'bench/**',
      'test/**',
      'apps/cli/**',
    ],
    rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' },
  },
);
