import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from './act';
import { once } from './caller';
import { after, isOver, newLife, type JobLife, type LifeEvent } from './life';
import type { Stage } from './show';
import type { View } from './view';
import { isEnded, type ApiResponse, type JobStatus } from '../job-client/job-client';

/** Between two looks at the list of all jobs. The example's key may look twice a second, and ten times at once. */
const POLL_MS = 500;
const FRAME_MS = 100;
/** Between two submissions, so that the eye can follow, and the example's key (ten at once, one a second) is not refused before it should be. */
const SUBMIT_MS = 350;

/**
 * Submits every job, does what its owner does about it, and watches it until it is over.
 *
 * @param summary a result in a few words
 * @param signal ends the watching; jobs are then left as they are
 * @returns the lives, in the order of the acts
 */
export async function play(stage: Stage, summary: (result: unknown) => string, view: View, signal: AbortSignal): Promise<readonly JobLife[]> {
  const { acts } = stage;
  const lives = acts.map(({ label, about, intervention }) => newLife(label, about, intervention !== undefined));
  const update = (i: number, event: LifeEvent) => {
    lives[i] = after(lives[i], event);
    view.show([...lives]);
  };
  // what is shown also depends on the time: how long nothing was heard of a job
  const frames = setInterval(() => view.show([...lives]), FRAME_MS);
  const failed = new AbortController();
  const scene: Scene = { ...stage, lives, update, summary, signal: AbortSignal.any([signal, failed.signal]) };
  try {
    await Promise.all([submitAll(scene), watchAll(scene)]);
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    failed.abort(); // what one of them threw ends the other
    clearInterval(frames);
    view.show([...lives]);
    view.end();
  }
  return lives;
}

interface Scene extends Pick<Stage, 'client' | 'lookCloser'> {
  readonly acts: readonly Act[];
  /** As they stand at the moment. */
  readonly lives: readonly JobLife[];
  readonly update: (i: number, event: LifeEvent) => void;
  readonly summary: (result: unknown) => string;
  readonly signal: AbortSignal;
}

async function submitAll({ acts, client, update, signal }: Scene): Promise<void> {
  for (const [i, { payload, send = once }] of acts.entries()) {
    const at = Date.now();
    const { answer: { status, body }, note } = await send(client, payload);
    update(i, status === 202
      ? { type: 'accepted', at, jobId: body.job_id, note }
      : { type: 'refused', at, refusal: { status, code: body.error?.code ?? '', message: body.error?.message ?? JSON.stringify(body) }, note });
    await sleep(SUBMIT_MS, undefined, { signal });
  }
}

/** One request tells how all jobs stand; a result is asked for when its job has ended. */
async function watchAll(scene: Scene): Promise<void> {
  const { lives, client, signal } = scene;
  while (!lives.every(isOver) && !signal.aborted) {
    const answer = await client.list('limit=100');
    if (answer.status === 200) {
      const open = answer.body.jobs.map((job) => ({ job, i: lives.findIndex((life) => life.jobId === job.job_id && !isOver(life)) }));
      await Promise.all(open.filter(({ i }) => i >= 0).map(({ job, i }) => look(scene, i, job)));
    } else if (answer.status !== 429) {
      throw unexpected('the list of the jobs', answer);
    }
    await sleep(pauseAfter(answer), undefined, { signal });
  }
}

async function look({ acts, lives, client, update, summary, lookCloser }: Scene, i: number, seen: JobStatus): Promise<void> {
  const { label, intervention } = acts[i];
  if (isEnded(seen)) {
    const answer = await client.status(seen.job_id);
    if (answer.status === 429) return; // it is seen again
    if (answer.status !== 200) throw unexpected(`the status of ${label}`, answer);
    const job = { ...answer.body, ...await lookCloser?.(seen) };
    update(i, { type: 'observed', job, ...(job.status === 'succeeded' && { outcome: summary(job.result) }) });
  } else {
    update(i, { type: 'observed', job: { ...seen, ...await lookCloser?.(seen) } });
  }
  if (intervention && lives[i].isAwaited && intervention.when(lives[i].job!)) {
    const answer = await intervention.request(client, seen.job_id);
    if (answer.status === 429) return;
    update(i, answer.status === 202
      ? { type: 'intervened', note: intervention.note, changes: answer.body }
      : { type: 'intervened', note: `${intervention.note} (answered with ${answer.status})`, changes: {} });
  }
}

function pauseAfter({ status, headers }: ApiResponse): number {
  return status === 429 ? Number(headers.get('retry-after') ?? 1) * 1000 : POLL_MS;
}

function unexpected(what: string, { status, body }: ApiResponse): Error {
  return new Error(`${what} was answered with ${status}: ${JSON.stringify(body)}`);
}
