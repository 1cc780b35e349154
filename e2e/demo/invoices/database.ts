import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCloud } from '../../local-cloud/local-cloud';
import { rowsOf } from '../rows';
import type { Style } from '../style';
import { table } from '../table';

/** Jobs that nobody watches are over long before. */
const LIMIT_MS = 45_000;
const PAUSE_MS = 500;

const JOBS = `
  SELECT j.status, r.extracted_data ->> 'number' AS number, r.extracted_data ->> 'vendor' AS vendor, r.extracted_data ->> 'total' AS total,
    r.confidence_score::text, r.tokens_used::text, j.error_message, right(j.pdf_url, 12) AS file
  FROM jobs j JOIN api_keys k ON k.id = j.api_key_id LEFT JOIN job_results r ON r.job_id = j.id
  WHERE k.name = $1 ORDER BY j.created_at, j.id`;

const OTHERS = `
  SELECT k.name, j.status, count(*)::text AS jobs, count(r.id)::text AS results
  FROM jobs j JOIN api_keys k ON k.id = j.api_key_id LEFT JOIN job_results r ON r.job_id = j.id
  WHERE k.name <> $1 GROUP BY k.name, j.status ORDER BY 1, 2`;

/** Results that are missing, and those that should not be there. */
const WRONG = `
  SELECT j.id, j.status FROM jobs j LEFT JOIN job_results r ON r.job_id = j.id WHERE (j.status = 'succeeded') <> (r.id IS NOT NULL)`;

/** The rows of the example, as somebody sees them who may look into its database. */
export class InvoiceDatabase {
  constructor(private readonly cloud: LocalCloud) {}

  public async runsOf(jobId: string): Promise<number> {
    const [row] = await this.rows('SELECT run::text FROM jobworks.jobs WHERE job_id = $1', jobId);
    return Number(row?.run ?? 0);
  }

  /** @param customer whose jobs are shown one by one */
  public async epilogue(customer: string, style: Style, width?: number): Promise<{ readonly text: string; readonly problems: readonly string[] }> {
    await this.allOver();
    const [jobs, others, wrong] = await Promise.all([this.rows(JOBS, customer), this.rows(OTHERS, customer), this.rows(WRONG)]);
    const columns = ['file', 'status', 'number', 'total', 'confidence_score', 'tokens_used', 'vendor'];
    const { mostClients, mostServerConnections } = this.cloud.databases.counts();
    return {
      text: [
        style.bold(`Rows of ${customer}: jobs, with job_results`),
        table([...columns.slice(0, -1).map((name) => name.replace(/_(score|used)$/, '')), 'vendor or error'],
          jobs.map((row) => [...columns.slice(0, -1).map((name) => row[name] ?? ''), row.vendor ?? row.error_message ?? '']), style, width),
        '',
        ...others.map(({ name, status, jobs: number, results }) => `and of ${name}: ${number} ${status}, with ${results} results`),
        `the proxy had up to ${mostClients} connections of functions, which shared ${mostServerConnections} to the server`,
      ].join('\n'),
      problems: wrong.map(({ id, status }) => `${id} has ${status}, and ${status === 'succeeded' ? 'no row' : 'a row'} in job_results`),
    };
  }

  private async allOver(): Promise<void> {
    const deadline = Date.now() + LIMIT_MS;
    while ((await this.rows('SELECT id FROM jobs WHERE status IN (\'queued\', \'processing\') LIMIT 1')).length > 0 && Date.now() < deadline) {
      await sleep(PAUSE_MS);
    }
  }

  private async rows(text: string, ...values: string[]) {
    return rowsOf(this.cloud, text, ...values);
  }
}
