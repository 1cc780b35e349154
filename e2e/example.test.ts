import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uploading } from './demo/caller';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { inFolder, propertiesOf, templateOf, type ExampleTemplate } from './support/example';
import { EXAMPLE } from './support/synthesise';
import { accepted, ended, exampleCustomer, useStack } from './support/use';

/** The drawing-analysis example: what it deploys, and one run of it in which every permission that is missing shows. */
const subject = useStack({ app: EXAMPLE.folder, stack: EXAMPLE.stack, context: EXAMPLE.shortTimeouts, auth: true });

const drawing = (simulate: Readonly<Record<string, unknown>> = {}) => ({
  name: 'bracket.dxf', dxf: readFileSync(join(EXAMPLE.folder, 'samples/bracket.dxf'), 'utf8'), simulate,
});

/** What follows from the timeout of the function and from the first pause between attempts. A name stands for any logical id. */
const DURATIONS = [
  /^Resources\.Analyse\w*\.Properties\.Timeout$/,
  /^Resources\.Analyse\w*\.Properties\.Environment\.Variables\.JOBWORKS_(BACKOFF_FIRST|SHUTDOWN)_MS$/,
  /^Resources\.DrawingsWorkerQueue\w*\.Properties\.VisibilityTimeout$/,
  /^Resources\.DrawingsWorkerAlarmsDuration\w*\.Properties\.(Threshold|AlarmDescription)$/,
  /^Resources\.DrawingsBacklogAlarm\w*\.Properties\.Metrics\.\d+\.MetricStat\.Period$/, // as long as an attempt may take
  /^Resources\.OperationsDashboard\w*\.Properties\.DashboardBody\./, // the limits that it shows
];

/** A version is called by what is in it, so another timeout has another name. */
const withoutVersions = (template: ExampleTemplate) =>
  JSON.parse(JSON.stringify(template).replace(/AnalyseCurrentVersion\w+/g, 'AnalyseCurrentVersion')) as ExampleTemplate;

test('short timeouts change durations and nothing else', async () => {
  const [ordinary, short] = await Promise.all([templateOf(EXAMPLE, 'ordinary'), templateOf(EXAMPLE, 'short', EXAMPLE.shortTimeouts)]);
  const changed = differences(withoutVersions(ordinary), withoutVersions(short));
  expect(changed.length).toBeGreaterThanOrEqual(DURATIONS.length);
  expect(changed.filter((path) => !DURATIONS.some((duration) => duration.test(path)))).toStrictEqual([]);
});

