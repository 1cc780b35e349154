import type { Options } from '../command-line';
import type { Io } from '../io';
import type { PipelineOperator } from '../operator';
import { type Style, styleOf, widthOf } from '../text';

/** What every command works with. */
export interface Task {
  readonly operator: PipelineOperator;
  readonly options: Options;
  readonly job_ids: readonly string[];
  readonly io: Io;
}

/** @returns the exit code */
export type Command = (task: Task) => Promise<number>;

export const DONE = 0;
export const FAILED = 1;

/** One JSON document, as machines like it, or text for people. */
export function print({ options, io }: Task, document: unknown, text: (style: Style, width: number) => string): void {
  io.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : `${text(styleOf(io.stdout, io.environment), widthOf(io.stdout))}\n`);
}

/** How a job stands, in its colour. */
export function statusPaint({ red, green, yellow }: Style): (status: string) => string {
  const paints: Readonly<Record<string, (text: string) => string>> = { succeeded: green, failed: red, cancelled: yellow };
  return (status) => (paints[status] ?? ((text: string) => text))(status);
}
