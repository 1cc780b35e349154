import { Decision } from '../decision';
import { freshRecord, JobMessage } from '../message';
import { JobRecord } from '../record';

/**
 * Send, then put if absent: whatever crashes after the send, the worker creates the record from the message.
 * A record that is there already makes it a repeated submission (or another job under the same key).
 */
export function submit(record: JobRecord | undefined, message: JobMessage, now: number): Decision {
  if (record) {
    const same = record.payload_hash === message.payload_hash && record.owner === message.owner;
    return { outcome: same ? 'known' : 'conflict', steps: [] };
  }
  return {
    outcome: 'submitted',
    steps: [
      { do: 'send', message, delay_ms: message.not_before === undefined ? 0 : Math.max(0, message.not_before - now) },
      { do: 'create', record: freshRecord(message), over_fresh: false },
    ],
  };
}
