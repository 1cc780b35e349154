import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FunctionAlarms } from '../../src/alarms/function-alarms';
import { JobSteps } from '../../src/job-processor/state-machine/job-steps';
import { AlarmSeverity, DashboardSection, LogKind, type IMonitored } from '../../src/monitoring/monitored';
import { runbookNames } from '../../src/monitoring/runbooks';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerProps } from '../../src/queued-lambda-worker/queued-lambda-worker-props';
import { userFunction } from '../job-processing-pipeline/fixture';
import { pageOf } from '../monitoring/support';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const create = (props: QueuedLambdaWorkerProps = {}) => new QueuedLambdaWorker(stack, 'Worker', {
  code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'), handler: 'index.handler', ...props,
});
const bodyOf = (monitored: IMonitored) => pageOf(stack, monitored.monitor()).body;
const pagesOf = (monitored: IMonitored) => monitored.monitor().alarms!.map(({ runbook }) => runbook!);

test('a worker shows its queue and its function, and what waits', () => {
  const worker = create({ label: 'thumbnails', maximumConcurrency: 7, timeout: Duration.minutes(1) });
  const { title, rows, verdict, logs, costs } = worker.monitor();
  expect(title).toBe('thumbnails');
  expect([...new Set(rows!.map(({ section }) => section))]).toEqual([DashboardSection.FLOW, DashboardSection.WORKERS]);
  expect(Object.keys(verdict!)).toEqual(['arrived', 'finished', 'failed', 'waiting', 'oldest']);
  expect(logs).toEqual([{ logGroup: worker.logGroup, kind: LogKind.JOBS }]);
  expect(costs!.map(({ service }) => service)).toEqual(['AWS Lambda', 'Amazon SQS', 'Amazon CloudWatch']);
  expect(bodyOf(worker)).toMatch(/\\"label\\":\\"limit\\",\\"value\\":7/);
});

test('its limit is what its pollers cause, where these are provisioned', () => {
  expect(bodyOf(create({ minimumPollers: 2, maximumPollers: 4 }))).toMatch(/\\"label\\":\\"limit\\",\\"value\\":40/);
});

test('a function behind an alias is shown by the alias, its concurrency by itself', () => {
  const fn = userFunction(stack, 'Fn');
  const alias = new lambda.Alias(stack, 'Alias', { aliasName: 'live', version: fn.currentVersion });
  const body = bodyOf(create({ code: undefined, handler: undefined, function: alias }));
  expect(body).toMatch(/\\"Invocations\\",\\"FunctionName\\",[^\]]*\\"Resource\\"/);
  expect(body).not.toMatch(/\\"ConcurrentExecutions\\",\\"FunctionName\\",[^\]]*\\"Resource\\"/);
});

test('every alarm has a page', () => {
  const pages = pagesOf(create({ reservedConcurrency: 5, maximumConcurrency: 5 }));
  expect(pages).toHaveLength(7);
  expect(pages.filter((page) => !runbookNames().includes(page) || !page.startsWith('worker-'))).toEqual([]);
});

test('alarms of a function show it', () => {
  const alarms = new FunctionAlarms(stack, 'Alarms', { function: userFunction(stack, 'Fn'), label: 'extract' });
  expect(alarms.monitor()).toMatchObject({ title: 'extract', logs: [{ kind: LogKind.JOBS }] });
  expect(pagesOf(alarms)).toEqual(['function-errors', 'function-throttles', 'function-duration']);
  expect(alarms.monitor().alarms![0].severity).toBe(AlarmSeverity.PAGE);
  expect(bodyOf(alarms)).toContain('extract: invocations');
});

test('memory and cold starts are asked for as the function logs', () => {
  const json = userFunction(stack, 'Json', { loggingFormat: lambda.LoggingFormat.JSON });
  const body = bodyOf(new FunctionAlarms(stack, 'Alarms', { function: json }));
  expect(body).toContain('record.metrics.maxMemoryUsedMB');
  expect(body).not.toContain('@maxMemoryUsed');
});

test('steps show their executions and each function, whose errors wait for the morning: the pipeline counts failed jobs', () => {
  const steps = new JobSteps(stack, 'Steps', { functions: [userFunction(stack, 'One'), userFunction(stack, 'Two')], alarms: { errors: { threshold: 50 } } });
  const { alarms = [], logs = [], rows = [] } = steps.monitor();
  expect(alarms.map(({ severity }) => severity)).not.toContain(AlarmSeverity.PAGE);
  expect(new Set(alarms.map(({ label }) => label)).size).toBe(6);
  expect(logs.map(({ kind }) => kind)).toEqual([LogKind.OTHER, LogKind.JOBS, LogKind.JOBS]);
  expect(rows).toHaveLength(5);
  expect(pageOf(stack, steps.monitor())).toMatchObject({ faults: [], warnings: [] });
});
