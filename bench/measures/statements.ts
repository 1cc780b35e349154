import type { Pool } from 'pg';
import type { Measure } from './measure';
import type { Job } from '../../src/runtime/node/types';
import type { PostgresStore } from '../../src/runtime/store/postgres/postgres-store';
import { JobsDatabase } from '../../test/support/postgres/jobs-database';
import { PipelineAtPorts } from '../pipeline-at-ports';
import { withServer } from '../postgres';
import { counted, type Label, type Row } from '../row';
import { StatementCounter } from '../statement-counter';

/** Put, claim and finish. */
const OF_A_SUCCESS = 3;
/** Put and claim; the end, within the transaction; and the worker's report, which finds it. */
const WITHIN_A_TRANSACTION = 4;

/** What the handler sends by itself. */
const OWN = ['BEGIN', 'INSERT invoices', 'COMMIT'];

export const statements: Measure = {
  title: 'Statements for a job, with jobs in PostgreSQL',
  how: 'Counted by a PostgreSQL server itself (pg_stat_statements): whatever the functions of a pipeline send it, repetitions and questions of the pool too, over TLS as a '
    + 'function comes in. The functions are called in this process, with a queue in memory. Each statement is one way there and back; calls of the queue are those of the table above.',
  run: async ({ progress }) => withServer('statements', progress, async server => {
    const counter = await StatementCounter.on(server);
    const database = await JobsDatabase.on(server);
    try {
      await database.rows('CREATE TABLE invoices (job_id text NOT NULL)');
      const bench = new Statements(counter, database);
      await bench.warmUp();
      const rows: Row[] = [];
      for (const [label, steps] of bench.acts()) {
        progress.at(`statements: ${label.metric}`);
        rows.push(await bench.count(label, steps));
      }
      return rows;
    } finally {
      database.close();
    }
  }),
};

type Plan = 'succeed' | 'within' | 'checkpoint' | 'fail first' | 'fail always' | 'give up' | 'wait' | 'die first';
type ActLabel = Pick<Label, 'metric' | 'goal'>;
type Steps = Readonly<Record<string, () => Promise<unknown>>>;

class Statements {
  private readonly jobs: PostgresStore;
  private readonly own: Pool;
  private readonly pipeline: PipelineAtPorts;
  private last = '';

  constructor(private readonly counter: StatementCounter, private readonly database: JobsDatabase) {
    this.jobs = database.store('bench', database.pool({ maxConnections: 1 }));
    this.own = database.plainPool({ max: 1 });
    this.pipeline = new PipelineAtPorts(this.jobs, die => async job => this.handle(job as Job, die));
  }

  /** Connects, as a function does while it starts. */
  async warmUp(): Promise<void> {
    await this.jobs.warmUp();
    await this.own.query('SELECT');
  }

  /** What is done to jobs, in an order in which one thing leaves the job that the next needs. */
  acts(): [ActLabel, Steps][] {
    const { pipeline } = this;
    const job = (plan: Plan, deliveries?: number): Steps => ({
      submit: async () => { this.last = await pipeline.submit({ plan }); },
      worker: async () => pipeline.work(deliveries),
    });
    return [
      [{ metric: 'a job that succeeds', goal: OF_A_SUCCESS }, job('succeed')],
      [{ metric: 'a job that ends within its handler\'s transaction, beside the handler\'s own', goal: WITHIN_A_TRANSACTION }, job('within')],
      [{ metric: 'a job that saves one checkpoint' }, job('checkpoint')],
      [{ metric: 'ten jobs submitted at once, that succeed', goal: 10 * OF_A_SUCCESS }, {
        submit: async () => pipeline.submitBatch(Array(10).fill({ plan: 'succeed' })),
        worker: async () => pipeline.work(),
      }],
      [{ metric: 'a job that fails once and then succeeds' }, job('fail first')],
      [{ metric: 'a job whose first process dies' }, job('die first')],
      [{ metric: 'a job that fails in 3 of 3 attempts' }, job('fail always')],
      [{ metric: 'a job that fails for good at once' }, job('give up')],
      [{ metric: 'the retry of a failed job by its owner, which fails again' }, {
        change: async () => pipeline.retry(this.last),
        worker: async () => pipeline.work(),
      }],
      [{ metric: 'a job whose handler asks to wait' }, job('wait', 1)],
      [{ metric: 'the cancellation of a waiting job by its owner' }, { change: async () => pipeline.cancel(this.last) }],
      [{ metric: 'reading a status' }, { status: async () => pipeline.status(this.last) }],
      [{ metric: 'listing one\'s jobs' }, { status: async () => pipeline.list() }],
    ];
  }

  async count({ metric, goal }: ActLabel, steps: Steps): Promise<Row> {
    const notes: string[] = [];
    let sum = 0;
    for (const [name, step] of Object.entries(steps)) {
      await this.counter.forget();
      await step();
      const ours = [...await this.counter.counted(this.database.name)].filter(([statement]) => !OWN.includes(statement));
      sum += ours.reduce((total, [, count]) => total + count, 0);
      notes.push(`${name}: ${ours.map(([statement, count]) => count === 1 ? statement : `${statement} ×${count}`).join(', ')}`);
    }
    return counted({ metric: `statements of ${metric}`, unit: 'statements', goal, note: notes.join('; ') }, sum);
  }

  private async handle(job: Job, die: () => Promise<never>): Promise<unknown> {
    switch ((job.payload as { plan: Plan }).plan) {
      case 'succeed': return {};
      case 'checkpoint': await job.saveCheckpoint({ page: 1 }, { stage: 'read' }); return {};
      case 'fail first': if (job.attempt === 1) throw new Error('as planned'); return {};
      case 'fail always': throw new Error('as planned');
      case 'give up': throw job.failed('as planned');
      case 'wait': throw job.retryLater(600);
      case 'die first': return job.attempt === 1 ? die() : {};
      case 'within': return this.endWithin(job);
    }
  }

  private async endWithin(job: Job): Promise<void> {
    const client = await this.own.connect();
    try {
      await client.query('BEGIN');
      await client.query('INSERT INTO invoices VALUES ($1)', [job.id]);
      await job.succeedWithin(client, { pages: 3 });
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }
}
