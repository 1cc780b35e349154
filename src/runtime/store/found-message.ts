import { ownerPrefix } from './files/keys';
import { referredKey } from './files/stored-text';
import { rejectedMessage } from './job-messages';
import { JobMessage, parseMessage } from '../protocol/message';
import { RECORD_VERSION } from '../protocol/record';

/** What was found on a queue. */
export type Found =
  | { readonly kind: 'job'; readonly message: JobMessage }
  /** What is no job becomes a failed record of the system's, so that somebody can look at it. */
  | { readonly kind: 'no_job'; readonly message: JobMessage; readonly reason: string }
  /** Of a version that we do not know: it is left for those who do, which are on their way while a deployment goes on. */
  | { readonly kind: 'newer'; readonly version: number };

/** As much of a message as it takes, on either queue. */
export interface Arrived {
  readonly messageId: string;
  readonly body: string;
}

/**
 * Reads what was found on the queue of this pipeline, or on that of its dead letters.
 *
 * @param files prefix of the pipeline's files
 */
export function readFound({ messageId, body }: Arrived, files: string, now: number): Found {
  const message = parseMessage(body);
  const version = 'invalid' in message ? versionOf(body) : message.version;
  if (version > RECORD_VERSION) {
    return { kind: 'newer', version };
  }
  const reason = 'invalid' in message ? message.invalid : wrongPayload(message, files);
  return reason === undefined
    ? { kind: 'job', message: message as JobMessage }
    : { kind: 'no_job', message: rejectedMessage(messageId, body, now), reason };
}

/** Of what looks like no message: a newer one may have other fields. 0 where there is no version. */
function versionOf(body: string): number {
  const found = parse(body) as { readonly version?: unknown } | null | undefined;
  return Number.isSafeInteger(found?.version) ? found!.version as number : 0;
}

/** A payload is JSON, or in a file of its owner's: a message that refers to another's is forged. */
function wrongPayload({ payload, owner }: JobMessage, files: string): string | undefined {
  const key = referredKey(payload);
  if (key === undefined) {
    return parse(payload) === undefined ? 'the payload is not JSON' : undefined;
  }
  return key.startsWith(ownerPrefix(files, owner)) ? undefined : 'the payload refers to a file that is not its owner\'s';
}

/** JSON has no undefined. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
