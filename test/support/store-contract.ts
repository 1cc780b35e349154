import { ended, NOW, processing, record } from './job-fixtures';
import { WriteStep } from '../../src/runtime/protocol/decision';
import { JobRecord, stampOf } from '../../src/runtime/protocol/record';
import { apply, holds } from '../../src/runtime/protocol/write';
import { JobStore } from '../../src/runtime/store/job-store';

/** What a store is asked to write on, by name: everything that a condition looks at, one thing changed at a time. */
const STORED: Record<string, JobRecord | undefined> = {
  'nothing': undefined,
  'a fresh record': record(),
  'a fresh record of another owner': record({ owner: 'customer:other' }),
  'a fresh record with another payload': record({ payload_hash: 'other' }),
  'a fresh record of another generation': record({ generation: 1 }),
  'a record that waits': record({ not_before: NOW + 1 }),
  'a record that was tried': record({ run: 1 }),
  'a record that is cancelled as it is queued': record({ cancel_requested: true }),
  'a running record': processing(),
  'a running record with everything': processing({
    stages_completed: ['read', 'measure'],
    current_stage: 'count',
    checkpoint: '{"page":2}',
    checkpoint_run: 1,
    last_checkpoint: NOW - 10,
    progress: 0.25,
    progress_note: 'ångström 漢 \u0000 \uFFFF',
    error: { type: 'Error', message: '', attempt: 1 },
  }),
  'a running record of a later run': processing({ run: 2, attempt: 2 }),
  'a running record that is asked to stop': processing({ cancel_requested: true }),
  'a succeeded record': ended('succeeded'),
  'a failed record': ended('failed'),
  'a cancelled record': ended('cancelled'),
  'a record that expires this second': ended('succeeded', { expires_at: NOW / 1000 }),
  'a record that expires the next second': ended('succeeded', { expires_at: NOW / 1000 + 1 }),
  'a failed record that expired': ended('failed', { expires_at: NOW / 1000 - 1 }),
};

const STEPS: Record<string, WriteStep> = {
  'create if absent': { do: 'create', record: record({ updated_at: NOW }), over_fresh: false },
  'create over a fresh one': { do: 'create', record: processing({ updated_at: NOW }), over_fresh: true },
  'claim': update(record(), { status: 'processing', run: 1, attempt: 1, lease_expires_at: NOW + 9 }, ['not_before']),
  'save': update(processing(), { checkpoint: '[1]', current_stage: 'count', stages_completed: ['read'] }),
  'save, removing': update(processing(), {}, ['progress', 'progress_note', 'current_stage']),
  'save under a cancellation': update(processing({ cancel_requested: true }), { progress: 0.125 }),
  'succeed': update(processing(), { status: 'succeeded', result: 'null', expires_at: NOW / 1000 + 60 }, ['lease_expires_at', 'error']),
  'fail': update(processing(), { status: 'failed', finished_at: NOW, error: { type: 'T', message: 'm', attempt: 1 } }, ['lease_expires_at']),
  'reopen': update(ended('failed'), { status: 'queued', generation: 1, attempt: 0 }, ['result', 'error', 'expires_at', 'finished_at']),
};

function update(decidedOn: JobRecord, set: Partial<JobRecord>, remove: (keyof JobRecord)[] = []): WriteStep {
  return { do: 'update', job_id: decidedOn.job_id, expect: stampOf(decidedOn), set: { ...set, updated_at: NOW }, remove };
}

/**
 * Every write on everything that can be there: the adapter must agree with the protocol about whether it holds,
 * answer with what is stored where it does not, and leave behind what the protocol says.
 */
export function itKeepsTheContract(make: () => Promise<JobStore>): void {
  let store: JobStore;
  let id = 0;
  beforeAll(async () => {
    store = await make();
  });

  const cases = Object.entries(STEPS).flatMap(([stepName, step]) =>
    Object.entries(STORED).map(([storedName, stored]) => [stepName, storedName, step, stored] as const));

  test.each(cases)('%s on %s', async (_step, _stored, template, original) => {
    const job_id = `job_${String(id++).padStart(26, '0')}`;
    const stored = original && { ...original, job_id };
    const step = template.do === 'create' ? { ...template, record: { ...template.record, job_id } } : { ...template, job_id };
    if (stored) {
      // an update of nothing would be refused, so what is there comes by a create
      expect(await store.write({ do: 'create', record: stored, over_fresh: false }, NOW)).toEqual({ held: true });
      expect(await store.read(job_id)).toEqual(stored);
    }

    const answer = await store.write(step, NOW);

    if (holds(step, stored, NOW)) {
      expect(answer).toEqual({ held: true });
      expect(await store.read(job_id)).toEqual(apply(step, stored));
    } else {
      expect(answer).toEqual({ held: false, stored });
      expect(await store.read(job_id)).toEqual(stored);
    }
  });

  test('nothing is read where nothing is', async () => {
    expect(await store.read('job_00000000000000000000NOBODY')).toBeUndefined();
  });

  test('of many that create the same job at once, one does', async () => {
    const job_id = 'job_00000000000000000000000ALL';
    const answers = await Promise.all(Array.from({ length: 8 }, async (_, index) =>
      store.write({ do: 'create', record: record({ job_id, correlation_id: `caller-${index}` }), over_fresh: false }, NOW)));
    expect(answers.filter(({ held }) => held)).toHaveLength(1);
  });

  test('of many that claim the same job at once, one does', async () => {
    const job_id = 'job_0000000000000000000000CALL';
    const queued = record({ job_id });
    await store.write({ do: 'create', record: queued, over_fresh: false }, NOW);
    const answers = await Promise.all(Array.from({ length: 8 }, async () =>
      store.write({ do: 'update', job_id, expect: stampOf(queued), set: { status: 'processing', run: 1 }, remove: [] }, NOW)));
    expect(answers.filter(({ held }) => held)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.held && answer.stored?.run === 1)).toHaveLength(7);
  });
}
