import type { JobHandler } from 'cdk-jobworks/runtime';

interface Payload { readonly pages: readonly string[] }
interface Result { readonly words: number }
interface State { readonly next: number; readonly words: number }

export const handler: JobHandler<Payload, Result, State> = async (job) => {
  const { pages } = job.payload;
  if (pages.length === 0) {
    throw job.failed('there are no pages', 'EmptyDrawing'); // another attempt would find the same
  }
  let { next, words } = job.checkpoint ?? { next: 0, words: 0 }; // goes on where the last attempt stopped
  while (next < pages.length) {
    words += await count(pages[next++], job.signal);
    await job.saveCheckpoint({ next, words }, { stage: 'count' });
    void job.setProgress(next / pages.length, `page ${next}`);
  }
  await job.completeStage('count');
  job.metric('Pages', pages.length);
  job.log.info('counted', { words });
  return { words };
};

/** Stands for a call to somewhere; hand such calls the signal. */
async function count(page: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  return page.split(' ').length;
}
