import type { Pool, PoolClient } from 'pg';
import { processBatch } from '../../../../src/runtime/node/batch';
import type { Job } from '../../../../src/runtime/node/types';
import { stampOf } from '../../../../src/runtime/protocol/record';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import { storeOn, type PostgresStore } from '../../../../src/runtime/store/postgres/postgres-store';
import { message, NOW } from '../../../support/job-fixtures';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';
import { jobRecord, lambdaContext, WorkerHarness } from '../../../support/worker-harness';

let server: PostgresServer;
let database: JobsDatabase;
let jobs: PostgresStore;
let own: Pool;
let harness: WorkerHarness;
let job_id: string;
let number = 0;

/** The lease of an attempt that was given a minute. */
const LEASE_OVER = 70_000;

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  await database.rows('CREATE TABLE invoices (job_id text NOT NULL, pages integer CHECK (pages > 0))');
  jobs = database.store();
  own = database.plainPool();
}, 60_000);

beforeEach(() => {
  harness = new WorkerHarness();
  job_id = `job_${String(++number).padStart(26, '0')}`;
});

afterAll(async () => {
  database?.close();
  await server?.stop();
});

type Work = (job: Job, client: PoolClient) => Promise<unknown>;

/** A delivery to a worker whose handler does this, with a client of its own. @returns whether the message was acknowledged */
async function delivered(work: Work, { receiveCount = 1, store = jobs.store }: { receiveCount?: number; store?: PostgresStore['store'] } = {}): Promise<boolean> {
  const handler = async (job: unknown) => {
    const client = await own.connect();
    try {
      return await work(job as Job, client);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      client.release(true);
    }
  };
  harness.parts = { ...harness.parts, handler, store };
  const { batchItemFailures } = await processBatch([jobRecord({ job_id }, { receiveCount })], lambdaContext(), harness.parts);
  return batchItemFailures.length === 0;
}

const again = { receiveCount: 2 };
const begin = async (client: PoolClient) => {
  await client.query('BEGIN');
  await client.query('INSERT INTO invoices VALUES ($1, 3)', [job_id]);
};

const commits: Work = async (job, client) => {
  await begin(client);
  await job.succeedWithin(client, { pages: 3 });
  await client.query('COMMIT');
};

const record = async (): Promise<JobRecord> => (await jobs.store.read(job_id))!;
const invoices = async () => (await database.rows('SELECT FROM invoices WHERE job_id = $1', [job_id])).length;

/** What an attempt that is still at work has, or one that waits for the next. */
const notEnded = { run: 1, status: 'queued' } as const;

test('rows and the end of the job are one commit, and the message is done with', async () => {
  expect(await delivered(commits)).toBe(true);
  expect(await record()).toMatchObject({ status: 'succeeded', result: '{"pages":3}', progress: 1, finished_at: NOW });
  expect(await invoices()).toBe(1);
  expect(harness.metrics.counted).toMatchObject({ JobsSucceeded: 1 });
  expect(harness.log.of('attempt ended')).toMatchObject({ outcome: 'succeeded' });
  expect(harness.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('what the handler returns counts for nothing then; a result need not be given', async () => {
  expect(await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin(client);
    await client.query('COMMIT');
    return { other: true };
  })).toBe(true);
  expect(await record()).toMatchObject({ status: 'succeeded' });
  expect(await record()).not.toHaveProperty('result');
});

test('nobody sees the end before the commit', async () => {
  await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    expect(await record()).toMatchObject({ status: 'processing' });
    await client.query('COMMIT');
    expect(await record()).toMatchObject({ status: 'succeeded' });
  });
});

test('a handler that throws before its commit is tried again, and nothing is left', async () => {
  expect(await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    throw new Error('no ink');
  })).toBe(false);
  expect(await record()).toMatchObject({ ...notEnded, error: { type: 'Error', message: 'no ink' } });
  expect(await record()).not.toHaveProperty('result');
  expect(await invoices()).toBe(0);
  expect(harness.metrics.counted).toMatchObject({ JobsRetried: 1 });
});

test('a handler that throws after its commit has succeeded, and the log says what it threw', async () => {
  expect(await delivered(async (job, client) => {
    await commits(job, client);
    throw new Error('no ink');
  })).toBe(true);
  expect(await record()).toMatchObject({ status: 'succeeded', attempt: 1 });
  expect(harness.metrics.counted).toMatchObject({ JobsSucceeded: 1 });
  expect(harness.log.of('the handler threw after the transaction in which its job succeeded')).toMatchObject({ error_message: 'no ink' });
});

