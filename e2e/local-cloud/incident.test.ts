import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { App } from 'aws-cdk-lib';
import { readMetrics } from './control';
import { deploy, type Deployment } from './deploy';
import { eventually } from './fixture/fixture';
import { IncidentStack } from './fixture/incident-stack';
import { LocalCloud } from './local-cloud';
import { OnCall } from './on-call';

/** A minute of an alarm lasts half a second: one period to go off, and three without data to be over. */
const ALARM_SPEED = 120;

let cloud: LocalCloud;
let onCall: OnCall;
let deployment: Deployment;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  onCall = await OnCall.start();
  cloud = await LocalCloud.start({ sampleSeconds: 0.1, alarmSpeed: ALARM_SPEED, trustedCertificates: onCall.certificateFile });
  client = new CloudWatchLogsClient(cloud.clientConfig);
  const outdir = mkdtempSync(join(tmpdir(), 'jobworks-incident-'));
  const app = new App({ outdir, analyticsReporting: false });
  new IncidentStack(app, 'Incident', onCall.url);
  app.synth();
  deployment = await deploy(cloud, outdir);
  rmSync(outdir, { recursive: true, force: true });
  await client.send(new CreateLogStreamCommand({ logGroupName: deployment.output('LogGroup'), logStreamName: 'stream' }));
  await eventually('a confirmed subscription', 10, async () => onCall.notifications.length > 0 || undefined);
  await sleep(500); // new alarms tell that all is well, as they do on AWS, if that comes after the confirmation
});
afterAll(async () => {
  await cloud?.stop();
  await onCall?.stop();
});

let patterns = 0;

const told = () => onCall.alarms.map(({ alarm }) => `${alarm.AlarmName} ${alarm.NewStateValue}`);

async function log(...messages: readonly string[]): Promise<void> {
  await client.send(new PutLogEventsCommand({
    logGroupName: deployment.output('LogGroup'), logStreamName: 'stream', logEvents: messages.map(message => ({ message, timestamp: Date.now() })),
  }));
}

/** What is told from now on, until nothing was for as long as the longest wait of these alarms. */
async function tellings(first: string): Promise<readonly string[]> {
  const before = told().length;
  await eventually(first, 10, async () => told().slice(before).includes(first) || undefined);
  for (let count = -1; count !== told().length; await sleep(2_500)) count = told().length;
  return told().slice(before);
}

test('a subscription of a template is confirmed, over TLS with a certificate that is checked', () => {
  expect(onCall.notifications[0]).toMatchObject({ type: 'SubscriptionConfirmation', topic: expect.stringContaining(':Incident-Topic') as string });
});

test('one cause wakes once, and is told when it is over', async () => {
  await log(JSON.stringify({ level: 'ERROR', message: 'lost' }), 'it was late');
  expect(await tellings('Page ALARM')).toEqual(['Page ALARM', 'Page OK']); // the ticket was over before anybody had to hear of it
});

test('what rings by itself is told after the time that it waits for a cause', async () => {
  await log('it was slow');
  expect(await tellings('Ticket ALARM')).toEqual(['Ticket ALARM', 'Ticket OK']);
});

test('metric filters count the lines that match', async () => {
  const values = async (metricName: string) => (await readMetrics(cloud)).samples({ namespace: 'Incident', metricName, dimensions: {} }).length;
  const before = [await values('Lost'), await values('Late')];
  await log('{"level": "ERROR"}', '{"level": "ERRORS"}', '{"level": "INFO", "message": "ERROR"}', 'ERROR', 'a late test', 'late', 'slow and late');
  expect([await values('Lost') - before[0], await values('Late') - before[1]]).toEqual([1, 2]);
});

test.each([
  ['{ $.duration_ms > 100 && ($.level = "W*" || $.error NOT EXISTS) }', ['{"duration_ms": 101, "level": "WARN", "error": 1}', '{"duration_ms": 200}'],
    ['{"duration_ms": 100}', '{"duration_ms": "200"}', '{"duration_ms": 200, "error": 1}', 'text']],
  ['{ $.error.type != "Timeout" && $.tries[0] = 1 && $.last IS TRUE }', ['{"error": {"type": "Other"}, "tries": [1], "last": true}'],
    ['{"error": {"type": "Timeout"}, "tries": [1], "last": true}', '{"error": {}, "tries": [1], "last": true}', '{"error": {"type": "Other"}, "tries": [], "last": true}']],
  ['"dead lock" detected', ['a dead lock was detected'], ['dead or lock detected']],
])('the pattern %s', async (filterPattern, matching, others) => {
  const metricName = `Pattern${patterns++}`;
  await client.send(new PutMetricFilterCommand({
    logGroupName: deployment.output('LogGroup'),
    filterName: metricName,
    filterPattern,
    metricTransformations: [{ metricName, metricNamespace: 'Incident', metricValue: '1' }],
  }));
  await log(...others);
  expect((await readMetrics(cloud)).samples({ namespace: 'Incident', metricName, dimensions: {} })).toHaveLength(0);
  await log(...matching);
  expect((await readMetrics(cloud)).samples({ namespace: 'Incident', metricName, dimensions: {} })).toHaveLength(matching.length);
});
