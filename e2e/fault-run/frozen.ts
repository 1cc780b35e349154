import type { Background } from './background';
import { handlerProcesses } from '../local-cloud/control';
import type { LocalCloud } from '../local-cloud/local-cloud';
import type { Journal, JournalEntry } from '../support/journal';

/** Should another attempt never come: the verdict will say so. */
const LONGEST_MS = 60_000;

/** Thaws each frozen attempt as soon as the next one has begun: its lease is over then, and somebody else's is not. */
export function thaw(journal: Journal): Background {
  const thawed = new Set<JournalEntry['pid']>();
  return async () => {
    const entries = journal.entries();
    for (const { job_id, pid, at } of entries.filter(({ event }) => event === 'freeze')) {
      const next = entries.some((entry) => entry.job_id === job_id && entry.event === 'start' && entry.at > at && entry.pid !== pid);
      if (!thawed.has(pid) && (next || Date.now() - at > LONGEST_MS)) {
        thawed.add(pid);
        signal(pid, 'SIGCONT');
      }
    }
  };
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What is done to the processes of a function while they are at work: one is killed, another one frozen past its lease, in turns. */
export function assault(
  cloud: LocalCloud, functionName: string, { everyMs, untilMs, frozenMs }: Assault,
): Background & { readonly victims: number[] } {
  const victims: number[] = [];
  const frozen = new Map<number, number>();
  let next = everyMs;
  const background = async (elapsedMs: number): Promise<void> => {
    for (const [pid, since] of frozen) {
      if (elapsedMs - since > frozenMs) {
        frozen.delete(pid);
        signal(pid, 'SIGCONT');
      }
    }
    if (elapsedMs < next || elapsedMs > untilMs) return;
    const busy = (await handlerProcesses(cloud)).find((one) => one.busy && one.function === functionName && !victims.includes(one.pid));
    if (!busy) return;
    next = elapsedMs + everyMs;
    victims.push(busy.pid);
    if (victims.length % 2 === 0) frozen.set(busy.pid, elapsedMs);
    signal(busy.pid, victims.length % 2 === 0 ? 'SIGSTOP' : 'SIGKILL');
  };
  return Object.assign(background, { victims });
}

export interface Assault {
  readonly everyMs: number;
  /** Nothing more is begun after so long. */
  readonly untilMs: number;
  readonly frozenMs: number;
}
