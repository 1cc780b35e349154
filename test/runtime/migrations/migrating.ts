import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, filesOf } from './database';
import type { Task } from './migrating-process';
import { type MigrateOptions } from '../../../src/runtime/migrations/migrate';

const SCRIPT = join(__dirname, 'migrating-process.ts');

export type Said = Readonly<Record<string, unknown>>;

/** A process that migrates. */
export class Migrating {
  /** All that were started and may still be there. */
  static async killAll(): Promise<void> {
    await Promise.all(Migrating.started.splice(0).map(async migrating => migrating.kill()));
  }

  private static readonly started: Migrating[] = [];
  readonly said: Said[] = [];
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(database: Database, files: Readonly<Record<string, string>>, options: MigrateOptions = {}) {
    const { host, port, user, password, caFile } = database.server;
    const task: Task = { config: { host, port, user, password, database: database.name }, caFile, histories: [{ name: 'app', files: filesOf(files) }], options };
    this.child = spawn(process.execPath, ['--import', 'tsx', SCRIPT], { env: { PATH: process.env.PATH, TASK: JSON.stringify(task) }, stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface(this.child.stdout!).on('line', line => this.said.push(JSON.parse(line) as Said));
    this.ended = new Promise(resolve => { this.child.once('close', () => resolve()); });
    Migrating.started.push(this);
  }

  async until(kind: string): Promise<Said> {
    for (;;) {
      const found = this.said.find(said => said.kind === kind);
      if (found) return found;
      if (this.hasEnded) throw new Error(`it ended without "${kind}": ${JSON.stringify(this.said)}`);
      await sleep(20);
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get result(): Said {
    return this.said.at(-1)!;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Until nobody else is connected to the database: the server has seen that a process is gone. */
export async function alone(database: Database): Promise<void> {
  for (;;) {
    const others = await database.rows('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    if (others.length === 0) return;
    await sleep(100);
  }
}
