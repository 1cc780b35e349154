import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** What a topic sent to the endpoint. */
export interface Notification {
  /** `SubscriptionConfirmation` or `Notification`, as the header says it. */
  readonly type: string;
  readonly topic: string;
  readonly subject: string;
  /** What CloudWatch says of an alarm; empty where it is no JSON. */
  readonly alarm: Partial<AlarmMessage>;
  readonly at: number;
}

/** The part of CloudWatch's message that readers go by. */
export interface AlarmMessage {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly NewStateValue: string;
  readonly OldStateValue: string;
}

/**
 * A service that somebody is woken by, such as PagerDuty or Opsgenie: an HTTPS endpoint on this machine, with a certificate of its own. It confirms
 * the subscription as they do and keeps what it is told.
 */
export class OnCall {
  public static async start(): Promise<OnCall> {
    const directory = mkdtempSync(join(tmpdir(), 'jobworks-on-call-'));
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }],
    });
    const certificateFile = join(directory, 'certificate.pem');
    writeFileSync(certificateFile, cert);
    const onCall = new OnCall(directory, certificateFile);
    onCall.server = createServer({ key, cert }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.end();
        void onCall.take(String(request.headers['x-amz-sns-message-type']), Buffer.concat(parts).toString());
      });
    });
    await new Promise<void>(done => onCall.server!.listen(0, '127.0.0.1', done));
    return onCall;
  }

  /** In the order in which they came. */
  public readonly notifications: Notification[] = [];
  private server?: Server;

  private constructor(private readonly directory: string, public readonly certificateFile: string) {}

  public get url(): string {
    return `https://localhost:${(this.server!.address() as AddressInfo).port}/alarms`;
  }

  /** What was told of alarms, without confirmations. */
  public get alarms(): readonly Notification[] {
    return this.notifications.filter(({ type }) => type === 'Notification');
  }

  public async stop(): Promise<void> {
    await new Promise<void>(done => this.server!.close(() => done()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async take(type: string, body: string): Promise<void> {
    const { TopicArn: topic = '', Subject: subject = '', Message: message = '', SubscribeURL: url } = JSON.parse(body) as Record<string, string>;
    this.notifications.push({ type, topic, subject, alarm: type === 'Notification' ? JSON.parse(message) as AlarmMessage : {}, at: Date.now() });
    if (url) await fetch(url, { signal: AbortSignal.timeout(10_000) });
  }
}
