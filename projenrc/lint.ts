import type { awscdk } from 'projen';

/**
 * Wire names are plain constants, so both floors may read them. So are the rules of migration files: a directory is refused at synthesis by what
 * would refuse it at deployment.
 */
const RUNTIME_BUT_NOT_WIRE = '(^|/)runtime/(?!wire/|migrations/(files|folder|errors)$)';

/**
 * The wall between the two floors of `src/`: what executes in Lambda (`src/runtime`) and what runs at synth (everything else),
 * and the order within each. `test/internal-tools/import-rules.test.ts` sees every one of these rules fail.
 */
export function configureLint(project: awscdk.AwsCdkConstructLibrary): void {
  const eslint = project.eslint!;
  eslint.addIgnorePattern('cdk.out/');
  eslint.addIgnorePattern('*.snapshot/');

  eslint.addRules({
    'import/no-cycle': 'error', // imports of types are erased and make no cycle
    'import/no-extraneous-dependencies': 'off', // all we use is a dev dependency: the runtime is bundled
    '@typescript-eslint/no-explicit-any': 'error', // jsii would make an Object of it in Java
    '@typescript-eslint/no-require-imports': 'error',
    '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  });

  eslint.addOverride({
    files: ['src/**'],
    rules: {
      'no-console': 'error', // annotations at synth, the logger in Lambda
      'no-cdk-at-load': 'error', // our own, see lint/rules
      'import/no-restricted-paths': ['error', {
        zones: [{
          target: './src/runtime',
          from: './src',
          except: ['./runtime'],
          message: 'The runtime knows nothing of the constructs.',
        }],
      }],
    },
  });

  eslint.addOverride({
    files: ['src/**'],
    excludedFiles: ['src/runtime/**', 'src/cli/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [NO_INDEX, {
          regex: RUNTIME_BUT_NOT_WIRE,
          allowTypeImports: true,
          message: 'Constructs take only wire names (runtime/wire), the rules of migration files, and types (import type) from the runtime.',
        }],
      }],
    },
  });

  eslint.addOverride({
    files: ['src/cli/**'], // a bundle of its own, with what it takes from the runtime
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [NO_INDEX, {
          regex: '^(aws-cdk-lib|constructs|cdk-nag)(/|$)',
          message: 'The command line is bundled without the CDK.',
        }],
      }],
    },
  });

  eslint.addOverride({
    files: ['src/runtime/**'],
    rules: {
      'no-bitwise': 'off', // ids and hashes are made of bits
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [NO_INDEX, {
          regex: '^(aws-cdk-lib|constructs|cdk-nag)(/|$)',
          message: 'The runtime is bundled for Lambda and must not know the CDK.',
        }],
      }],
    },
  });
}

const NO_INDEX = {
  regex: '^\\.{1,2}$|^\\.{1,2}/(.*/)?index(\\.m?js)?$|^\\..*/$',
  message: 'Import the sibling file, not an index.',
};
