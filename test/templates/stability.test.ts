import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { changesOf, type TemplateJson } from './replaced';

/** What would lose something: a type of resource, as its logical ids end, and a property of it that cannot be changed. */
interface Loss {
  readonly type: string;
  readonly id: string;
  readonly property: string;
}

const QUEUE: Loss = { type: 'AWS::SQS::Queue', id: 'Queue', property: '"FifoQueue":true' };
const TABLE: Loss = { type: 'AWS::DynamoDB::Table', id: 'Table', property: '"TableName":"other"' };
const INSTANCE: Loss = { type: 'AWS::RDS::DBInstance', id: 'Instance', property: '"CharacterSetName":"LATIN1"' };
const CLUSTER: Loss = { type: 'AWS::RDS::DBCluster', id: 'Cluster', property: '"EngineMode":"global"' };

/** Templates of the same apps as they were deployed before, and as they are today: the snapshots, which another check holds to the code. */
const APPS: [string, string, Loss][] = [
  ['job-processing-pipeline', 'JobProcessingPipelineStack', QUEUE],
  ['queued-lambda-worker', 'QueuedLambdaWorkerStack', QUEUE],
  ['maximal-pipeline', 'MaximalPipelineStack', QUEUE],
  ['state-machine', 'StateMachineStack', QUEUE],
  ['http-api', 'HttpApiStack', TABLE],
  ['proxied-postgres', 'ProxiedPostgresInstancesStack', INSTANCE],
  ['proxied-postgres', 'ProxiedPostgresAuroraStack', CLUSTER],
];

/** What data, or what is under way, is lost with; or what others know by its name: the address of an API, the key of a customer, a security group. */
const KEPT = new RegExp(`\\(AWS::(${[
  'DynamoDB::Table', 'SQS::Queue', 'KMS::Key', 'S3::Bucket', 'Logs::LogGroup', 'SNS::Topic',
  'ApiGateway::(RestApi|ApiKey|UsagePlan|DomainName)', 'ApiGatewayV2::(Api|DomainName)',
  'RDS::(DBInstance|DBCluster|DBProxy|DBProxyEndpoint|DBSubnetGroup)', 'SecretsManager::(Secret|SecretTargetAttachment)', 'Backup::BackupVault', 'EC2::SecurityGroup',
  'StepFunctions::StateMachine',
].join('|')})\\)$`);

const read = (...path: string[]): TemplateJson => JSON.parse(readFileSync(join(...path), 'utf8'));
const previous = (stack: string) => read(__dirname, 'previous', `${stack}.template.json`);
const current = (app: string, stack: string) => read(resolve(__dirname, '../../integ'), `integ.${app}.ts.snapshot`, `${stack}.template.json`);

describe.each(APPS)('%s: %s', (app, stack, { type, id, property }) => {
  test('an update of what was deployed replaces and removes nothing that holds data or that others know', () => {
    const { removed, replaced } = changesOf(previous(stack), current(app, stack));
    expect([...removed, ...replaced].filter((line) => KEPT.test(line))).toEqual([]);
  });

  test('there is such a thing in it, and a new name of it would be seen', () => {
    const renamed: TemplateJson = JSON.parse(JSON.stringify(current(app, stack)).replace(new RegExp(`"(\\w+?)(${id}[0-9A-F]{8})"`, 'g'), '"$1Renamed$2"'));
    const { removed } = changesOf(previous(stack), renamed);
    expect(removed.filter((line) => KEPT.test(line) && line.includes(type)).length).toBeGreaterThanOrEqual(2);
  });

  test('and so would a property that cannot be changed', () => {
    const changed: TemplateJson = JSON.parse(JSON.stringify(current(app, stack)).replaceAll(`"${type}","Properties":{`, `"${type}","Properties":{${property},`));
    const { replaced } = changesOf(current(app, stack), changed);
    expect(replaced.filter((line) => KEPT.test(line) && line.includes(type)).length).toBeGreaterThanOrEqual(2);
  });
});
