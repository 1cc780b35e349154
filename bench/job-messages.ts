import type { JobMessage } from '../src/runtime/protocol/message';
import { payloadHash } from '../src/runtime/protocol/payload';
import { newMessage } from '../src/runtime/store/job-messages';

/** The message of a job such as there are many. */
export function jobMessage(): JobMessage {
  const payload = { text: 'x'.repeat(200) };
  return newMessage(
    { owner: 'internal', payload: JSON.stringify(payload), payload_hash: payloadHash(payload), correlation_id: 'bench' },
    { maxAttempts: 3, deadlineSeconds: 3600, retentionSeconds: 3600 }, Date.now(),
  );
}

/** As many to a call as AWS takes. */
export function tens<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: Math.ceil(values.length / 10) }, (_, index) => values.slice(index * 10, index * 10 + 10));
}
