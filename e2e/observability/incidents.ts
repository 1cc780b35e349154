import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from './alarm-watch';
import { OPERATIONS } from './names';
import type { System } from './system';
import { handlerProcesses, inject } from '../local-cloud/control';
import type { Notification } from '../local-cloud/on-call';
import { eventually } from '../support/use';

const LIMIT_SECONDS = 60;
const A_MOMENT_MS = 1_000;
/** One more than the alarm rings for. */
const EXECUTIONS = 4;
const { reservedConcurrency } = OPERATIONS;

/** What went wrong in a run, alarm by alarm: the id of each beside what made it ring. Nothing else made it ring. */
export const CAUSES: Readonly<Record<string, string>> = {
  JobsFailureRateAlarm: 'all of thirty jobs fail',
  JobsFirstDeadLetteredAlarm: 'their attempts are used up',
  JobsDeadLetteredAlarm: 'so are those of more than five',
  JobsWorkerAlarmsErrors: 'the processes of five workers are killed',
  JobsWorkerAlarmsDuration: 'a handler computes for ever, and is stopped at its timeout',
  JobsWorkerAlarmsThrottles: 'the worker is called more often at once than is reserved for it',
  JobsWorkerAlarmsReservedConcurrency: 'as often as is reserved',
  JobsApiErrorsAlarm: 'the queue takes no messages, so that the API answers with 5xx',
  JobsApiErrorRateAlarm: 'so for every caller',
  JobsSubmitConcurrencyAlarm: 'the queue answers late, and callers keep coming',
  JobsStatusConcurrencyAlarm: 'the table answers late, and callers keep asking',
  JobsDeadLettersLeftAlarm: 'the table fails when a dead letter comes, and goes on failing, so that the letter lies',
  JobsDeadLetterErrorsAlarm: 'a process is killed that works on it',
  JobsSweeperErrorsAlarm: 'the table fails when the sweeper looks for what is overdue',
  StepsExecutionEndErrorsAlarm: 'the table fails when executions end',
  LateBacklogAlarm: 'what jobs call is slow, and jobs keep coming',
  LateNoJobsFinishedAlarm: 'an operator pauses the pipeline while jobs wait',
  LateWorkerAlarmsOldestMessageAge: 'and leaves it paused',
  MailsAlarmsFirstDeadLetter: 'the function of the mails fails with each message',
  MailsAlarmsDeadLetters: 'with more than five',
  MailsAlarmsErrors: 'every time',
};

/** What somebody was told of the incident in which one cause had several alarms ring. */
export type Told = readonly Notification[];

/** Everything that goes wrong in a run, and its end: at the end every alarm is over. */
export async function incidents(system: System): Promise<Told> {
  const elsewhere = Promise.all([backlog(system).then(async () => unattended(system)), failingMails(system)]);
  elsewhere.catch(() => {}); // thrown where it is awaited
  await failingJobs(system);
  await workers(system);
  await frontDoor(system);
  const [told] = await elsewhere; // what is next is in the way of everything
  await table(system);
  await system.purge('MailsDeadLetters'); // somebody has looked at them
  await system.watch.until('OK', Object.keys(CAUSES), LIMIT_SECONDS);
  return told;
}

async function failingJobs({ client, watch }: System): Promise<void> {
  const batch = (plans: readonly string[]) => client.submitBatch(plans.map(plan => ({ payload: { plan } })));
  const { body: { jobs: [{ job_id: retried }] } } = await batch(['give-up', 'succeed', 'wait']);
  await Promise.all(Array.from({ length: 3 }, async () => batch(Array<string>(10).fill('throw'))));
  await watch.until('ALARM', ['JobsFailureRateAlarm', 'JobsFirstDeadLetteredAlarm', 'JobsDeadLetteredAlarm'], LIMIT_SECONDS);
  await client.retry(retried); // somebody thinks that there is some use
}

/** More jobs come than are done, until the alarm rings. */
async function backlog(system: System): Promise<void> {
  const provider = system.provider('late', 1_000);
  let rings = false;
  const ringing = system.watch.until('ALARM', ['LateBacklogAlarm'], LIMIT_SECONDS).finally(() => { rings = true; });
  while (!rings) {
    await system.submit('Late', ...Array(10).fill({ plan: 'call', provider }) as object[]);
    await sleep(100);
  }
  await ringing;
}

