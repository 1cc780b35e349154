import { setTimeout as sleep } from 'node:timers/promises';
import { after, isOver, newLife, type JobLife, type LifeEvent } from './life';
import type { Act } from './scenario';
import type { View } from './view';
import type { JobClient } from '../job-client/job-client';

/** Between two looks at a job. The example's key may look 10 times a second, and 50 times at once. */
const POLL_MS = 500;
const FRAME_MS = 100;
/** Between two submissions, so that the eye can follow. */
const SUBMIT_MS = 150;

/**
 * Submits every job and watches it until it is over.
 *
 * @param signal ends the watching; jobs are then left as they are
 * @returns the lives, in the order of the acts
 */
export async function play(acts: readonly Act[], client: JobClient, view: View, signal: AbortSignal): Promise<readonly JobLife[]> {
  const lives = acts.map(({ label, about }) => newLife(label, about));
  const update = (i: number, event: LifeEvent) => {
    lives[i] = after(lives[i], event);
    view.show([...lives]);
  };
  // what is shown also depends on the time: how long nothing was heard of a job
  const frames = setInterval(() => view.show([...lives]), FRAME_MS);
  try {
    const watching: Promise<unknown>[] = [];
    for (const [i, { payload }] of acts.entries()) {
      update(i, await submit(client, payload));
      // what one of them throws is kept until all are over: thrown at once it would have nobody to catch it
      watching.push(watchJob(client, () => lives[i], (event) => update(i, event), signal).catch((error: unknown) => error));
      await sleep(SUBMIT_MS, undefined, { signal });
    }
    const failure = (await Promise.all(watching)).find((error) => error !== undefined);
    if (failure !== undefined) {
      throw failure;
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    clearInterval(frames);
    view.show([...lives]);
    view.end();
  }
  return lives;
}

async function submit(client: JobClient, payload: unknown): Promise<LifeEvent> {
  const at = Date.now();
  const { status, body } = await client.submit(payload);
  return status === 202
    ? { type: 'accepted', at, jobId: body.job_id }
    : { type: 'refused', at, refusal: { status, code: body.error?.code ?? '', message: body.error?.message ?? JSON.stringify(body) } };
}

async function watchJob(client: JobClient, life: () => JobLife, update: (event: LifeEvent) => void, signal: AbortSignal): Promise<void> {
  while (!isOver(life()) && !signal.aborted) {
    const { status, headers, body } = await client.status(life().jobId!);
    if (status === 200) {
      update({ type: 'observed', job: body });
    } else if (status !== 429) {
      throw new Error(`the status of ${life().label} was answered with ${status}: ${JSON.stringify(body)}`);
    }
    if (!isOver(life())) {
      await sleep(status === 429 ? Number(headers.get('retry-after') ?? 1) * 1000 : POLL_MS, undefined, { signal });
    }
  }
}
