import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../../src/cli/command-line';
import { VERBS } from '../../src/cli/usage';
import { pipelineAlarmDefaults } from '../../src/job-processing-pipeline/pipeline-alarms';
import { CALL_ERROR } from '../../src/runtime/handlers/runner/call-errors';
import { SYSTEM_ERRORS } from '../../src/runtime/protocol/record';

const DOC = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');

test.each(DOC.match(/^\$ npx cdk-jobworks .*$/gm)!)('%s is a command', (line) => {
  expect(readCommandLine(line.replace('$ npx cdk-jobworks ', '').split(' '))).toHaveProperty('verb');
});

test('every command and every error of the system\'s is told', () => {
  const told = [...Object.keys(VERBS), ...Object.values(SYSTEM_ERRORS), ...Object.values(CALL_ERROR)].filter((name) => !new RegExp(`^\\| (\`\\w+\`, )?\`${name}[ \`]`, 'm').test(DOC));
  expect(told).toEqual([]);
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

test('every warning is told', () => {
  const folder = join(__dirname, '../../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('runtime/'));
  const ids = new Set(files.flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/cdk-jobworks:\w+\.\w+/g) ?? []));
  expect(ids.size).toBeGreaterThan(20);
  expect([...ids].filter((id) => !DOC.includes(`\`${id}\``))).toEqual([]);
});

test('log lines are quoted as they are written', () => {
  const sources = ['dead-letter/dead-letter.ts', 'sweeper/sweeper.ts'].map((file) => readFileSync(join(__dirname, '../../src/runtime/handlers', file), 'utf8')).join();
  for (const line of ['the dead letter could not be judged', 'a message of a newer version is left', 'the job could not be swept', 'too little time for the rest']) {
    expect(DOC).toContain(line);
    expect(sources).toContain(line);
  }
});

function capitalised(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1)}`;
}
