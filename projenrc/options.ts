import { awscdk, cdk, javascript, release, typescript } from 'projen';
import { UPGRADES, WORKFLOW_TOOLS } from './workflows';

/** Who we are, what we compile with and where we publish. Everything a single concern owns stands in its own file beside this one. */
export const projectOptions: awscdk.AwsCdkConstructLibraryOptions = {
  // identity
  name: 'cdk-jobworks',
  description: 'Background jobs on AWS, the production way: API, queue, worker, job record and alarms as CDK constructs',
  author: 'cdk-jobworks contributors',
  authorAddress: 'maintainers@example.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdkjobworks/cdk-jobworks.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-jobworks contributors',
  keywords: ['aws', 'cdk', 'sqs', 'lambda', 'jobs', 'queue', 'background-jobs'],
  stability: cdk.Stability.EXPERIMENTAL,
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node 22

  // toolchain
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '24', // npm 11, which trusted publishing needs
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  cdkVersion: '2.263.0', // the newest that Maven has: a higher floor could not be used from Java
  constructsVersion: '10.5.1',
  peerDependencyOptions: { pinnedDevDependency: false }, // floor in the peers, newest in the dev dependencies
  allowScripts: ['esbuild', 'unrs-resolver'],
  npmTrustedPublishing: true,
  buildWorkflowOptions: { mutableBuild: false, mutableInstall: false },
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  workflowBootstrapSteps: WORKFLOW_TOOLS,
  depsUpgradeOptions: UPGRADES,
  githubOptions: { mergify: false },
  publishToPypi: { distName: 'cdk-jobworks', module: 'cdk_jobworks', trustedPublishing: true },
  publishToMaven: {
    mavenGroupId: 'io.github.cdkjobworks',
    mavenArtifactId: 'cdk-jobworks',
    javaPackage: 'io.github.cdkjobworks',
    mavenServerId: 'central-ossrh',
  },

  // nothing is discovered or made up for us: the bundle and integ tasks are our own
  sampleCode: false,
  integrationTestAutoDiscover: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,

  // tests and types
  tsconfig: { compilerOptions: { types: ['node'] } },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    include: [
      'src/**/*.ts', 'src/**/*.mts', 'test/**/*.ts', 'integ/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts', 'preview/**/*.ts',
      'metric-math/**/*.ts', 'examples/typescript/**/*.ts', 'examples/typescript/**/*.mts', 'projenrc/**/*.ts', '.projenrc.ts',
    ],
    exclude: ['**/*.snapshot', '**/cdk.out'],
    compilerOptions: { noEmit: true, types: ['node', 'jest', 'aws-lambda'] },
  },
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      coverageThreshold: { statements: 95, branches: 90, functions: 95, lines: 95 },
    },
  },
  typecheckTests: true,
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'integ', 'e2e', 'bench', 'preview', 'metric-math', 'examples', 'projenrc'],
    projectService: false, // it only finds files called tsconfig.json
    tsconfigPath: './tsconfig.dev.json',
    fileExtensions: ['.ts', '.mts'],
    commandOptions: { fix: false, extraArgs: ['--rulesdir', 'projenrc/lint/rules', '--report-unused-disable-directives', '--max-warnings', '0'] },
  },
};
