import { CUSTOMER_PATTERN, KEY_HASH_PATTERN, KEY_ID_PATTERN } from '../../wire/keys';
import { badRequest } from '../operate/refused';

/** What can be done with keys. */
export type KeyCommand =
  | { readonly action: 'create'; readonly customer: string; readonly key_id: string; readonly key_hash: string }
  | { readonly action: 'list'; readonly customer?: string; readonly next_token?: string }
  | { readonly action: 'revoke'; readonly key_id: string; readonly customer?: string };

type Action = KeyCommand['action'];

/** Fields of each action, and whether they must be there. */
const FIELDS: Readonly<Record<Action, Readonly<Record<string, 'required' | 'optional'>>>> = {
  create: { customer: 'required', key_id: 'required', key_hash: 'required' },
  list: { customer: 'optional', next_token: 'optional' },
  revoke: { key_id: 'required', customer: 'optional' },
};

const RULES: Readonly<Record<string, readonly [RegExp, string]>> = {
  customer: [new RegExp(CUSTOMER_PATTERN), '1 to 64 letters, digits, dots, dashes and underscores'],
  key_id: [new RegExp(KEY_ID_PATTERN), 'the beginning of a key: jw_ and 8 letters and digits'],
  key_hash: [new RegExp(KEY_HASH_PATTERN), 'the SHA-256 of a key, in hex'],
  next_token: [new RegExp(KEY_HASH_PATTERN), 'the next_token of an answer'],
};

/** Reads what was asked. @throws Refused naming everything that is wrong, and no value: it may be a key */
export function readKeyCommand(event: unknown): KeyCommand {
  const fields = typeof event === 'object' && event !== null && !Array.isArray(event) ? event as Readonly<Record<string, unknown>> : {};
  const { action } = fields;
  if (typeof action !== 'string' || !Object.hasOwn(FIELDS, action)) {
    throw badRequest(`"action" must be one of ${Object.keys(FIELDS).join(', ')}`);
  }
  const known = FIELDS[action as Action];
  const wrong = [
    ...Object.keys(fields).filter((name) => name !== 'action' && !Object.hasOwn(known, name))
      .map((name) => `"${name}" is nothing that "${action}" takes: ${Object.keys(known).join(', ')}`),
    ...Object.keys(known).filter((name) => known[name] === 'required' && fields[name] === undefined).map((name) => `"${name}" is missing`),
    ...Object.keys(known).filter((name) => fields[name] !== undefined && !fits(name, fields[name])).map((name) => `"${name}" must be ${RULES[name][1]}`),
  ];
  if (wrong.length > 0) {
    throw badRequest(wrong.join('; '));
  }
  return fields as unknown as KeyCommand;
}

function fits(name: string, value: unknown): boolean {
  return typeof value === 'string' && RULES[name][0].test(value);
}
