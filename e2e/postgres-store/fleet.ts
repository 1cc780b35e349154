import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from './queue';
import type { Answer, Said, Task, Work } from './wire';
import type { JobMessage } from '../../src/runtime/protocol/message';
import type { JournalEntry } from '../support/journal';

const SCRIPT = join(__dirname, 'worker-process.ts');
interface Member {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Submissions that it was given and has said nothing of. */
  readonly submitting: Map<string, JobMessage>;
}

/** Processes that submit jobs and work on them. */
export class Fleet {
  readonly queue = new Queue();
  readonly accepted = new Set<string>();
  readonly journal: JournalEntry[] = [];
  readonly errors: string[] = [];
  private readonly members: Member[] = [];
  private turn = 0;
  private readonly failure: Promise<never>;
  private broken!: (error: Error) => void;
  private stopped = false;

  /** @param left what is still to be submitted */
  constructor(private readonly task: Task, private readonly left: JobMessage[]) {
    this.failure = new Promise((_, reject) => { this.broken = reject; });
    this.failure.catch(() => {}); // whoever waits until all is done is told
  }

  start(): void {
    const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT], {
      env: { PATH: process.env.PATH, TASK: JSON.stringify(this.task) }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const member: Member = { child, ended: new Promise((resolve) => { child.once('close', () => resolve()); }), submitting: new Map() };
    child.on('message', (said: Said) => void this.hear(member, said));
    child.once('exit', (code) => { if (code) this.broken(new Error(`a process of workers ended with ${code}`)); });
    this.members.push(member);
  }

  /** Kills one as the machine does, at whatever it is; what it was about to submit is submitted again, as by a caller who heard nothing. */
  async killOne(): Promise<void> {
    const [member] = this.members.splice(0, 1);
    this.journal.push({ job_id: '', attempt: 0, event: 'kill', at: Date.now(), pid: member.child.pid! });
    member.child.kill('SIGKILL');
    await member.ended;
    this.left.push(...member.submitting.values());
  }

  /** Until so many have succeeded. */
  async until(succeeded: number): Promise<void> {
    while (this.journal.filter(({ event }) => event === 'succeed').length < succeeded) {
      if (this.stopped) throw new Error('the fleet was stopped');
      await sleep(20);
    }
  }

  /** Until all is submitted and every message is deleted. */
  async done(): Promise<void> {
    await Promise.race([this.failure, this.through()]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.queue.stop();
    await Promise.all(this.members.map(async ({ child, ended }) => {
      child.kill('SIGKILL');
      await ended;
    }));
  }

  private async through(): Promise<void> {
    while (!this.stopped && (this.left.length > 0 || this.members.some(({ submitting }) => submitting.size > 0))) await sleep(20);
    await this.queue.empty();
    await Promise.all(this.members.map(async ({ ended }) => ended));
  }

  private async hear(member: Member, said: Said): Promise<void> {
    const answer = (number: number, work?: Work) => {
      if (member.child.connected) member.child.send({ number, work } satisfies Answer, () => {});
    };
    switch (said.say) {
      case 'next': return answer(said.number, await this.next(member));
      case 'send': this.queue.send(said.message, said.delay_ms); return answer(said.number);
      case 'hide': this.queue.hide(said.taken, said.until); return answer(said.number);
      case 'delete': return this.queue.delete(said.taken);
      case 'accepted': member.submitting.delete(said.job_id); this.accepted.add(said.job_id); return undefined;
      case 'journal': this.journal.push({ attempt: 0, pid: member.child.pid!, ...said }); return undefined;
      case 'error': this.errors.push(`${said.during}: ${said.text}`); return undefined;
    }
  }

  private async next(member: Member): Promise<Work> {
    const submit = this.turn++ % 2 === 0 || this.queue.nothingReady ? this.left.pop() : undefined; // both go on at the same time
    if (submit) {
      member.submitting.set(submit.job_id, submit);
      return { submit };
    }
    const deliver = await this.queue.take();
    return deliver && { deliver };
  }
}
