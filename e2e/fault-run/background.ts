import { setTimeout as sleep } from 'node:timers/promises';

/** What goes on beside a run: called again and again until the run is over. */
export type Background = (elapsedMs: number) => Promise<void>;

/** Does the work with all of this going on beside it. What fails in the background fails the work. */
export async function beside<T>(backgrounds: readonly Background[], work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  let over = false;
  const loops = backgrounds.map(async (background) => {
    while (!over) {
      await background(Date.now() - started);
      await sleep(250);
    }
  });
  const failed = Promise.all(loops).then(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([work(), failed]);
  } finally {
    over = true;
    await Promise.allSettled(loops);
  }
}

export async function inParallel<T>(callers: number, items: readonly T[], work: (item: T, i: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (next < items.length) {
      const i = next++;
      await work(items[i], i);
    }
  }));
}