test('the sizes are those that the system asks for', async () => {
  const template = await templateOf(EXAMPLE, 'sizes');
  const properties = (type: string, id: string) => propertiesOf(template, type, id);

  expect(properties('AWS::Lambda::Function', 'Analyse')).toMatchObject({ Timeout: 900, MemorySize: 3072, Architectures: ['arm64'] });
  expect(properties('AWS::SQS::Queue', 'DrawingsWorkerQueue')).toMatchObject({ VisibilityTimeout: 1_800 });
  expect(properties('AWS::Lambda::EventSourceMapping', 'Drawings')).toMatchObject({ BatchSize: 1 });
  expect(properties('AWS::CloudWatch::Alarm', 'DrawingsFirstDeadLettered')).toMatchObject({ Threshold: 1 });
  expect(properties('AWS::CloudWatch::Alarm', 'DrawingsDeadLetteredAlarm')).toMatchObject({ Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' });
  expect(properties('AWS::CloudWatch::Alarm', 'DrawingsWorkerAlarmsOldestMessageAge')).toMatchObject({ Threshold: 1_200 });
  expect(properties('AWS::CloudWatch::Alarm', 'DrawingsWorkerAlarmsErrors')).toMatchObject({ Threshold: 10 });
  expect(properties('AWS::CloudWatch::Alarm', 'DrawingsFailureRate')).toMatchObject({ Threshold: 10 });
  expect(properties('AWS::CloudWatch::CompositeAlarm', 'Operations')).toMatchObject({ AlarmActions: [{ Ref: expect.stringMatching(/^Operations(Page|Ticket)Topic/) }] });
  expect(properties('AWS::Lambda::Alias', 'DrawingsSubmit')).toMatchObject({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
  expect(properties('AWS::Lambda::Alias', 'DrawingsStatus')).toMatchObject({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
  expect(properties('AWS::ApiGateway::Stage', 'Drawings')).toMatchObject({ CacheClusterEnabled: true });
  expect(properties('AWS::S3::Bucket', 'FilesBucket')).toMatchObject({
    AccelerateConfiguration: { AccelerationStatus: 'Enabled' },
    LifecycleConfiguration: {
      Rules: expect.arrayContaining([
        expect.objectContaining({ Id: 'expire', ExpirationInDays: 37 }), // all of them, as long as a record may need one
        expect.objectContaining({ Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }] }),
      ]),
    },
  });
  expect(properties('AWS::DynamoDB::Table', 'Drawings')).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'job_id', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  });
  expect(properties('AWS::Lambda::Function', 'DrawingsSubmit')).toMatchObject({
    Environment: { Variables: { JOBWORKS_MAX_ATTEMPTS: '3', JOBWORKS_RETENTION_SECONDS: String(30 * 86_400) } },
  });
});

test('an environment is chosen by its name', async () => {
  const dev = await templateOf(EXAMPLE, 'dev', { environment: 'dev' });
  const billedByTheHourOrMonth = ['AWS::KMS::Key', 'AWS::Lambda::Alias', 'AWS::WAFv2::WebACL'];
  expect(Object.values(dev.Resources).filter(({ Type }) => billedByTheHourOrMonth.includes(Type))).toStrictEqual([]);
  expect(JSON.stringify(dev)).not.toContain('CacheClusterEnabled');
  await expect(templateOf(EXAMPLE, 'none', { environment: 'none' })).rejects.toThrow('the name must be dev, staging or prod. Given: \"none\"');
});

test('the example compiles, its handler included', () => {
  inFolder(EXAMPLE, 'tsc', '-p', '.');
});

test("the handler's own tests pass", () => {
  expect(inFolder(EXAMPLE, 'tsx', '--test', 'test/handler.test.mjs')).toMatch(/^# pass [1-9]\d*$/m);
});

test('a drawing is analysed, and everything that does it may do what it does', async () => {
  const client = await exampleCustomer(subject());
  const job = await ended(client, await accepted(client, drawing()));
  expect(job).toMatchObject({
    status: 'succeeded',
    stages_completed: EXAMPLE.stages,
    result: { units: 'mm', entities: { LINE: 2, ARC: 2, CIRCLE: 5, LWPOLYLINE: 1, TEXT: 2 }, total_length: 600.922 },
  });
  expect(job.result).toMatchObject({ bounds: { min: [0, -18], max: [120, 80] }, holes: [{ diameter: 6.5, count: 4 }, { diameter: 24, count: 1 }] });
});

test('so it is when an attempt fails, and when the provider asks to wait', async () => {
  const client = await exampleCustomer(subject());
  const failing = await accepted(client, drawing({ fail_attempts: 2 }));
  const waiting = await accepted(client, drawing({ busy_seconds: 1 }));
  expect(await ended(client, failing)).toMatchObject({ status: 'succeeded', attempt: 3 });
  expect(await ended(client, waiting)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('so it is with a file, which is read for its owner', async () => {
  const client = await exampleCustomer(subject());
  const { name, dxf } = drawing();
  const { answer: { status, body } } = await uploading(dxf)(client, { name });
  expect(status).toBe(202);
  expect(await ended(client, body.job_id)).toMatchObject({ status: 'succeeded', result: { total_length: 600.922 } });
});

test('every resource became what the ledger promises', async () => {
  const { cloud, deployed: { deployment } } = subject();
  const ledger = await readLedger(cloud, deployment.stacks);
  assertLedger(ledger);
  expect(ledger.entries.find(({ type }) => type === 'AWS::IAM::Policy')?.state).toBe('executed'); // the roles are enforced here
  expect(ledger.entries.length).toBeGreaterThan(50);
  expect(ledger.counts.skipped).toBe(0);
});

/** Paths at which two values differ. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [path];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name as never], other[name as never], path === '' ? name : `${path}.${name}`));
}
