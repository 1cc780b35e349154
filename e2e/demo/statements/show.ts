import { setTimeout as sleep } from 'node:timers/promises';
import { scenario } from './scenario';
import type { LocalCloud } from '../../local-cloud/local-cloud';
import { FULL_SYSTEM } from '../../support/synthesise';
import { curl, operating } from '../invitation';
import { Customer } from '../invoices/customer';
import { rowsOf } from '../rows';
import type { Show } from '../show';
import type { Style } from '../style';
import { table } from '../table';

const PIPELINE = 'statements-dev';

/** A customer is told a second after the commit, and half a minute later where the first try came too early. */
const LIMIT_MS = 45_000;
const PAUSE_MS = 250;

const STATEMENTS = `
  SELECT s.account, to_char(s.month, 'YYYY-MM') AS month, s.payments::text, to_char(s.cents / 100.0, 'FM999990.00') AS sum, n.told_at::time(0)::text AS told,
    (SELECT coalesce(sum(p.cents), 0) = s.cents AND count(p.id) = s.payments FROM payments p WHERE p.job_id = s.job_id)::text AS adds_up
  FROM statements s LEFT JOIN notifications n USING (job_id) ORDER BY 1, 2`;

/** Jobs that succeeded without a statement, and statements whose job did not succeed. */
const WRONG = `
  SELECT coalesce(j.job_id, s.job_id) AS job_id, coalesce(j.status, 'no job') AS status FROM jobworks.jobs j FULL JOIN statements s USING (job_id)
  WHERE (coalesce(j.status, '') = 'succeeded') <> (s.job_id IS NOT NULL)`;

interface Statement { readonly account: string; readonly month: string; readonly cents: number }

/** Statements of accounts, of which customers are told. */
export const STATEMENT_SHOW: Show = {
  example: FULL_SYSTEM,
  measures: { pipeline: PIPELINE, stages: [], mustRing: [] },

  summary(result) {
    const { account, month, cents } = result as Statement;
    return `${account}, ${month}: ${(cents / 100).toFixed(2)}`;
  },

  async open(deployed) {
    const { cloud } = deployed;
    const url = deployed.apiUrl();
    const { key, client } = await Customer.of(cloud, url, PIPELINE, 'acme');
    return {
      url,
      key,
      client,
      acts: scenario(),
      runsOf: async (jobId) => Number((await rowsOf(cloud, 'SELECT run::text FROM jobworks.jobs WHERE job_id = $1', jobId))[0]?.run ?? 0),
      epilogue: async (style, width) => epilogue(cloud, style, width),
      commands: (_, jobId) => [
        ['submit payments', curl(url, key, FULL_SYSTEM.submitPath, `'${JSON.stringify(scenario()[0].payload)}'`)],
        ['read the status of a job, here of the first', curl(url, key, FULL_SYSTEM.statusPath.replace('{job_id}', jobId))],
        ['refused: no account', curl(url, key, FULL_SYSTEM.submitPath, "'{}'")],
        ['what an operator sees: jobs that failed', operating(cloud, `jobs list --pipeline ${PIPELINE} --failed-since 1h`)],
      ],
    };
  },
};

/** The rows there are when everybody has been told. */
async function epilogue(cloud: LocalCloud, style: Style, width?: number): Promise<{ readonly text: string; readonly problems: readonly string[] }> {
  const statements = await allTold(cloud);
  const columns = ['account', 'month', 'payments', 'sum', 'told'];
  const wrong = await rowsOf(cloud, WRONG);
  return {
    text: [
      style.bold('Statements, and when their customers were told'),
      table(columns, statements.map((row) => columns.map((name) => row[name] ?? '')), style, width),
    ].join('\n'),
    problems: [
      ...statements.filter(({ told }) => told === null).map(({ account, month }) => `nobody told ${account} of ${month}`),
      ...statements.filter(({ adds_up }) => adds_up !== 'true').map(({ account, month }) => `the payments of ${account} in ${month} do not add up`),
      ...wrong.map(({ job_id, status }) => `${job_id} has ${status}, and ${status === 'succeeded' ? 'no' : 'a'} statement`),
    ],
  };
}

async function allTold(cloud: LocalCloud): ReturnType<typeof rowsOf> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const rows = await rowsOf(cloud, STATEMENTS);
    if (rows.every(({ told }) => told !== null) || Date.now() > deadline) return rows;
    await sleep(PAUSE_MS);
  }
}
