import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { changesOf, type TemplateJson } from './replaced';

/** Templates of the same apps as they were deployed before, and as they are today: the snapshots, which another check holds to the code. */
const APPS: [string, string][] = [
  ['job-processing-pipeline', 'JobProcessingPipelineStack'],
  ['queued-lambda-worker', 'QueuedLambdaWorkerStack'],
  ['maximal-pipeline', 'MaximalPipelineStack'],
];

/** What data is lost with, or what others know by its name: the address of an API, the key of a customer. */
const KEPT = /\(AWS::(DynamoDB::Table|SQS::Queue|KMS::Key|S3::Bucket|Logs::LogGroup|ApiGateway::(RestApi|ApiKey|UsagePlan|DomainName)|SNS::Topic)\)$/;

const read = (...path: string[]): TemplateJson => JSON.parse(readFileSync(join(...path), 'utf8'));
const previous = (stack: string) => read(__dirname, 'previous', `${stack}.template.json`);
const current = (app: string, stack: string) => read(resolve(__dirname, '../../integ'), `integ.${app}.ts.snapshot`, `${stack}.template.json`);

describe.each(APPS)('%s', (app, stack) => {
  test('an update of what was deployed replaces and removes nothing that holds data or that others know', () => {
    const { removed, replaced } = changesOf(previous(stack), current(app, stack));
    expect([...removed, ...replaced].filter((line) => KEPT.test(line))).toEqual([]);
  });

  test('there is such a thing in it, and a new name of it would be seen', () => {
    const renamed: TemplateJson = JSON.parse(JSON.stringify(current(app, stack)).replace(/"(\w+?)(Queue[0-9A-F]{8})"/g, '"$1Renamed$2"'));
    const { removed } = changesOf(previous(stack), renamed);
    expect(removed.filter((line) => KEPT.test(line)).length).toBeGreaterThanOrEqual(2);
  });

  test('and so would a property that cannot be changed', () => {
    const fifo: TemplateJson = JSON.parse(JSON.stringify(current(app, stack)).replaceAll('"AWS::SQS::Queue","Properties":{', '"AWS::SQS::Queue","Properties":{"FifoQueue":true,'));
    expect(changesOf(current(app, stack), fifo).replaced.filter((line) => KEPT.test(line)).length).toBeGreaterThanOrEqual(2);
  });
});
