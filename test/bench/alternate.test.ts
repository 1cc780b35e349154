import { alternate } from '../../bench/alternate';

test('candidates take turns, every second round backwards, and the first round is not counted', async () => {
  const order: string[] = [];
  const candidate = (name: string) => async () => order.push(name);
  const values = await alternate(3, { a: candidate('a'), b: candidate('b') });
  expect(order.join('')).toBe('ba' + 'ab' + 'ba' + 'ab');
  expect(values).toEqual({ a: [3, 6, 7], b: [4, 5, 8] });
});

test('one runs at a time', async () => {
  let running = 0;
  const candidate = async () => {
    expect(++running).toBe(1);
    await new Promise(setImmediate);
    return --running;
  };
  await alternate(2, { a: candidate, b: candidate, c: candidate });
  expect.assertions(9);
});

test('tells how far it is', async () => {
  const rounds: number[] = [];
  await alternate(2, { a: async () => 1 }, round => rounds.push(round));
  expect(rounds).toEqual([0, 1, 2]);
});
