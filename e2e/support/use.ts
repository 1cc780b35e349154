import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { Deployed } from './deployed';
import { Journal } from './journal';
import { EXAMPLE, synthesise } from './synthesise';
import { isEnded, JobClient, type JobStatus } from '../job-client/job-client';
import { apiKey, awsCredentials } from '../job-client/signers';
import { deploy } from '../local-cloud/deploy';
import { LocalCloud, type LocalCloudOptions } from '../local-cloud/local-cloud';

/** The folder of the app with the test pipelines. */
export const PIPELINES = join(__dirname, '../pipelines');

/** A deployed stack, for all tests of a file. */
export interface Subject {
  readonly cloud: LocalCloud;
  readonly deployed: Deployed;
  readonly journal: Journal;
}

export interface UseOptions extends LocalCloudOptions {
  /** Folder of the app. */
  readonly app: string;
  readonly stack: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Starts a local cloud with a stack deployed. Call it where `describe` is called. */
export function useStack({ app, stack, context, ...options }: UseOptions): () => Subject {
  const journal = new Journal();
  let cloud: LocalCloud | undefined;
  let subject: Subject | undefined;
  beforeAll(async () => {
    const assembly = await synthesise(app, stack, context);
    cloud = await LocalCloud.start(options);
    subject = { cloud, journal, deployed: new Deployed(cloud, await deploy(cloud, assembly, { stacks: [stack] })) };
  }, 180_000); // making the Python environment included
  afterAll(async () => {
    await cloud?.stop();
    journal.remove();
  });
  return () => subject!;
}

/** A customer of the stack, by the output that names the key. */
export async function customer({ deployed }: Subject, output: string, paths: { submitPath?: string; statusPath?: string } = {}): Promise<JobClient> {
  return new JobClient({ url: deployed.apiUrl(), signer: apiKey(await deployed.apiKey(output)), ...paths });
}

/** The customer of the example. */
export function exampleCustomer(subject: Subject): Promise<JobClient> {
  return customer(subject, 'ApiKeyId', EXAMPLE);
}

/** Whoever owns the account. */
export function administrator({ cloud, deployed }: Subject): JobClient {
  return new JobClient({ url: deployed.apiUrl(), signer: awsCredentials(cloud.clientConfig.credentials, cloud.region) });
}

/** Submits a job that must be accepted. @returns its id */
export async function accepted(client: JobClient, payload: unknown): Promise<string> {
  const { status, body } = await client.submit(payload);
  if (status !== 202) throw new Error(`a job was answered with ${status}: ${JSON.stringify(body)}`);
  return body.job_id;
}

/** The job, as soon as it has ended. */
export async function ended(client: JobClient, job_id: string, limitSeconds = 40): Promise<JobStatus> {
  let last: unknown;
  return eventually(() => `the end of ${job_id}, which was last seen as ${JSON.stringify(last)}`, limitSeconds, async () => {
    const { status, body } = await client.status(job_id);
    last = body;
    return status === 200 && isEnded(body) ? body : undefined;
  }, 250);
}

/** Log lines of a function that hold a text, newest last. */
export async function logLines({ cloud }: Subject, logGroupName: string, text: string): Promise<Record<string, unknown>[]> {
  const { events = [] } = await new CloudWatchLogsClient(cloud.clientConfig).send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => message).filter((message) => message.includes(text) && message.startsWith('{'))
    .map((message) => JSON.parse(message) as Record<string, unknown>);
}

/**
 * Asks until the answer is not undefined.
 *
 * @param what is awaited, asked for when it did not come
 */
export async function eventually<T>(what: () => string, limitSeconds: number, ask: () => Promise<T | undefined>, pauseMs = 100): Promise<T> {
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${limitSeconds} s: ${what()}`);
    await sleep(pauseMs);
  }
}
