import { decide } from '../../../../src/runtime/protocol/decide';
import { Decision } from '../../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../../src/runtime/protocol/event';
import { JobRecord } from '../../../../src/runtime/protocol/record';
import { apply, holds } from '../../../../src/runtime/protocol/write';

/** What the search drives. */
export interface Rules {
  /** @param local the record that the attempt at work believes in; the real rules have no need of it, a broken one has */
  readonly decide: (record: JobRecord | undefined, event: JobEvent, now: number, local?: JobRecord) => Decision;
  readonly holds: typeof holds;
  readonly apply: typeof apply;
}

/** The rules as they are. */
export const REAL: Rules = { decide, holds, apply };
