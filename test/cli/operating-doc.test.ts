import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { readCommandLine } from '../../src/cli/command-line';
import { VERBS } from '../../src/cli/usage';
import { pipelineAlarmDefaults } from '../../src/job-processing-pipeline/pipeline-alarms';
import { ALARM_SEVERITIES, runbookOf, type AlarmId } from '../../src/monitoring/runbooks';
import { CALL_ERROR } from '../../src/runtime/handlers/runner/call-errors';
import { SYSTEM_ERRORS } from '../../src/runtime/protocol/record';
import { databaseOf, type DatabaseKind } from '../templates/databases';
import { pipelineOf, type Kind } from '../templates/kinds';

const DOC = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');

test.each(DOC.match(/^\$ npx cdk-jobworks .*$/gm)!)('%s is a command', (line) => {
  expect(readCommandLine(line.replace('$ npx cdk-jobworks ', '').split(' '))).toHaveProperty('verb');
});

test('every command and every error of the system\'s is told', () => {
  const told = [...Object.keys(VERBS), ...Object.values(SYSTEM_ERRORS), ...Object.values(CALL_ERROR)].filter((name) => !new RegExp(`^\\| (\`\\w+\`, )?\`${name}[ \`]`, 'm').test(DOC));
  expect(told).toEqual([]);
});

/** What is called like an error, and is never the `type` of a job's. */
const NO_TYPES = /^(JobCancelled|JobFailed|JobSuperseded|RetryLater|AbortError|NoSuchExecution|StartRefused|NoSuchKey|NotFound|StepFailed|TextTooLong|ProcessCrashed|Handler\w+(NotFound|Invalid)|\w+(Command|Exception)|ExecutionDoesNotExist)$/;

test('every error of an attempt is told, by itself or in a row with others', () => {
  const folder = join(__dirname, '../../src/runtime');
  const files = ['node', 'handlers/state-machine'].flatMap((part) => readdirSync(join(folder, part), { encoding: 'utf8' }).map((file) => join(folder, part, file)));
  const sources = [...files.filter((file) => file.endsWith('.ts')), join(folder, 'store/postgres/postgres-job-store.ts')].map((file) => readFileSync(file, 'utf8'));
  const types = new Set(sources.flatMap((source) => [...source.matchAll(/'((?:[A-Z][a-z]+){2,})'/g)].map(([, type]) => type)));
  expect([...types]).toEqual(expect.arrayContaining(['ExecutionAborted', 'ExpressStateMachine', 'NotInTransaction', 'StateMachineNotStarted', 'TransactionNotCommitted']));
  expect([...types].filter((type) => !NO_TYPES.test(type) && !new RegExp(`^\\| [^|]*\`${type}\``, 'm').test(DOC))).toEqual([]);
});

/** Log groups of a construct, as `describe` calls them. */
function logGroups(construct: IConstruct): string[] {
  const { path } = construct.node;
  return construct.node.findAll().filter((child) => child instanceof LogGroup).map((group) => group.node.path.slice(path.length + 1).split('/').join(''));
}

/** Readers have the same groups, by their numbers. */
const untold = (groups: readonly string[]) => groups.filter((group) => !new RegExp(`^\\| .*\`${group.replace(/^Reader\d+/, 'Reader1')}\``, 'm').test(DOC));

test.each<[Kind]>([
  ['maximal HTTP postgres state machine, keys'], ['maximal, API keys'], ['deployed'], ['postgres, calling a function, IAM'],
])('every log group of a pipeline is told: %s', (kind) => {
  const groups = logGroups(pipelineOf(kind).pipeline);
  expect(groups.length).toBeGreaterThan(6);
  expect(untold(groups)).toEqual([]);
});

test.each<[DatabaseKind]>([['instance, maximal'], ['Aurora, maximal']])('every log group of a database is told: %s', (kind) => {
  const groups = logGroups(databaseOf(kind).database);
  expect(groups).toEqual(expect.arrayContaining(['MigrationsFunctionLogs', 'RotationLogs', 'ProxyLogs']));
  expect(untold(groups)).toEqual([]);
});

test('every alarm is told, by its prop and by its name in CloudWatch', () => {
  const sources = ['queued-lambda-worker/worker-alarms.ts', 'alarms/create-function-alarms.ts'];
  const source = sources.map((file) => readFileSync(join(__dirname, '../../src', file), 'utf8')).join('\n');
  const ofWorker = [...source.matchAll(/(?:alarm\(|create\w*Alarm\(scope, )'(\w+)'/g)].map(([, name]) => name);
  expect(ofWorker).toHaveLength(7);
  const alarms = [
    ...Object.keys(pipelineAlarmDefaults()).map((prop) => [prop, `${capitalised(prop)}Alarm`]),
    ...ofWorker.map((name) => [`worker.${name[0].toLowerCase()}${name.slice(1)}`, `WorkerAlarms${name}`]),
  ];
  const rows = DOC.split('\n').filter((line) => line.startsWith('| '));
  expect(alarms.filter((names) => !rows.some((row) => names.every((name) => row.includes(`\`${name}\``))))).toEqual([]);
});

test('each alarm is as urgent as is told, and leads to its page', () => {
  const rows = DOC.split('\n').flatMap((line) => [...line.matchAll(/^\| `(worker\.)?(\w+)` \| `\w+` \| (\w+) \| \[[^\]]+\]\(runbooks\/([\w-]+)\.md\)/g)]);
  const told = rows.map(([, worker, name, severity, page]) => [worker ? 'worker' : 'pipeline', name, severity, page]);
  const known = (['pipeline', 'worker'] as const).flatMap((kind) => Object.entries(ALARM_SEVERITIES[kind]).map(([name, severity]) => (
    [kind, name, severity, runbookOf([kind, name] as AlarmId)]
  )));
  expect(told.sort()).toEqual(known.sort());
});

test('every warning is told', () => {
  const folder = join(__dirname, '../../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('runtime/'));
  const ids = new Set(files.flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/cdk-jobworks:\w+\.\w+/g) ?? []));
  expect(ids.size).toBeGreaterThan(20);
  expect([...ids].filter((id) => !DOC.includes(`\`${id}\``))).toEqual([]);
});

test('log lines are quoted as they are written, here or in a runbook', () => {
  const folder = join(__dirname, '../../docs/runbooks');
  const told = [DOC, ...readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))].join();
  const sources = ['dead-letter/dead-letter.ts', 'sweeper/sweeper.ts'].map((file) => readFileSync(join(__dirname, '../../src/runtime/handlers', file), 'utf8')).join();
  for (const line of ['the dead letter could not be judged', 'a message of a newer version is left', 'the job could not be swept', 'too little time for the rest']) {
    expect(told).toContain(line);
    expect(sources).toContain(line);
  }
});

function capitalised(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1)}`;
}
