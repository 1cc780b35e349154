import { type Expiry, removeAllExpired } from '../../../src/runtime/store/expiry';

/** Has so many that have expired. */
class Expiring implements Expiry {
  readonly calls: number[] = [];

  constructor(private left: number) {}

  async removeExpired(now: number, limit: number): Promise<number> {
    this.calls.push(now);
    const removed = Math.min(limit, this.left);
    this.left -= removed;
    return removed;
  }
}

test.each([[0, 1], [1, 1], [499, 1], [500, 2], [1_700, 4]])('%d that have expired take %d calls', async (left, calls) => {
  const expiry = new Expiring(left);
  expect(await removeAllExpired(expiry, 7, () => true)).toEqual({ removed: left, complete: true });
  expect(expiry.calls).toEqual(Array(calls).fill(7));
});

test('it ends when time does, and says that something may be left', async () => {
  let time = 2;
  expect(await removeAllExpired(new Expiring(1_700), 7, () => time-- > 0)).toEqual({ removed: 1_000, complete: false });
  expect(await removeAllExpired(new Expiring(1), 7, () => false)).toEqual({ removed: 0, complete: false });
});
