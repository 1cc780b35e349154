import type { awscdk } from 'projen';
import { JsonFile } from 'projen';

/** Mutation testing of the protocol: does a test fail when the code is broken? A command, outside the time of the checks. */
export function addMutation(project: awscdk.AwsCdkConstructLibrary): void {
  new JsonFile(project, 'stryker.config.json', {
    marker: false, // Stryker would warn of an option it does not know
    obj: {
      mutate: ['src/runtime/protocol/**/*.ts'],
      testRunner: 'jest',
      jest: { projectType: 'custom', configFile: 'stryker.jest.config.json', enableFindRelatedTests: false },
      coverageAnalysis: 'perTest',
      concurrency: 2,
      ignorePatterns: ['/assets', '/dist', '/lib', '/.cache', '/cdk.out', '/coverage', '/e2e', '/examples', '/bench', '/integ', '/docs'],
      tempDirName: '.stryker-tmp',
      incremental: false,
      reporters: ['progress', 'clear-text', 'json'],
      jsonReporter: { fileName: '.cache/mutation.json' },
      clearTextReporter: { allowColor: true, reportTests: false },
      thresholds: { high: 95, low: 90, break: 90 },
    },
  });
  new JsonFile(project, 'stryker.jest.config.json', {
    marker: false,
    obj: {
      testMatch: ['<rootDir>/test/runtime/protocol/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/scheduler/'], // half a minute for each of a thousand mutants
      testEnvironment: 'node',
      transform: { '^.+\\.m?ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
    },
  });
  project.addTask('mutation', {
    description: 'Mutation testing of src/runtime/protocol (fails below 90 %)',
    execArgs: ['stryker', 'run'],
    receiveArgs: true,
  });
  project.gitignore.exclude('/.stryker-tmp/', '/reports/');
}
