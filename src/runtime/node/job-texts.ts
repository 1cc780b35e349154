import { createHash } from 'node:crypto';
import { jsonLimit } from './checks';
import { JobFailed, RetryLater } from './errors';
import { checkUploadId, noBucket, uploadNotFound } from './uploads';
import type { JobRecord } from '../protocol/record';
import type { JobFiles } from '../store/files/job-files';
import { jobKey, ownerPrefix, uploadKey } from '../store/files/keys';
import { NotTheOwnersFile, resolveText, storeText } from '../store/files/large-texts';

/** Files of an attempt: its long texts, and what its job's owner has uploaded. */
export interface AttemptFiles extends JobFiles {
  readonly bucket: string;

  /** @throws as `get` does */
  getBytes(key: string): Promise<Buffer>;
}

/** What the handler is given. */
export interface GivenTexts {
  readonly payload: unknown;
  readonly checkpoint: unknown;
}

const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 900;

/** S3 says the first of an object; the second is what its answers without a body come to. */
const GONE = ['NoSuchKey', 'NotFound'];

/**
 * What belongs to a job and may be too long for its record. An object is named by the attempt that writes it and never written again, so that
 * what a record refers to is what was written with it, whatever a superseded attempt does.
 */
export class JobTexts {
  private saved = 0;
  private checkpoint?: { readonly hash: string; readonly inRecord: string };

  /**
   * @param record as claimed by this attempt
   * @param prefix of the pipeline's files
   */
  constructor(private readonly record: JobRecord, private readonly prefix: string, private readonly files: AttemptFiles | undefined) {}

  /** How long a text may be. */
  get limit() {
    return jsonLimit(this.files !== undefined);
  }

  /** @throws JobFailed where a text is gone or another's; RetryLater where nobody can tell now, so that no attempt is charged for it */
  async read(): Promise<GivenTexts> {
    const { payload, checkpoint } = this.record;
    const [given, goneOnFrom] = await Promise.all([
      this.resolved('payload', payload),
      checkpoint === undefined ? undefined : this.resolved('checkpoint', checkpoint),
    ]);
    if (checkpoint !== undefined && goneOnFrom !== undefined && goneOnFrom !== checkpoint) {
      this.checkpoint = { hash: hashOf(goneOnFrom), inRecord: checkpoint };
    }
    return { payload: JSON.parse(given), checkpoint: goneOnFrom === undefined ? undefined : JSON.parse(goneOnFrom) as unknown };
  }

  /** What the record keeps of a checkpoint. The same text as before is the same reference: it has not moved, and the attempt is charged. */
  async storeCheckpoint(text: string): Promise<string> {
    const hash = hashOf(text);
    if (this.checkpoint?.hash !== hash) {
      const name = `checkpoint-${this.record.generation}-${this.record.run}-${++this.saved}`;
      this.checkpoint = { hash, inRecord: await this.store('checkpoint', text, name) };
    }
    return this.checkpoint.inRecord;
  }

  /** What the record keeps of the result. */
  async storeResult(text: string): Promise<string> {
    return this.store('result', text, `result-${this.record.generation}-${this.record.run}`);
  }

  /** To be thrown where files are out of order: longer each time, as attempts go by that are not charged. */
  postponed(message: string): RetryLater {
    const { run, attempt } = this.record;
    return new RetryLater(Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.max(0, run - attempt)), message);
  }

  uploadLocation(upload_id: string): { readonly bucket: string; readonly key: string } {
    const { bucket } = this.filesFor('an upload');
    return { bucket, key: uploadKey(this.prefix, this.record.owner, checkUploadId(upload_id)) };
  }

  async readUpload(upload_id: string): Promise<Buffer> {
    const { key } = this.uploadLocation(upload_id);
    try {
      return await this.filesFor('an upload').getBytes(key);
    } catch (error) {
      throw isGone(error) ? uploadNotFound(upload_id) : error;
    }
  }

  private filesFor(what: string): AttemptFiles {
    if (!this.files) {
      throw noBucket(what);
    }
    return this.files;
  }

  private async store(what: 'checkpoint' | 'result', text: string, name: string): Promise<string> {
    return storeText(what, text, jobKey(this.prefix, this.record.owner, this.record.job_id, name), this.files);
  }

  private async resolved(what: 'payload' | 'checkpoint', inRecord: string): Promise<string> {
    try {
      return await resolveText(inRecord, ownerPrefix(this.prefix, this.record.owner), this.files);
    } catch (error) {
      if (error instanceof NotTheOwnersFile) {
        throw new JobFailed(error.message, error.name);
      }
      if (isGone(error)) {
        throw new JobFailed(`the ${what} is no longer in the bucket: files must be kept for as long as jobs are`, what === 'payload' ? 'PayloadGone' : 'CheckpointGone');
      }
      throw this.postponed(`the ${what} could not be read: ${(error as Error).message}`);
    }
  }
}

function isGone(error: unknown): boolean {
  return GONE.includes((error as Error | undefined)?.name ?? '');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
