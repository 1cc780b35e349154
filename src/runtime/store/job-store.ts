import type { TransactionClient } from './transaction-client';
import type { WriteStep } from '../protocol/decision';
import type { JobRecord } from '../protocol/record';

/** What became of a conditional write. When its condition did not hold, the store answers with the record as it is. */
export type WriteResult = { readonly held: true } | { readonly held: false; readonly stored: JobRecord | undefined };

/**
 * Where the records live. An adapter executes decisions, it takes none: its conditions are those of `holds`
 * in the protocol, and `test/support/store-contract.ts` holds every adapter to them, on a real server.
 * Throttling and transport errors are thrown as they come.
 */
export interface JobStore extends Partial<TransactionalStore> {
  /** The record as of now, never an older one. It may be past its `expires_at`: the protocol judges that. */
  read(job_id: string): Promise<JobRecord | undefined>;

  /**
   * One transition: one conditional write. An adapter whose client repeats a call by itself knows its own write again:
   * it holds then, too.
   * @param now epoch milliseconds, the same the step was decided at
   */
  write(step: WriteStep, now: number): Promise<WriteResult>;
}

/** A store in a database that its users may have rows in as well. */
export interface TransactionalStore {
  /**
   * A transition as a part of the transaction that was begun on this client: what it answers is so when that is committed, and never was when
   * it is rolled back. Until then others who would write the record wait.
   * @throws NotInTransaction; what the client throws
   */
  writeWithin(client: TransactionClient, step: WriteStep, now: number): Promise<WriteResult>;
}
