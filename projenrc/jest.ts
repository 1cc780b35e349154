import type { awscdk } from 'projen';
import { JsonFile } from 'projen';

/** Shared by the unit tests and the end-to-end tests: types are checked once, by `check:types`; jest only strips them. */
const TRANSFORM = { '^.+\\.m?ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] };

/** The examples import the library by its name, as their readers will; `projenrc/demo.ts` tells TypeScript the same. */
const NAMES = { '^cdk-jobworks$': '<rootDir>/src/index.ts', '^cdk-jobworks/runtime$': '<rootDir>/src/runtime/node/runtime.ts' };

/** The packages of d3 are ES modules, which jest does not load; each has the same as a script beside them. */
const D3 = { '^(d3-[a-z-]+)$': '<rootDir>/node_modules/$1/dist/$1.js' };

/** Validation of templates is off unless a test asks for it. */
const ENVIRONMENT = ['<rootDir>/test/support/environment.ts'];

/** Copies of the package that jest must not take for the package itself. */
const COPIES = ['<rootDir>/dist/', '<rootDir>/lib/', '<rootDir>/.cache/', '<rootDir>/.stryker-tmp/', 'cdk\\.out', '\\.snapshot/'];

/** Unit tests: `npx jest` or `npx jest test/some-folder` (thresholds are only judged in `test:unit`, which runs them all). */
export function configureJest(project: awscdk.AwsCdkConstructLibrary): void {
  const config = project.jest!.config;
  Object.assign(config, {
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    moduleNameMapper: { ...NAMES, ...D3 },
    transform: TRANSFORM,
    preset: undefined,
    setupFiles: ENVIRONMENT,
    testTimeout: 30_000, // no test asserts a time: a busy machine is no failure
    maxWorkers: '100%', // of two cores jest would leave one to itself
    modulePathIgnorePatterns: COPIES,
    watchPathIgnorePatterns: COPIES,
    collectCoverage: false,
    collectCoverageFrom: ['src/**/*.ts', '!src/**/*.generated.ts', '!src/index.ts'],
    coverageProvider: 'babel', // counts branches and leaves out types; v8 counts every line of an interface
    coverageReporters: [['text', { skipFull: true }], 'lcov', 'json-summary'],
    reporters: ['default'],
  });

  project.addTask('test:unit', {
    description: 'Unit tests with coverage thresholds; arguments go to jest',
    execArgs: ['jest', '--ci', '--coverage'],
    receiveArgs: true,
  });

  new JsonFile(project, 'e2e/jest.config.json', {
    marker: false, // jest would warn of an option it does not know
    obj: {
      rootDir: '..',
      testMatch: ['<rootDir>/e2e/**/*.test.ts'],
      testEnvironment: 'node',
      setupFiles: ENVIRONMENT,
      moduleNameMapper: { ...NAMES, ...D3 },
      transform: TRANSFORM,
      modulePathIgnorePatterns: COPIES,
      maxWorkers: 1, // one local cloud on two cores
      reporters: ['default', '<rootDir>/e2e/support/tally-reporter.cjs'],
      testTimeout: 120_000,
    },
  });
  project.addTask('e2e', {
    description: 'End-to-end tests on the local cloud; arguments go to jest',
    steps: [
      { spawn: 'bundle' },
      { execArgs: ['jest', '--ci', '--config', 'e2e/jest.config.json'], receiveArgs: true },
    ],
  });
}
