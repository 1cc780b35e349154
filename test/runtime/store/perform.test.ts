import { JobEvent } from '../../../src/runtime/protocol/event';
import { perform, Ports, StepFailed } from '../../../src/runtime/store/perform';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';
import { MemoryDelivery, MemoryQueue, MemoryStore } from '../../support/memory-store';

const { job_id } = message();
const deliver: JobEvent = { type: 'deliver', message: message(), remaining_ms: 30_000 };
const submit: JobEvent = { type: 'submit', message: message() };

let store: MemoryStore;
let queue: MemoryQueue;
let delivery: MemoryDelivery;
let ports: Ports;

beforeEach(() => {
  store = new MemoryStore();
  queue = new MemoryQueue();
  delivery = new MemoryDelivery();
  ports = { store, queue, delivery, now: () => NOW };
});

test('a submission is a send and a put', async () => {
  const done = await perform(submit, undefined, ports);
  expect(done).toMatchObject({ outcome: 'submitted', before: undefined, record: { status: 'queued' }, run: false });
  expect(queue.sent).toEqual([{ message: message(), delay_ms: 0 }]);
  expect(store.calls).toEqual(['create']);
});

test('a submission whose worker was first is known', async () => {
  store.records.set(job_id, processing());
  const done = await perform(submit, undefined, ports);
  expect(done).toMatchObject({ outcome: 'known', record: { status: 'processing' } });
  expect(queue.sent).toHaveLength(1);
});

test('a first delivery claims with one write, over what its submission put', async () => {
  store.records.set(job_id, record());
  const done = await perform(deliver, undefined, ports);
  expect(done).toMatchObject({ outcome: 'claimed', run: true, record: { run: 1, attempt: 1, status: 'processing' } });
  expect(done.record).toEqual(store.only);
  expect(store.calls).toEqual(['create']);
});

test('a wrong guess costs one write more', async () => {
  store.records.set(job_id, record({ run: 1, attempt: 0, not_before: NOW }));
  const done = await perform(deliver, undefined, ports);
  expect(done).toMatchObject({ outcome: 'claimed', run: true, before: { run: 1 }, record: { run: 2 } });
  expect(done.record).toEqual(store.only);
  expect(store.calls).toEqual(['create', 'update']);
});

test('what comes after a write that does not hold is not done', async () => {
  store.records.set(job_id, processing({ run: 2 }));
  const done = await perform({ type: 'succeed', run: 1 }, processing(), ports);
  expect(done).toMatchObject({ outcome: 'fenced', record: { run: 2 } });
  expect(delivery.acknowledged).toBe(false);
});

test('a cancellation in between is seen', async () => {
  store.records.set(job_id, processing({ cancel_requested: true }));
  const done = await perform({ type: 'progress', run: 1, progress: 0.5 }, processing(), ports);
  expect(done).toMatchObject({ outcome: 'saved', record: { cancel_requested: true, progress: 0.5 } });
  expect(store.calls).toEqual(['update', 'update']);
});

test('each step goes to its port', async () => {
  store.records.set(job_id, processing());
  await perform({ type: 'defer', run: 1, delay_ms: 5_000 }, processing(), ports);
  expect(queue.sent).toMatchObject([{ delay_ms: 5_000 }]);
  expect(delivery.acknowledged).toBe(true);

  store.records.set(job_id, processing());
  await perform(deliver, processing(), ports);
  expect(delivery.hidden).toBe(NOW + 60_000 + 2_000);
});

test('each decision is taken at its own time', async () => {
  let now = NOW;
  store.records.set(job_id, processing({ lease_expires_at: NOW + 1 }));
  store.before = () => { now += 1; };
  const done = await perform(deliver, undefined, { ...ports, now: () => now });
  expect(done).toMatchObject({ outcome: 'claimed', record: { updated_at: NOW + 1, run: 2 } });
});

test('a record that changes for ever is given up', async () => {
  let run = 0;
  store.before = () => { store.records.set(job_id, record({ run: ++run })); };
  await expect(perform(deliver, record(), ports)).rejects.toThrow(`the record of ${job_id} changed 16 times while "deliver" was being decided`);
});

describe('a step that cannot be taken', () => {
  const refused = new Error('throttled');

  test('before the send', async () => {
    queue.before = () => { throw refused; };
    const failure = await perform(submit, undefined, ports).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepFailed);
    expect(failure).toMatchObject({ step: 'send', sent: false, cause: refused, message: 'could not send: throttled' });
    expect(store.calls).toEqual([]);
  });

  test('after the send', async () => {
    store.before = () => { throw refused; };
    await expect(perform(submit, undefined, ports)).rejects.toMatchObject({ step: 'create', sent: true, cause: refused });
  });

  test('a round after the send', async () => {
    // The record in the way expires just after it was judged, so that the submission is decided anew and sends again.
    store.records.set(job_id, ended('failed', { expires_at: NOW / 1000 + 1 }));
    let now = NOW;
    store.before = () => { now += 1_000; };
    let sends = 0;
    queue.before = () => { if (++sends === 2) throw refused; };
    await expect(perform(submit, undefined, { ...ports, now: () => now })).rejects.toMatchObject({ step: 'send', sent: true });
  });

  test('something other than an error is thrown', async () => {
    store.before = () => { throw 'nonsense'; };
    await expect(perform(deliver, undefined, ports)).rejects.toMatchObject({ message: 'could not create: nonsense' });
  });

  test('there is no message in hand', async () => {
    store.records.set(job_id, processing());
    await expect(perform(deliver, processing(), { store, queue, now: () => NOW })).rejects.toThrow('could not hide: no message is in hand');
  });
});
