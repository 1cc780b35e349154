import { sendTogether } from '../../../src/runtime/handlers/submit/send-together';
import type { JobQueue } from '../../../src/runtime/store/job-queue';
import { message } from '../../support/job-fixtures';
import { MemoryQueue } from '../../support/memory-store';

let queue: MemoryQueue;
beforeEach(() => {
  queue = new MemoryQueue();
});

const wait = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends the job of this name after a while, and says what became of it. */
const thing = (job_id: string, { after = 0, times = 1 } = {}) => async (gathered: JobQueue) => {
  for (let time = 0; time < times; time++) {
    if (after > 0) await wait(after);
    try {
      await gathered.send(message({ job_id }), time);
    } catch (error) {
      return (error as Error).message;
    }
  }
  return `${job_id} sent`;
};

test('what is sent at once is one call, in its order', async () => {
  expect(await sendTogether(queue, [thing('a'), thing('b'), thing('c')])).toEqual(['a sent', 'b sent', 'c sent']);
  expect(queue.calls).toEqual([3]);
  expect(queue.sent.map(({ message: { job_id } }) => job_id)).toEqual(['a', 'b', 'c']);
});

test('the call waits for the slowest', async () => {
  await sendTogether(queue, [thing('a'), thing('b', { after: 30 }), thing('c', { after: 5 })]);
  expect(queue.calls).toEqual([3]);
});

test('and for none that does not send', async () => {
  const silent = async () => { await wait(5); };
  await sendTogether<unknown>(queue, [thing('a'), silent, async () => {}]);
  expect(queue.calls).toEqual([1]);
});

test('nor for one that fails', async () => {
  let sent = false;
  const failing = async () => { throw new Error('broken'); };
  const other = async (gathered: JobQueue) => {
    await gathered.send(message(), 0);
    sent = true;
  };
  await expect(sendTogether<unknown>(queue, [other, failing])).rejects.toThrow('broken');
  await wait(0);
  expect(sent).toBe(true);
});

test('one that sends twice has a second call, with the others\' second', async () => {
  await sendTogether(queue, [thing('a', { times: 2 }), thing('b'), thing('c', { times: 2 })]);
  expect(queue.calls).toEqual([3, 2]);
  expect(queue.sent.map(({ delay_ms }) => delay_ms)).toEqual([0, 0, 0, 1, 1]);
});

test('each is told of its own failure', async () => {
  queue.before = ({ job_id }) => { if (job_id === 'b') throw new Error('b is refused'); };
  expect(await sendTogether(queue, [thing('a'), thing('b'), thing('c')])).toEqual(['a sent', 'b is refused', 'c sent']);
});

test('a queue that throws fails all', async () => {
  queue.sendAll = async () => { throw new Error('no connection'); };
  expect(await sendTogether(queue, [thing('a'), thing('b')])).toEqual(['no connection', 'no connection']);
});

test('nothing is nothing', async () => {
  expect(await sendTogether(queue, [])).toEqual([]);
  expect(queue.calls).toEqual([]);
});