test.each<[string, Work]>([
  ['it was rolled back', async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    await client.query('ROLLBACK');
  }],
  ['it was left open', async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
  }],
  ['a later statement had failed, so that COMMIT rolled back without an error', async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    await client.query('INSERT INTO invoices VALUES ($1, 0)', [job_id]).catch(() => {});
    await client.query('COMMIT');
  }],
  ['only a part of it was taken back', async (job, client) => {
    await begin(client);
    await client.query('SAVEPOINT before');
    await job.succeedWithin(client, 1);
    await client.query('ROLLBACK TO before');
    await client.query('DELETE FROM invoices WHERE job_id = $1', [job_id]);
    await client.query('COMMIT');
  }],
])('a handler that returns without a commit has failed: %s', async (_, work) => {
  expect(await delivered(work)).toBe(false);
  expect(await record()).toMatchObject({ ...notEnded, error: { type: 'TransactionNotCommitted' } });
  expect(await invoices()).toBe(0);
});

test('a client that does not know whether a transaction was begun asks its server', async () => {
  await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin({ query: async (text, values) => client.query(text, values) }, { pages: 3 });
    await client.query('COMMIT');
  });
  expect(await record()).toMatchObject({ status: 'succeeded' });
});

test('a transaction that was rolled back can be followed by one that is not', async () => {
  expect(await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    await client.query('ROLLBACK');
    await job.saveCheckpoint({ again: true });
    await commits(job, client);
  })).toBe(true);
  expect(await record()).toMatchObject({ status: 'succeeded', result: '{"pages":3}' });
  expect(await invoices()).toBe(1);
});

test('an attempt that was superseded ends nothing, and its transaction is rolled back', async () => {
  const seen: unknown[] = [];
  await delivered(async (job, client) => {
    await begin(client);
    const now = await record();
    await jobs.store.write({ do: 'update', job_id, expect: stampOf(now), set: { run: 2, lease_expires_at: NOW + 99_000 }, remove: [] }, NOW);
    await job.succeedWithin(client, 1).catch((error: Error) => {
      seen.push(error.name, job.signal.aborted);
      throw error;
    });
  });
  expect(seen).toEqual(['JobSuperseded', true]);
  expect(await record()).toMatchObject({ status: 'processing', run: 2 });
  expect(await invoices()).toBe(0);
});

test('success wins over a request to cancel', async () => {
  expect(await delivered(async (job, client) => {
    await begin(client);
    await jobs.store.write({ do: 'update', job_id, expect: stampOf(await record()), set: { cancel_requested: true }, remove: [] }, NOW);
    await job.succeedWithin(client, 1);
    await client.query('COMMIT');
  })).toBe(true);
  expect(await record()).toMatchObject({ status: 'succeeded', cancel_requested: true });
});

