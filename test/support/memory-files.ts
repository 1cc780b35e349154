import type { JobFiles } from '../../src/runtime/store/files/job-files';

export class MemoryFiles implements JobFiles {
  readonly bucket = 'files';
  readonly objects = new Map<string, string>();
  /** Calls in their order. */
  readonly calls: string[] = [];
  /** Called before each call; throws to make it fail. */
  before?: (call: 'put' | 'get', key: string) => void | Promise<void>;

  async put(key: string, text: string): Promise<void> {
    this.calls.push(`put ${key}`);
    await this.before?.('put', key);
    this.objects.set(key, text);
  }

  async get(key: string): Promise<string> {
    this.calls.push(`get ${key}`);
    await this.before?.('get', key);
    const text = this.objects.get(key);
    if (text === undefined) throw Object.assign(new Error('The specified key does not exist.'), { name: 'NoSuchKey' });
    return text;
  }

  async getBytes(key: string): Promise<Buffer> {
    return Buffer.from(await this.get(key));
  }
}
