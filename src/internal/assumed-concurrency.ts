import type { IFunction } from 'aws-cdk-lib/aws-lambda';

const assumed = new WeakMap<IFunction, string>();

/**
 * Notes that nobody has said how many processes of a function run at once, so that an error which counts them can say so.
 *
 * @param prop what says it
 */
export function assumeConcurrency(fn: IFunction, prop: string): void {
  assumed.set(fn, prop);
}

/** The prop that would say how many there are; nothing where somebody has. */
export function assumedConcurrency(fn: IFunction): string | undefined {
  return assumed.get(fn);
}
