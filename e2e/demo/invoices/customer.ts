import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { JobClient, type ApiResponse, type JobStatus, type ApiError } from '../../job-client/job-client';
import { apiKey } from '../../job-client/signers';
import type { LocalCloud } from '../../local-cloud/local-cloud';
import { INVOICES } from '../../support/synthesise';
import { sendFile } from '../caller';

const COMMAND_LINE = resolve(__dirname, '../../../assets/cli/cdk-jobworks.js');
const LIMIT_MS = 60_000;
const run = promisify(execFile);

/** What may be submitted in a minute, and in a batch. */
const PER_MINUTE = 60;
const BATCH = 10;
/** Of the minute that is left when it begins, so that all of it is in one. */
const ROOM_MS = 15_000;

type Answer = ApiResponse<JobStatus & ApiError>;

/** Somebody with a key, made as an operator makes one. */
export class Customer {
  static async of(cloud: LocalCloud, url: string, pipeline: string, name: string): Promise<Customer> {
    const { stdout } = await run(process.execPath, [COMMAND_LINE, 'keys', 'create', '--pipeline', pipeline, '--customer', name], {
      env: { PATH: process.env.PATH, ...cloud.env }, timeout: LIMIT_MS,
    });
    const key = stdout.trim();
    return new Customer(name, key, new JobClient({ url, signer: apiKey(key) }));
  }

  /** Jobs that were accepted when too many came. */
  public accepted = 0;

  private constructor(readonly name: string, readonly key: string, readonly client: JobClient) {}

  /** As many as there may be in a minute, ten at a time, and another. @returns the answer to that one */
  public async oneTooMany(): Promise<{ readonly answer: Answer; readonly note: string }> {
    const file = readFileSync(join(INVOICES.folder, 'samples/coffee.txt'), 'utf8');
    const { body: { upload_id } } = await sendFile(this.client, file);
    const left = 60_000 - Date.now() % 60_000;
    await sleep(left < ROOM_MS ? left + 100 : 0);
    for (let batch = 0; batch < PER_MINUTE / BATCH; batch++) {
      const { body } = await this.client.submitBatch(Array.from({ length: BATCH }, () => ({ payload: { upload_id } })));
      this.accepted += body.jobs.filter(({ job_id }) => job_id !== undefined).length;
    }
    const answer = await this.client.submit({ upload_id });
    return { answer, note: `the ${this.accepted + 1}st in a minute` };
  }
}
