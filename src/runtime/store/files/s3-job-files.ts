import type { Readable } from 'node:stream';
import type { CallLimits } from '../aws-clients';
import { FileTooLong, type JobFiles } from './job-files';

/** What a body adds to the time of a call: 4 MiB a second, a fraction of what the smallest function has. */
const BYTES_PER_MS = (4 * 1024 * 1024) / 1000;

type S3 = Pick<typeof import('./s3-client'), 's3Client' | 'GetObjectCommand' | 'PutObjectCommand'>;

const loadS3 = async (): Promise<S3> => import('./s3-client.js');

/**
 * Long texts in a bucket. The client is loaded with the first one: it is half of a bundle, and most functions never see one.
 * Needs `s3:PutObject` and `s3:GetObject` under the prefix of the pipeline.
 */
export class S3JobFiles implements JobFiles {
  private loaded?: ReturnType<S3JobFiles['start']>;

  /** @param load a parameter, because what tests this module has no `import()` */
  constructor(readonly bucket: string, private readonly limits: CallLimits, private readonly load: () => Promise<S3> = loadS3) {}

  async put(key: string, text: string): Promise<void> {
    const { client, PutObjectCommand } = await this.ready();
    const body = Buffer.from(text);
    await client.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentType: 'application/json' }),
      { requestTimeout: this.longest(body.length) },
    );
  }

  async get(key: string, mostBytes?: number): Promise<string> {
    return (await this.getBytes(key, mostBytes)).toString();
  }

  async getBytes(key: string, mostBytes = Infinity): Promise<Buffer> {
    const { client, GetObjectCommand } = await this.ready();
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const body = Body as typeof Body & Readable;
    if (ContentLength > mostBytes) {
      body.destroy();
      throw new FileTooLong(ContentLength, mostBytes);
    }
    // the client's own limit ends where the answer begins
    const longest = this.longest(ContentLength);
    const timer = setTimeout(() => body.destroy(new Error(`the object did not arrive within ${longest} ms`)), longest);
    try {
      return Buffer.from(await body.transformToByteArray());
    } finally {
      clearTimeout(timer);
    }
  }

  private longest(bytes: number): number {
    return this.limits.requestMs + Math.ceil(bytes / BYTES_PER_MS);
  }

  private async ready(): ReturnType<S3JobFiles['start']> {
    // what could not be loaded is tried again: the function lives on
    return this.loaded ??= this.start().catch((error: unknown) => {
      this.loaded = undefined;
      throw error;
    });
  }

  private async start() {
    const { s3Client, ...commands } = await this.load();
    return { client: s3Client(this.limits), ...commands };
  }
}
