import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** How long the files of a bucket are kept, in days. */
interface Lifetime {
  /** What somebody has said, and so holds. */
  readonly given?: number;
  /** What holds otherwise: it grows with what is needed. */
  days: number;
}

/** Of which bucket all files expire together. Kept beside the tree: a bucket that is garbage takes its entry with it. */
const lifetimes = new WeakMap<IBucket, Lifetime>();

/** Begins to count the days of a bucket whose files all expire. */
export function startLifetime(bucket: IBucket, given: number | undefined, otherwise: number): void {
  lifetimes.set(bucket, { given, days: given ?? otherwise });
}

/** The days that somebody has said; nothing where nobody has, or files do not expire together. */
export function givenLifetime(bucket: IBucket | undefined): number | undefined {
  return bucket && lifetimes.get(bucket)?.given;
}

/**
 * Has files kept for as long as somebody needs them. Of two rules S3 follows the one by which an object expires first, so that a longer one for some
 * of the files does not help.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */
export function keepFor(bucket: IBucket, days: number): void {
  const lifetime = lifetimes.get(bucket);
  if (lifetime) {
    lifetime.days = lifetime.given ?? Math.max(lifetime.days, days);
  }
}

/** How many days it has come to. */
export function lifetimeOf(bucket: IBucket): number {
  return lifetimes.get(bucket)!.days;
}
