import { INLINE_LIMIT_BYTES } from '../protocol/payload';
import { STORED_TEXT_LIMIT_BYTES } from '../store/files/limits';

/** How long a text may be, and what is to be done about one that is longer. */
export interface TextLimit {
  readonly bytes: number;
  readonly fix: string;
}

/** Of a checkpoint or a result. */
export function jsonLimit(hasBucket: boolean): TextLimit {
  return hasBucket
    ? { bytes: STORED_TEXT_LIMIT_BYTES, fix: 'store it in S3 yourself, and keep its key here' }
    : { bytes: INLINE_LIMIT_BYTES, fix: 'give the pipeline a bucket (its prop bucket), or store it elsewhere and keep its key here' };
}

/**
 * A value as the JSON text that is kept.
 * @param what as the message names it, such as "the result"
 * @throws TypeError if it has no JSON, RangeError if it is too large
 */
export function jsonText(what: string, value: unknown, limit: TextLimit = jsonLimit(false)): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${what} is not JSON: ${(error as Error).message}`);
  }
  if (text === undefined) {
    throw new TypeError(`${what} is not JSON: it is ${value === undefined ? 'undefined' : `a ${typeof value}`}`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > limit.bytes) {
    throw new RangeError(`${what} is ${bytes} bytes of JSON, and a job keeps up to ${limit.bytes}: ${limit.fix}`);
  }
  return text;
}

const LONGEST_NAME = 128;
const LONGEST_NOTE = 256;

/** @throws RangeError if a stage cannot be called so */
export function checkStage(name: unknown): void {
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) {
    throw new RangeError(`the stage has a name of 1 to ${LONGEST_NAME} characters, not ${typeof name === 'string' ? `"${name}"` : String(name)}`);
  }
}

const MOST_STAGES = 100;

/**
 * The record carries the names of all stages, and each of its writes is billed by its size.
 * @throws RangeError if the stage is one too many
 */
export function checkStageCount(name: string, completed: ReadonlySet<string>): void {
  if (!completed.has(name) && completed.size >= MOST_STAGES) {
    throw new RangeError(`"${name}" would be stage ${completed.size + 1} of the job, and the record keeps ${MOST_STAGES}: `
      + 'a stage is a step of the work, such as "read"; what there are many of (pages, rows) is shown by setProgress, and gone on from by saveCheckpoint');
  }
}

/** Progress as it is recorded: a long note is cut. */
export interface Progress {
  readonly fraction: number;
  readonly note?: string;
}

/** @throws RangeError if it is not from 0 to 1, TypeError if the note is no text */
export function checkedProgress(fraction: unknown, note: unknown): Progress {
  if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`progress is a number from 0 to 1, not ${String(fraction)}`);
  }
  if (note !== undefined && typeof note !== 'string') {
    throw new TypeError('the note of a progress is a text');
  }
  return { fraction, ...(note !== undefined && { note: note.slice(0, LONGEST_NOTE) }) };
}
