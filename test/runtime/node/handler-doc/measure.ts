import type { JobHandler } from 'cdk-jobworks/runtime';

interface Payload { readonly upload_id: string }

export const handler: JobHandler<Payload> = async (job) => {
  const drawing = await job.readUpload(job.payload.upload_id);
  const response = await fetch('https://provider.example/measure', { method: 'POST', body: new Uint8Array(drawing), signal: job.signal });
  if (response.status === 429 || response.status === 503) {
    throw job.retryLater(response.headers.get('retry-after')); // seconds, a date, or no such header
  }
  if (!response.ok) {
    throw new Error(`the provider answered ${response.status}`); // tried again
  }
  return response.json();
};
