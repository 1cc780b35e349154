import type { JobRecord } from '../../protocol/record';
import { ownerPrefix } from '../../store/files/keys';
import { referredKey } from '../../store/files/stored-text';

/** Makes the address at which an object may be fetched by whoever has it. */
export type SignObject = (key: string) => Promise<string>;

/** A result of which no address may be made, or cannot. */
export class ResultUnreachable extends Error {
  readonly name = 'ResultUnreachable';
}

/**
 * Where a result is that does not stand in the record, undefined where it does. The key was made by the server; should a record be forged
 * all the same, it opens no other owner's files.
 * @param files prefix of the pipeline's files
 * @param sign undefined without a bucket
 */
export async function resultUrl({ result, owner }: JobRecord, files: string, sign: SignObject | undefined): Promise<string | undefined> {
  const key = result === undefined ? undefined : referredKey(result);
  if (key === undefined) {
    return undefined;
  }
  // a part of dots would be taken out of the address on its way, and what is left is another key
  if (!key.startsWith(ownerPrefix(files, owner)) || key.split('/').some((part) => part === '..' || part === '.')) {
    throw new ResultUnreachable('the result is said to be where its owner has no files');
  }
  if (!sign) {
    throw new ResultUnreachable('the result is in a bucket, and the pipeline has none: it was taken away, or another version wrote the record');
  }
  return sign(key);
}

/** The signer is loaded with the first address that is asked for; what could not be loaded is tried again. */
export function lazySigner(load: () => Promise<SignObject>): SignObject {
  let loaded: Promise<SignObject> | undefined;
  return async (key) => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return (await loaded)(key);
  };
}
