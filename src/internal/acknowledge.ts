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
    reasons.forEach((reason) => give(construct, reason));
    return;
  }
  try {
    Reflect.set(Error, 'stackTraceLimit', 0); // it may be frozen
    reasons.forEach((reason) => give(construct, reason));
  } finally {
    Reflect.set(Error, 'stackTraceLimit', frames);
  }
}

/**
 * Findings that are about an ARN have it in their ids, and `::` with it, which earlier releases of aws-cdk-lib 2 refuse. There the reason is put
 * where cdk-nag looks for it.
 *
 * @see https://github.com/aws/aws-cdk/pull/38787
 */
function give(construct: IConstruct, reason: Acknowledgment): void {
  try {
    Validations.of(construct).acknowledge(reason);
  } catch (error) {
    if (reason.id.split('::').length <= 2) throw error;
    construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [reason.id]: reason.reason });
  }
}