test('who comes when the lease is over waits for the transaction, and sees its end', async () => {
  let second: Promise<boolean> | undefined;
  const other = new WorkerHarness();
  expect(await delivered(async (job, client) => {
    await begin(client);
    await job.succeedWithin(client, 1);
    other.now = NOW + LEASE_OVER;
    other.parts = { ...other.parts, store: jobs.store };
    second = processBatch([jobRecord({ job_id }, again)], lambdaContext(), other.parts).then((answer) => answer.batchItemFailures.length === 0);
    const waiting = 'SELECT FROM pg_stat_activity WHERE wait_event_type = \'Lock\' AND query LIKE \'WITH written%\'';
    while ((await database.rows(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await client.query('COMMIT');
  })).toBe(true);
  expect(await second).toBe(true);
  expect(other.log.of('no attempt')).toMatchObject({ outcome: 'already_ended' });
  expect(await record()).toMatchObject({ status: 'succeeded', run: 1 });
});

test('progress that would be shown in between is left out: it would wait for the transaction', async () => {
  await delivered(async (job, client) => {
    await job.setProgress(0.1);
    await begin(client);
    await job.succeedWithin(client, 1);
    harness.now += 10_000;
    await job.setProgress(0.9);
    await client.query('COMMIT');
  });
  expect(await record()).toMatchObject({ status: 'succeeded', progress: 1 });
});

describe('refused, and nothing has ended', () => {
  const refusals: [string, Work, object][] = [
    ['a client without a transaction', async (job, client) => job.succeedWithin(client, 1), { type: 'NotInTransaction' }],
    ['a pool', async (job) => job.succeedWithin(own, 1), { type: 'NotInTransaction' }],
    ['a client that does not know, without a transaction', async (job, client) => job.succeedWithin({ query: async (text, values) => client.query(text, values) }, 1),
      { type: 'NotInTransaction' }],
    ['a transaction that has failed', async (job, client) => {
      await begin(client);
      await client.query('SELECT 1 / 0').catch(() => {});
      await job.succeedWithin(client, 1).catch((error: { code?: string }) => { throw Object.assign(new Error(), { name: `Code${error.code}` }); });
    }, { type: 'Code25P02' }],
    ['a result that is no JSON', async (job, client) => {
      await begin(client);
      await job.succeedWithin(client, 1n);
    }, { type: 'TypeError' }],
  ];

  test.each(refusals)('%s', async (_, work, error) => {
    expect(await delivered(work)).toBe(false);
    expect(await record()).toMatchObject({ ...notEnded, error });
    expect(await invoices()).toBe(0);
  });

  test('a client of another database', async () => {
    const elsewhere = await JobsDatabase.on(server);
    const client = await elsewhere.plainPool().connect();
    await client.query('BEGIN');
    await delivered(async (job) => job.succeedWithin(client, 1));
    client.release(true);
    elsewhere.close();
    expect(await record()).toMatchObject({ ...notEnded, error: { message: expect.stringContaining('a database in which the job has no record') as string } });
  });
});

describe('a process that dies', () => {
  /** The process is gone: what would be written at the end of its attempt is not. */
  class Gone extends Error {}
  const died = async (work: Work) => {
    let claimed = false;
    const { store } = jobs;
    const dying = Object.assign(Object.create(store) as typeof store, {
      write: async (...write: Parameters<typeof store.write>) => {
        if (claimed) throw new Gone('gone');
        claimed = true;
        return store.write(...write);
      },
    });
    harness.parts = { ...harness.parts };
    const context = lambdaContext(() => 60_000);
    const client = await own.connect();
    harness.parts = { ...harness.parts, store: dying, handler: async (job) => { await work(job as Job, client); throw new Gone('gone'); } };
    context.getRemainingTimeInMillis = () => (claimed ? 0 : 60_000); // so that nobody tries again to write the end
    await processBatch([jobRecord({ job_id })], context, harness.parts);
    client.release(true); // its connections are closed with it
  };

  test('after the commit has ended its job', async () => {
    await died(commits);
    expect(await record()).toMatchObject({ status: 'succeeded' });
    harness.now += LEASE_OVER;
    const handler = jest.fn();
    expect(await delivered(handler, again)).toBe(true);
    expect(handler).not.toHaveBeenCalled();
    expect(await invoices()).toBe(1);
  });

  test('before the commit has not, and the next attempt does it', async () => {
    await died(async (job, client) => {
      await begin(client);
      await job.succeedWithin(client, 1);
    });
    expect(await record()).toMatchObject({ status: 'processing', run: 1 });
    harness.now += LEASE_OVER;
    expect(await delivered(commits, again)).toBe(true);
    expect(await record()).toMatchObject({ status: 'succeeded', run: 2 });
    expect(await invoices()).toBe(1);
  });
});

describe('a server that crashes', () => {
  const crash = async () => server.crash();
  const points: [string, Work, object][] = [
    ['before the statement', async (job, client) => {
      await begin(client);
      await crash();
      await job.succeedWithin(client, 1);
    }, { status: 'queued' }],
    ['before the commit', async (job, client) => {
      await begin(client);
      await job.succeedWithin(client, 1);
      await crash();
      await client.query('COMMIT');
    }, { status: 'queued' }],
    ['after the commit', async (job, client) => {
      await commits(job, client);
      await crash();
    }, { status: 'succeeded', run: 1 }],
  ];

  test.each(points)('%s', async (_, work, first) => {
    await delivered(work);
    expect(await record()).toMatchObject(first);
    harness.now += LEASE_OVER;
    expect(await delivered(commits, again)).toBe(true);
    expect(await record()).toMatchObject({ status: 'succeeded' });
    expect(await invoices()).toBe(1);
  }, 30_000);
});

test('it is one statement, and the look afterwards is another', async () => {
  const pool = database.pool();
  const asked: string[] = [];
  const counting = storeOn({
    query: async (query: { text: string }) => {
      asked.push(query.text.slice(0, 12));
      return pool.query(query);
    },
  } as unknown as Pool, 'drawings', { connectMs: 9_000, answerMs: 9_000, repeatWithinMs: 0 });
  const sent: string[] = [];
  await delivered(async (job, client) => {
    await client.query('BEGIN');
    await job.succeedWithin({
      query: async (text, values) => {
        sent.push(text.slice(0, 12));
        return client.query(text, values);
      },
      getTransactionStatus: () => client.getTransactionStatus(),
    }, 1);
    await client.query('COMMIT');
  }, { store: counting.store });
  expect(sent).toEqual(['WITH written']);
  expect(asked).toEqual(['WITH written', 'WITH written']); // the claim, and the end that no longer holds
  expect(await record()).toMatchObject({ status: 'succeeded', payload: message().payload });
});
