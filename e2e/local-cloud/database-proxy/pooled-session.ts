import type { ClientConnection } from './client-connection';
import type { Frame } from './frames';
import { pinReason } from './pinning';
import type { ServerPool } from './pool';
import { ServerRefused, type Parameters, type ServerConnection } from './server-connection';

/** Messages that the server answers with "ready for query". */
const ANSWERED = 'QSF';
/** Data of a COPY: part of a message that was counted. */
const COPY_DATA = 'dcf';
const TERMINATE = 'X';
const READY = 'Z';
const NO_TRANSACTION = 'I';

/**
 * A client's session behind a proxy: it has a server connection from its first message to the end of that transaction, and then none; unless it
 * left something in the server's session, which pins it.
 */
export class PooledSession {
  /** Why it keeps its server connection; nothing as long as it does not. */
  pinned?: string;
  private server?: ServerConnection;
  private borrowing = false;
  private unsent: Buffer[] = [];
  /** Messages that the server has not answered yet. */
  private unanswered = 0;
  /** Messages were sent that belong to a `Sync` that is to come. */
  private open = false;

  constructor(
    private readonly client: ClientConnection,
    private readonly pool: ServerPool,
    private readonly parameters: Parameters,
    private readonly onPin: () => void,
  ) {
    client.onFrame = frame => this.fromClient(frame);
    client.onEnd = () => this.leave();
  }

  private fromClient(frame: Frame): void {
    if (frame.type === TERMINATE) return this.client.end();
    const reason = pinReason(frame);
    if (reason !== undefined && this.pinned === undefined) {
      this.pinned = reason;
      this.onPin();
    }
    if (ANSWERED.includes(frame.type)) {
      this.unanswered++;
      this.open = false;
    } else if (!COPY_DATA.includes(frame.type)) {
      this.open = true;
    }
    if (this.server) {
      this.server.send(frame.bytes);
    } else {
      this.unsent.push(frame.bytes);
      void this.borrow();
    }
  }

  private async borrow(): Promise<void> {
    if (this.borrowing) return;
    this.borrowing = true;
    try {
      const server = await this.pool.borrow(this.parameters);
      if (this.client.ended) return this.pool.giveBack(server);
      this.server = server;
      server.onFrame = frame => this.fromServer(frame);
      server.onEnd = () => this.lost(server);
      server.send(Buffer.concat(this.unsent.splice(0)));
      if (server.ended) this.lost(server);
    } catch (error) {
      this.client.refuse(error instanceof ServerRefused ? error.refusal : { code: '08006', message: String(error) });
    } finally {
      this.borrowing = false;
    }
  }

  private fromServer(frame: Frame): void {
    this.client.send(frame.bytes);
    if (frame.type !== READY) return;
    this.unanswered--;
    const idle = frame.body.toString('latin1') === NO_TRANSACTION && this.unanswered <= 0 && !this.open;
    if (idle && this.pinned === undefined) {
      const server = this.server!;
      this.server = undefined;
      this.pool.giveBack(server);
    }
  }

  /** With what it was doing for this client, who is told by the end of its own connection. */
  private lost(server: ServerConnection): void {
    this.pool.end(server);
    this.server = undefined;
    this.client.end();
  }

  /** What it was in the middle of is undone with the session on the server. */
  private leave(): void {
    if (this.server) this.pool.end(this.server);
    this.server = undefined;
  }
}
