import { INLINE_LIMIT_BYTES } from '../../protocol/payload';

/*
 * How long the texts of a job may be where there is a bucket; without one each has `INLINE_LIMIT_BYTES`.
 */

/**
 * A payload comes in one request, of which a function takes 6 MB. The gateway hands it over as a text inside JSON, where each quote
 * and each backslash takes two bytes: 4 MiB of usual JSON fit, with the headers.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution
 */
export const PAYLOAD_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * A checkpoint or a result is held three times while it is stored (the value, its text, the text's bytes), and a function of 512 MB
 * must survive that. It is put in one call, of which S3 would take 5 GB. What is larger is a file of the handler's own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const STORED_TEXT_LIMIT_BYTES = 64 * 1024 * 1024;

/** A text of a job is longer than it may be. */
export class TextTooLong extends Error {
  readonly name = 'TextTooLong';

  constructor(what: string, readonly size: number, readonly limit: number, withBucket: number) {
    super(`a ${what} has at most ${limit} bytes, not ${size}${limit < withBucket ? `: a pipeline that is given a bucket takes up to ${withBucket}` : ''}`);
  }
}

/**
 * @param what of the job, as it is called in the error
 * @param withBucket the limit where there is a bucket
 * @throws TextTooLong
 * @returns whether it is too long for the record, and belongs into the bucket
 */
export function isLong(what: string, text: string, hasBucket: boolean, withBucket: number): boolean {
  const size = Buffer.byteLength(text);
  const limit = hasBucket ? withBucket : INLINE_LIMIT_BYTES;
  if (size > limit) {
    throw new TextTooLong(what, size, limit, withBucket);
  }
  return size > INLINE_LIMIT_BYTES;
}
