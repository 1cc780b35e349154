import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { functionAlarmDefaults } from '../../src/alarms/create-function-alarms';
import { pipelineAlarmDefaults } from '../../src/job-processing-pipeline/pipeline-alarms';
import { AlarmSeverity } from '../../src/monitoring/monitored';
import { ALARM_SEVERITIES, alarmLabel, runbookNames, runbookOf, severityOf } from '../../src/monitoring/runbooks';
import { networkAlarmDefaults } from '../../src/secure-network/network-alarms';

test('pages are called by kind and alarm', () => {
  expect(runbookOf(['pipeline', 'failureRate'])).toBe('pipeline-failure-rate');
  expect(runbookOf(['stateMachine', 'timedOut'])).toBe('state-machine-timed-out');
  expect(runbookNames()).toContain('cost-budget');
  expect(new Set(runbookNames()).size).toBe(runbookNames().length);
});

test('labels are words', () => {
  expect(alarmLabel(['pipeline', 'failureRate'])).toBe('failure rate');
  expect(alarmLabel(['pipeline', 'apiErrors'])).toBe('API errors');
  expect(alarmLabel(['database', 'cpu'])).toBe('CPU');
});

test('what loses, delays or refuses jobs until somebody acts wakes somebody, and nothing else', () => {
  expect(severityOf(['pipeline', 'noJobsFinished'])).toBe(AlarmSeverity.PAGE);
  expect(severityOf(['pipeline', 'firstDeadLettered'])).toBe(AlarmSeverity.TICKET);
  const severities = Object.values(ALARM_SEVERITIES).flatMap((names) => Object.values(names));
  const pages = runbookNames().filter((_, index) => severities[index] === AlarmSeverity.PAGE);
  expect(pages).toEqual([
    'pipeline-failure-rate', 'pipeline-dead-lettered', 'pipeline-no-jobs-finished', 'pipeline-api-error-rate', 'worker-dead-letters',
    'worker-oldest-message-age', 'function-errors', 'database-connections', 'database-free-storage', 'database-borrow-latency',
    'network-port-allocation', 'queue-oldest-message-age', 'queue-dead-letters', 'state-machine-failure-rate', 'api-error-rate',
  ]);
});

test('the list has every alarm of the constructs', () => {
  expect(Object.keys(ALARM_SEVERITIES.pipeline).sort()).toEqual(Object.keys(pipelineAlarmDefaults()).sort());
  expect(Object.keys(ALARM_SEVERITIES.function).sort()).toEqual(Object.keys(functionAlarmDefaults()).sort());
  expect(Object.keys(ALARM_SEVERITIES.network).sort()).toEqual(Object.keys(networkAlarmDefaults()).sort());
});

test('every page is written', () => {
  const pages = readdirSync(join(__dirname, '../../docs/runbooks'));
  expect(runbookNames().filter((name) => !pages.includes(`${name}.md`))).toEqual([]);
});
