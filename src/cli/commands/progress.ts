import type { Task } from './command';

export interface Progress {
  at(count: number): void;
  /** Before anything else is said. */
  end(): void;
}

/** Where nobody looks, a log is told now and then. */
const EVERY = 1_000;

/** How far a long command is: a line that is written over where somebody looks, else one for each thousand. @param what such as `retried` */
export function progress({ io: { stderr } }: Pick<Task, 'io'>, what: string): Progress {
  if (stderr.isTTY) {
    let line = '';
    return {
      at: (count) => {
        line = `\r${count} ${what} …`;
        stderr.write(line);
      },
      end: () => stderr.write(line && '\r\u001b[K'),
    };
  }
  let told = 0;
  return {
    at: (count) => {
      if (count >= told + EVERY) {
        told = count - count % EVERY;
        stderr.write(`${count} ${what} …\n`);
      }
    },
    end: () => {},
  };
}
