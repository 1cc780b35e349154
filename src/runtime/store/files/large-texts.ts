import type { JobFiles } from './job-files';
import { isLong, STORED_TEXT_LIMIT_BYTES } from './limits';
import { referenceTo, referredKey } from './stored-text';

/** A record refers to a file that is not its owner's: it was forged, or written by another version. */
export class NotTheOwnersFile extends Error {
  readonly name = 'NotTheOwnersFile';

  constructor() {
    super('the record refers to a file that is not under the prefix of its owner');
  }
}

/**
 * Stores a checkpoint or a result where it is too long for the record.
 * @param key where it then goes; it must tell the text apart from every other of the job, as a checkpoint may be read while the next is stored
 * @returns what stands in the record
 * @throws TextTooLong
 */
export async function storeText(what: 'checkpoint' | 'result', text: string, key: string, files: JobFiles | undefined): Promise<string> {
  if (!isLong(what, text, files !== undefined, STORED_TEXT_LIMIT_BYTES) || !files) {
    return text;
  }
  await files.put(key, text);
  return referenceTo(key);
}

/**
 * The JSON of what stands in a record.
 * @param prefix of the record's owner; see `ownerPrefix`
 * @param mostBytes what is longer is not read from its file
 * @throws FileTooLong, NotTheOwnersFile
 */
export async function resolveText(inRecord: string, prefix: string, files: JobFiles | undefined, mostBytes?: number): Promise<string> {
  const key = referredKey(inRecord);
  if (key === undefined) {
    return inRecord;
  }
  // a part of dots may be taken out of the address on its way, and what is left is another key
  if (!key.startsWith(prefix) || key.split('/').some((part) => part === '..' || part === '.')) {
    throw new NotTheOwnersFile();
  }
  if (!files) {
    throw new Error('the record refers to a file, and the pipeline has no bucket: it was taken away, or another version wrote the record');
  }
  return files.get(key, mostBytes);
}
