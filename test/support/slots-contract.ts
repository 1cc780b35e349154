import type { Slots } from '../../src/runtime/store/slots';

const CLIENTS = 8;
const MOST = 5;

/**
 * Never more names than there are slots, whoever asks at once; and each call may be made twice.
 * @param open gives the slots of a pipeline, over a client of its own
 */
export function itKeepsTheSlotsContract(open: (pipeline: string) => Promise<Slots>): void {
  test('a slot is taken while there are fewer than there may be', async () => {
    const slots = await open('few');
    expect(await slots.names()).toEqual([]);
    expect([await slots.take('a', 2), await slots.take('b', 2), await slots.take('c', 2)]).toEqual([true, true, false]);
    expect([...await slots.names()].sort()).toEqual(['a', 'b']);
  });

  test('who has one has it, also where there is none left, and takes no second one', async () => {
    const slots = await open('again');
    expect([await slots.take('a', 1), await slots.take('a', 1)]).toEqual([true, true]);
    expect(await slots.names()).toEqual(['a']);
    await slots.take('b', 2);
    expect(await slots.take('c', 2)).toBe(false);
  });

  test('one that is given back is there for the next, and is given back only once', async () => {
    const slots = await open('back');
    await slots.take('a', 1);
    await slots.release('b');
    expect(await slots.take('b', 1)).toBe(false);
    await slots.release('a');
    await slots.release('a');
    expect(await slots.names()).toEqual([]);
    expect([await slots.take('b', 1), await slots.take('c', 1)]).toEqual([true, false]);
  });

  test('where fewer are allowed than before, those that are taken stay', async () => {
    const slots = await open('fewer');
    for (const name of ['a', 'b', 'c']) await slots.take(name, 3);
    expect([await slots.take('d', 2), await slots.take('a', 2)]).toEqual([false, true]);
    await slots.release('b');
    await slots.release('c');
    expect(await slots.take('d', 2)).toBe(true);
  });

  test(`${CLIENTS} clients at once take as many as there are, and go on with those that are given back`, async () => {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, async () => open('crowd')));
    await Promise.all(clients.map(async (slots) => slots.names())); // connected, so that they come at once
    const asked = clients.flatMap((slots, client) => Array.from({ length: 10 }, async (_, turn) => {
      const name = `job-${client}-${turn}`;
      return await slots.take(name, MOST) ? name : undefined;
    }));
    const taken = (await Promise.all(asked)).filter((name) => name !== undefined);
    expect(taken).toHaveLength(MOST);
    expect([...await clients[0].names()].sort()).toEqual([...taken].sort());

    const [kept, ...released] = taken;
    const [, ...more] = await Promise.all([
      Promise.all(released.map(async (name, index) => clients[index].release(name))),
      ...clients.map(async (slots, client) => slots.take(`later-${client}`, MOST)),
    ]);
    const names = await clients[0].names();
    expect(names).toContain(kept);
    expect(names.length).toBe(1 + more.filter(Boolean).length);
    expect(names.length).toBeLessThanOrEqual(MOST);
  });
}