/** An operator pauses the pipeline, and forgets it. Both alarms of it wake somebody; what is told is told once. */
async function unattended(system: System): Promise<Told> {
  const alarms = ['LateNoJobsFinishedAlarm', 'LateWorkerAlarmsOldestMessageAge'];
  await system.operate('Late', 'pause');
  const provider = system.provider('late', 0);
  const [cancelled] = await system.submit('Late', ...Array(2).fill({ plan: 'call', provider }) as object[]);
  await system.operate('Late', 'cancel', cancelled);
  await system.watch.until('ALARM', alarms, LIMIT_SECONDS);
  await system.operate('Late', 'resume');
  await system.watch.until('OK', [...alarms, 'DashboardAlarmsLatePage'], LIMIT_SECONDS);
  await sleep(A_MOMENT_MS); // the message of its end is on the way
  return system.onCall.alarms.filter(({ alarm }) => idOf(alarm.AlarmName ?? '') === 'DashboardAlarmsLatePage');
}

async function failingMails(system: System): Promise<void> {
  for (let mail = 0; mail < 8; mail++) await system.send('MailsQueue', `mail ${mail}`);
  await system.watch.until('ALARM', ['MailsAlarmsErrors', 'MailsAlarmsFirstDeadLetter', 'MailsAlarmsDeadLetters'], LIMIT_SECONDS);
}

async function workers({ client, watch }: System): Promise<void> {
  // in one request: more at once than is reserved for the API would be refused
  await client.submitBatch(['hang', ...Array<string>(5).fill('kill')].map(plan => ({ payload: { plan } })));
  await watch.until('ALARM', ['JobsWorkerAlarmsErrors', 'JobsWorkerAlarmsDuration'], LIMIT_SECONDS);
}

async function frontDoor(system: System): Promise<void> {
  const { client, cloud, deployed, watch } = system;
  await system.call(deployed.deployment.output('JobsWorker'), 2 * reservedConcurrency);
  const callers = (ask: () => Promise<unknown>) => Promise.all(Array.from({ length: 2 * reservedConcurrency }, ask));
  await inject(cloud, [{ service: 'sqs', operations: ['SendMessage'], share: 1, error: 'InternalError', status: 500 }]);
  await callers(async () => client.submit({ plan: 'succeed' }));
  await inject(cloud, [{ service: 'sqs', operations: ['SendMessage'], share: 1, hang_seconds: 1 }]);
  await callers(async () => client.submit({ plan: 'succeed' }));
  await inject(cloud, [{ service: 'dynamodb', operations: ['GetItem'], share: 1, hang_seconds: 1 }]);
  await callers(async () => client.status('job_01HZZZZZZZZZZZZZZZZZZZZZZZ'));
  await inject(cloud, []);
  await watch.until('ALARM', [
    'JobsWorkerAlarmsThrottles', 'JobsWorkerAlarmsReservedConcurrency', 'JobsApiErrorsAlarm', 'JobsApiErrorRateAlarm', 'JobsSubmitConcurrencyAlarm',
    'JobsStatusConcurrencyAlarm',
  ], LIMIT_SECONDS);
}

async function table(system: System): Promise<void> {
  const provider = system.provider('steps', 3_000);
  await system.submit('Steps', ...Array(EXECUTIONS).fill({ plan: 'call', provider }) as object[]);
  await eventually(() => 'executions that run', LIMIT_SECONDS, async () => (await system.runningExecutions()) === EXECUTIONS || undefined);
  await inject(system.cloud, [{ service: 'dynamodb', share: 1, error: 'InternalServerError', status: 500 }]);
  await system.send('JobsDeadLetters', 'a letter that is no job');
  const deadLetter = await system.physicalId('AWS::Lambda::Function', 'JobsDeadLetter');
  await eventually(() => 'a process that works on the letter', LIMIT_SECONDS, async () => {
    const process_ = (await handlerProcesses(system.cloud)).find(({ function: name, busy }) => name === deadLetter && busy);
    return process_ && process.kill(process_.pid, 'SIGKILL');
  }, 20);
  await system.call(await system.physicalId('AWS::Lambda::Function', 'JobsSweeper'), 3);
  await system.watch.until('ALARM', [
    'JobsDeadLetterErrorsAlarm', 'JobsDeadLettersLeftAlarm', 'JobsSweeperErrorsAlarm', 'StepsExecutionEndErrorsAlarm',
  ], LIMIT_SECONDS);
  await inject(system.cloud, []);
}
