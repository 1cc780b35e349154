import { ServerConnection, ServerRefused, type Parameters, type TrustingServer } from './server-connection';

/** How a pool shares its connections. */
export interface PoolLimits {
  /** The most connections to the server at once, whoever they are for. */
  readonly most: number;
  /** How long somebody waits for one. */
  readonly borrowMs: number;
}

/** Nobody gave a connection back in time, or the server did not come back. */
export const BORROW_TIMEOUT = { code: '08000', message: 'Timed-out waiting to acquire database connection.' } as const;

/** What a server says while it starts or stops, or when it cannot be reached: waiting may help. */
const WAIT_FOR = new Set(['08006', '57P01', '57P02', '57P03', '53300']);
const PAUSE_MS = 100;

interface Waiting {
  readonly key: string;
  readonly parameters: Parameters;
  readonly resolve: (connection: ServerConnection) => void;
  readonly reject: (error: Error) => void;
  /** It has what it waited for, or has given up. */
  done: boolean;
}

/** Connections to one server, for as many as come: each belongs to one of them at a time. First come, first served. */
export class ServerPool {
  /** Connections there are, those that are being opened included. */
  open = 0;
  mostOpen = 0;
  private readonly idle: Array<{ readonly key: string; readonly connection: ServerConnection }> = [];
  private readonly keys = new WeakMap<ServerConnection, string>();
  private readonly all = new Set<ServerConnection>();
  private queue: Waiting[] = [];
  private closed = false;

  constructor(private readonly server: () => TrustingServer, private readonly limits: PoolLimits) {}

  get waiting(): number {
    return this.queue.length;
  }

  /** A connection of nobody else, as a role and with settings. @throws ServerRefused */
  async borrow(parameters: Parameters): Promise<ServerConnection> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        key: JSON.stringify(parameters),
        parameters,
        done: false,
        resolve: (connection) => {
          settled();
          resolve(connection);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      const late = setTimeout(() => waiting.reject(new ServerRefused(BORROW_TIMEOUT)), this.limits.borrowMs).unref();
      const settled = () => {
        waiting.done = true;
        clearTimeout(late);
        this.queue = this.queue.filter(other => other !== waiting);
      };
      this.queue.push(waiting);
      this.serve();
    });
  }

  /** Gives one back that holds nothing of whoever had it. */
  giveBack(connection: ServerConnection): void {
    if (connection.ended || this.closed) return this.end(connection);
    connection.onFrame = () => {};
    connection.onEnd = () => this.forget(connection);
    this.idle.push({ key: this.keys.get(connection)!, connection });
    this.serve();
  }

  /** Ends one of which nobody knows how it was left. */
  end(connection: ServerConnection): void {
    connection.onEnd = () => {};
    connection.end();
    this.forget(connection);
  }

  close(): void {
    this.closed = true;
    [...this.queue].forEach(({ reject }) => reject(new ServerRefused(BORROW_TIMEOUT)));
    this.all.forEach(connection => connection.end());
  }

  /** Everybody who can be served now, in the order in which they came. */
  private serve(): void {
    for (const waiting of [...this.queue]) {
      if (this.serves(waiting)) this.queue = this.queue.filter(other => other !== waiting);
    }
  }

  private serves(waiting: Waiting): boolean {
    const index = this.idle.findIndex(({ key }) => key === waiting.key);
    if (index >= 0) {
      waiting.resolve(this.idle.splice(index, 1)[0].connection);
      return true;
    }
    if (this.open >= this.limits.most && this.idle.length > 0) {
      this.end(this.idle.shift()!.connection); // of another role: makes room
    }
    if (this.open >= this.limits.most) return false;
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    void this.openFor(waiting);
    return true;
  }

  private async openFor(waiting: Waiting): Promise<void> {
    try {
      const connection = await ServerConnection.open(this.server(), waiting.parameters);
      this.all.add(connection);
      this.keys.set(connection, waiting.key);
      connection.onEnd = () => this.forget(connection);
      if (waiting.done) this.giveBack(connection); // who asked has gone
      else waiting.resolve(connection);
    } catch (error) {
      this.open--;
      const refusal = error instanceof ServerRefused ? error.refusal : { code: '08006', message: String(error) };
      if (!WAIT_FOR.has(refusal.code) || this.closed) {
        waiting.reject(new ServerRefused(refusal));
      } else {
        setTimeout(() => {
          if (!waiting.done) this.queue.unshift(waiting);
          this.serve();
        }, PAUSE_MS).unref();
      }
    }
  }

  private forget(connection: ServerConnection): void {
    if (!this.all.delete(connection)) return;
    const index = this.idle.findIndex(other => other.connection === connection);
    if (index >= 0) this.idle.splice(index, 1);
    this.open--;
    this.serve();
  }
}
