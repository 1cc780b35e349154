import { handler } from './measure';
import { testJob } from 'cdk-jobworks/runtime';

const upload_id = 'upl_01KDVDNB00ABCDEFGHJKMNPQRS';

test.each<[string | undefined, number]>([['30', 30], [undefined, 60]])('a provider that is busy, with Retry-After %p, is asked again after %p s', async (after, seconds) => {
  const busy = new Response('', { status: 429, headers: after === undefined ? {} : { 'retry-after': after } });
  const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(busy);
  const job = testJob({ upload_id }, { uploads: { [upload_id]: 'a drawing' } });
  await expect(handler(job, job.context)).rejects.toMatchObject({ name: 'RetryLater', seconds });
  expect(fetched.mock.calls[0][1]?.body).toEqual(new Uint8Array(Buffer.from('a drawing')));
  fetched.mockRestore();
});
