import { randomBytes } from 'node:crypto';
import { toRecord } from './columns';
import type { Database } from './database';
import type { Ask } from './statement';
import { NEEDS_TRANSACTION, readStatement, writeStatement } from './statements';
import type { WriteStep } from '../../protocol/decision';
import type { JobRecord } from '../../protocol/record';
import { holds } from '../../protocol/write';
import type { JobStore, TransactionalStore, WriteResult } from '../job-store';
import type { TransactionClient } from '../transaction-client';

/** Records in the table `jobworks.jobs`, their results beside them. */
export class PostgresJobStore implements JobStore, TransactionalStore {
  constructor(private readonly database: Pick<Database, 'ask'>, private readonly pipeline: string) {}

  async read(job_id: string): Promise<JobRecord | undefined> {
    const [row] = await this.database.ask(readStatement(this.pipeline, job_id));
    return toRecord(row);
  }

  async write(step: WriteStep, now: number): Promise<WriteResult> {
    return this.writeBy(this.database.ask, step, now);
  }

  async writeWithin(client: TransactionClient, step: WriteStep, now: number): Promise<WriteResult> {
    const ask: Ask = async ({ text, values }) => (await client.query(text, [...values])).rows as Record<string, unknown>[];
    await refuseOutsideTransaction(client);
    return this.writeBy(ask, step, now);
  }

  /**
   * When an answer is lost, the write is made again, and then its condition fails on what it has written itself. So each write leaves an id of
   * its own in the row, and the answer tells whose the row is. What the record looks like would not do: two workers with the same message can
   * write the same one within a millisecond.
   */
  private async writeBy(ask: Ask, step: WriteStep, now: number): Promise<WriteResult> {
    const write_id = randomBytes(12).toString('base64url');
    const [answer] = await ask(writeStatement(this.pipeline, step, write_id, now));
    if (answer.held === true || answer.write_id === write_id) {
      return { held: true };
    }
    const stored = toRecord(answer);
    if (!holds(step, stored, now)) {
      return { held: false, stored };
    }
    // It holds on what was there when the statement began, so another write was under way that is not in its answer yet.
    const [later] = await ask(readStatement(this.pipeline, step.do === 'create' ? step.record.job_id : step.job_id));
    return later.write_id === write_id ? { held: true } : { held: false, stored: toRecord(later) };
  }
}

/** Outside a transaction the job would have ended whatever becomes of what belongs to it. */
export class NotInTransaction extends Error {
  readonly name = 'NotInTransaction';

  constructor() {
    super('no transaction was begun on this client: take one with pool.connect(), send BEGIN, and send COMMIT after what belongs together');
  }
}

const NO_ACTIVE_TRANSACTION = '25P01';

/** A client of `pg` mostly knows; otherwise, as when its BEGIN is still on the way, the server is asked. */
async function refuseOutsideTransaction(client: TransactionClient): Promise<void> {
  const known = client.getTransactionStatus?.();
  if (known === 'T' || known === 'E') {
    return;
  }
  try {
    await client.query(NEEDS_TRANSACTION, []);
  } catch (error) {
    throw (error as { code?: unknown }).code === NO_ACTIVE_TRANSACTION ? new NotInTransaction() : error;
  }
}
