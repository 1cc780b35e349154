import { DONE } from './command';
import { type KeysTask, KEYS_USAGE, readKeys } from './keys-line';
import { newKey } from '../../runtime/keys/key';
import type { Io } from '../io';
import type { PipelineOperator } from '../operator';
import { styleOf, table, widthOf, wrapped } from '../text';
import { shortTime } from '../times';

/** A key as the pipeline shows it. */
interface KeyView {
  readonly key_id: string;
  readonly customer: string;
  readonly created_at: string;
  readonly revoked_at?: string;
}

/** What is asked of a pipeline about its keys. */
type Keys = Pick<PipelineOperator, 'ask' | 'pipeline'>;

/**
 * @param args those after "keys"
 * @param connect finds the pipeline
 * @returns the exit code
 */
export async function runKeys(
  args: readonly string[], io: Io, connect: (pipeline: string, place: { readonly region?: string; readonly profile?: string }) => Keys,
): Promise<number> {
  const task = readKeys(args);
  if (task === 'help') {
    io.stdout.write(`${KEYS_USAGE}\n`);
    return DONE;
  }
  await COMMANDS[task.verb](connect(task.pipeline, task), task, io);
  return DONE;
}

const COMMANDS: Readonly<Record<KeysTask['verb'], (keys: Keys, task: KeysTask, io: Io) => Promise<void>>> = { create, list, revoke };

/** The key is made here and sent nowhere: the pipeline is told its hash. On the standard output there is nothing but the key. */
async function create(keys: Keys, { customer, json }: KeysTask, io: Io): Promise<void> {
  const { key, key_id, key_hash } = newKey();
  const { key: view } = await keys.ask<{ readonly key: KeyView }>({ action: 'create', customer, key_id, key_hash });
  if (json) {
    io.stdout.write(`${JSON.stringify({ key, ...view }, null, 2)}\n`);
    return;
  }
  tell(io, `${key_id} of ${customer}. This is the only time that the key is shown: ${keys.pipeline} keeps its hash alone. Callers send it as x-api-key.`);
  io.stdout.write(`${key}\n`);
}

async function list(keys: Keys, { customer, json }: KeysTask, io: Io): Promise<void> {
  const found = (await everyKey(keys, customer))
    .sort((one, other) => one.customer.localeCompare(other.customer) || one.created_at.localeCompare(other.created_at));
  if (json) {
    io.stdout.write(`${JSON.stringify({ keys: found }, null, 2)}\n`);
    return;
  }
  if (found.length === 0) {
    io.stdout.write(`${keys.pipeline} has no keys${customer === undefined ? '' : ` of ${customer}`}\n`);
    return;
  }
  const style = styleOf(io.stdout, io.environment);
  io.stdout.write(`${table(found, [
    { heading: 'key', text: ({ key_id }) => key_id },
    { heading: 'customer', text: (view) => view.customer },
    { heading: 'created', text: ({ created_at }) => shortTime(created_at) },
    { heading: 'state', text: ({ revoked_at }) => (revoked_at === undefined ? 'valid' : `revoked ${shortTime(revoked_at)}`) },
  ], widthOf(io.stdout), style)}\n`);
}

async function revoke(keys: Keys, { customer, key_id, json }: KeysTask, io: Io): Promise<void> {
  const answer = await keys.ask<{ readonly key: KeyView }>({ action: 'revoke', key_id, ...(customer !== undefined && { customer }) });
  io.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : `${wrapped(
    `${answer.key.key_id} of ${answer.key.customer} is revoked. API Gateway refuses it when it has forgotten that it was valid: after a minute, unless keyCaching says otherwise.`,
    widthOf(io.stdout),
  )}\n`);
}

async function everyKey(keys: Keys, customer: string | undefined): Promise<KeyView[]> {
  const all: KeyView[] = [];
  let next_token: string | undefined;
  do {
    const page = await keys.ask<{ readonly keys: readonly KeyView[]; readonly next_token?: string }>({
      action: 'list', ...(customer !== undefined && { customer }), ...(next_token !== undefined && { next_token }),
    });
    all.push(...page.keys);
    ({ next_token } = page);
  } while (next_token !== undefined);
  return all;
}

function tell(io: Io, text: string): void {
  io.stderr.write(`${wrapped(text, widthOf(io.stderr))}\n`);
}
