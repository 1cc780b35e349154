import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Customer } from './customer';
import { INVOICES } from '../../support/synthesise';
import type { Act } from '../act';
import { cancelling, uploading } from '../caller';

/** So long does the extraction take longer, so that there is something to watch. */
const PAUSE_MS = 1_500;
/** Long enough for a cancellation to arrive while it runs. */
const LONG_PAUSE_MS = 12_000;
/** From now on, so long that at least one call of the step fails, and the last one does not. */
const BUSY_MS = 8_000;

/** @param other a customer of its own, who asks for too much at once */
export function scenario(other: Customer): Act[] {
  const succeeds = { phase: 'succeeded', attempts: 1 } as const;
  const invoice = (label: string, about: string, sample: string, simulate: object = { pause_ms: PAUSE_MS }) => (
    { label, about, payload: { simulate }, send: uploading(readFileSync(join(INVOICES.folder, 'samples', `${sample}.txt`), 'utf8')), expected: succeeds });
  return [
    invoice('hinges', 'an ordinary invoice', 'hinges'),
    invoice('server room', 'another one', 'server-room'),
    invoice('coffee', 'and another', 'coffee'),
    invoice('wrong sum', 'does not add up: less is sure of it', 'no-sum'),
    invoice('model busy', 'the model is busy: the step is tried again', 'coffee', { busy_until: new Date(Date.now() + BUSY_MS).toISOString() }),
    {
      ...invoice('cancelled', 'its owner cancels it while it runs', 'hinges', { pause_ms: LONG_PAUSE_MS }),
      intervention: cancelling,
      expected: { phase: 'cancelled', note: cancelling.note },
    },
    { ...invoice('letter', 'is no invoice', 'letter'), expected: { phase: 'failed', attempts: 1, error: 'JobFailed' } },
    { label: 'invalid', about: 'names no file', payload: {}, expected: { phase: 'refused', httpStatus: 400 } },
    {
      label: 'too many',
      about: `${other.name} submits as many as there may be in a minute, and one more`,
      payload: {},
      send: async () => other.oneTooMany(),
      expected: { phase: 'refused', httpStatus: 429, note: 'the 61st in a minute' },
    },
  ];
}
