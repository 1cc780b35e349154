import { setTimeout as sleep } from 'node:timers/promises';
import { callThrough } from './traffic/call';
import { checkVersions } from './traffic/check-versions';
import { hook } from './traffic/hook';
import { reportTo } from './traffic/report';
import { text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import type { VersionCheck } from '../wire/deployment';
import { ENVIRONMENT } from '../wire/environment';

const checks = JSON.parse(text(process.env, ENVIRONMENT.versionChecks)) as readonly VersionCheck[];
const call = callThrough({ now: Date.now, sleep: async (ms) => sleep(ms) });

/** Called by CodeDeploy before a new version gets any traffic. */
export const handler = hook(
  async (_, until) => checkVersions(checks, call, until),
  { report: reportTo(), log: powertoolsLog(text(process.env, ENVIRONMENT.pipeline)), now: Date.now },
);
