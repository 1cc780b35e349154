import { setTimeout as sleep } from 'node:timers/promises';
import { callThrough } from './traffic/call';
import { hook } from './traffic/hook';
import { reportTo } from './traffic/report';
import { runSmokeJob } from './traffic/smoke-job';
import { text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import type { SmokeJob } from '../wire/deployment';
import { ENVIRONMENT } from '../wire/environment';

const job = JSON.parse(text(process.env, ENVIRONMENT.smokeJob)) as SmokeJob;
const clock = { now: Date.now, sleep: async (ms: number) => sleep(ms) };
const parts = {
  ...clock,
  call: callThrough(clock),
  submit: text(process.env, ENVIRONMENT.submitFunction),
  status: text(process.env, ENVIRONMENT.statusFunction),
};

/** Called by CodeDeploy when a new version has all traffic. */
export const handler = hook(
  async ({ LifecycleEventHookExecutionId: id }, until, log) => runSmokeJob(job, id, until, { ...parts, log }),
  { report: reportTo(), log: powertoolsLog(text(process.env, ENVIRONMENT.pipeline)), now: Date.now },
);
