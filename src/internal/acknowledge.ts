import { Validations, type Acknowledgment } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The frames of a stack trace where nobody asked Node.js for more. */
const USUAL_FRAMES = 10;

/**
 * Tells cdk-nag and the like why something is fine, without the stack trace that comes with each reason: it would lead to this library, and a
 * pipeline has so many reasons that their traces took longer than all of its checks. Whoever asks Node.js for longer traces gets these as well.
 */
export function acknowledge(construct: IConstruct, ...reasons: Acknowledgment[]): void {
  const frames = Error.stackTraceLimit;
  if (frames > USUAL_FRAMES) {
    Validations.of(construct).acknowledge(...reasons);
    return;
  }
  try {
    Reflect.set(Error, 'stackTraceLimit', 0); // it may be frozen
    Validations.of(construct).acknowledge(...reasons);
  } finally {
    Reflect.set(Error, 'stackTraceLimit', frames);
  }
}
