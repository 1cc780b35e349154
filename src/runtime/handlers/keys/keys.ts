import type { Context } from 'aws-lambda';
import { readKeyCommand, type KeyCommand } from './input';
import type { IssuedKey, KeyStore } from '../../store/key-store';
import type { Log } from '../../telemetry/log';
import { ERROR_CODE } from '../../wire/http';
import { conflict, orUnavailable, Refused } from '../operate/refused';

/** What keys are looked after with. */
export interface KeysParts {
  readonly keys: KeyStore;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A key as it is shown: nothing by which anybody could call. */
export interface KeyView {
  readonly key_id: string;
  readonly customer: string;
  readonly created_at: string;
  readonly revoked_at?: string;
}

/** For so long a key that was revoked is shown; then its item goes. It is refused all the same. */
const SHOWN_FOR_MS = 90 * 86_400_000;

/**
 * Creates, lists and revokes keys. A key itself never comes here: it is made by whoever asks, who sends its hash.
 * @throws Refused
 */
export async function manageKeys(event: unknown, context: Pick<Context, 'awsRequestId'>, given: KeysParts): Promise<object> {
  const log = given.log.with({ function_request_id: context.awsRequestId }); // by which CloudTrail tells who asked
  try {
    const command = readKeyCommand(event);
    const answer = await orUnavailable('the table of keys does not answer', async () => answerOf(command, given));
    const { action, customer, key_id } = command as { action: string; customer?: string; key_id?: string };
    log.info('keys', { action, customer, key_id });
    return answer;
  } catch (error) {
    log.warn('keys: refused', error as Error);
    throw error;
  }
}

async function answerOf(command: KeyCommand, parts: KeysParts): Promise<object> {
  switch (command.action) {
    case 'create': return create(command, parts);
    case 'list': return list(command, parts);
    case 'revoke': return revoke(command, parts);
  }
}

async function create({ customer, key_id, key_hash }: KeyCommand & { action: 'create' }, { keys, now }: KeysParts): Promise<object> {
  const key = { key_hash, key_id, customer, created_at: now() };
  if (!await keys.add(key) && (await keys.find(key_hash))?.customer !== customer) {
    throw conflict('there is such a key already: make another');
  }
  return { key: viewOf(key) }; // the same again is what was asked for: the answer to the first was lost
}

async function list({ customer, next_token }: KeyCommand & { action: 'list' }, { keys }: KeysParts): Promise<object> {
  const { keys: found, next } = await keys.page(next_token);
  return {
    keys: found.filter((key) => customer === undefined || key.customer === customer).map(viewOf),
    ...(next !== undefined && { next_token: next }),
  };
}

async function revoke({ key_id, customer }: KeyCommand & { action: 'revoke' }, { keys, now }: KeysParts): Promise<object> {
  const [found, ...others] = (await everyKey(keys)).filter((key) => key.key_id === key_id && (customer === undefined || key.customer === customer));
  if (!found) {
    throw new Refused(ERROR_CODE.notFound, `there is no key ${key_id}${customer === undefined ? '' : ` of ${customer}`}: list the keys to find it`);
  }
  if (others.length > 0) {
    throw conflict(`${others.length + 1} keys begin with ${key_id}: name the customer, too`);
  }
  const revoked_at = found.revoked_at ?? now();
  await keys.revoke(found.key_hash, revoked_at, revoked_at + SHOWN_FOR_MS);
  return { key: viewOf({ ...found, revoked_at }) };
}

async function everyKey(keys: KeyStore): Promise<IssuedKey[]> {
  const all: IssuedKey[] = [];
  let from: string | undefined;
  do {
    const page = await keys.page(from);
    all.push(...page.keys);
    from = page.next;
  } while (from !== undefined);
  return all;
}

function viewOf({ key_id, customer, created_at, revoked_at }: IssuedKey): KeyView {
  return {
    key_id,
    customer,
    created_at: new Date(created_at).toISOString(),
    ...(revoked_at !== undefined && { revoked_at: new Date(revoked_at).toISOString() }),
  };
}
