import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Input {
  readonly MessageBody?: string;
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody?: string }[];
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** As much of SQS as functions speak to, over HTTP: what it was sent, in order. */
export class FakeSqs {
  static async start(): Promise<FakeSqs> {
    const sqs = new FakeSqs();
    await new Promise<void>((resolve) => sqs.server.listen(0, '127.0.0.1', resolve));
    return sqs;
  }

  /** Bodies of messages. */
  readonly sent: string[] = [];

  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += String(part); }).on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
      response.setHeader('Content-Type', 'application/x-amz-json-1.0');
      response.setHeader('Connection', 'close');
      response.end(JSON.stringify(this.answer(action, JSON.parse(body) as Input)));
    });
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(action: string, { MessageBody, Entries = [] }: Input): object {
    switch (action) {
      case 'SendMessage':
        this.sent.push(MessageBody!);
        return { MessageId: 'message', MD5OfMessageBody: md5(MessageBody!) };
      case 'SendMessageBatch':
        this.sent.push(...Entries.map((entry) => entry.MessageBody!));
        return { Successful: Entries.map((entry) => ({ Id: entry.Id, MessageId: entry.Id, MD5OfMessageBody: md5(entry.MessageBody!) })), Failed: [] };
      case 'ChangeMessageVisibility':
        return {};
      case 'ChangeMessageVisibilityBatch':
        return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
      default: throw new Error(`${action} is not spoken here`);
    }
  }
}
