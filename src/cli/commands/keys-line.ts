import { parseArgs } from 'node:util';
import { CUSTOMER_PATTERN, KEY_ID_PATTERN, KEY_PATTERN } from '../../runtime/wire/keys';
import { optionError } from '../command-line';
import { UsageError } from '../io';

/** What is to be done with keys. */
export interface KeysTask {
  readonly verb: 'create' | 'list' | 'revoke';
  readonly pipeline: string;
  readonly customer?: string;
  /** Of the key that is revoked. */
  readonly key_id?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json: boolean;
}

const VERBS: readonly string[] = ['create', 'list', 'revoke'];

const OPTIONS = {
  pipeline: { type: 'string', short: 'p' },
  customer: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const KEYS_USAGE = `usage: cdk-jobworks keys create --pipeline NAME --customer CUSTOMER [options]
       cdk-jobworks keys list --pipeline NAME [--customer CUSTOMER] [options]
       cdk-jobworks keys revoke KEY --pipeline NAME [--customer CUSTOMER] [options]

Makes, lists and revokes API keys of a pipeline whose HTTP API asks for them. A new key is printed once; the pipeline keeps
its hash alone. Keys are listed and revoked by their beginning, jw_ and 8 letters and digits. All keys of a customer are one
owner: make a second one, and revoke the first when nobody uses it any more.

  -p, --pipeline NAME      the pipeline, by the name that its construct has (pipelineName); required
      --customer CUSTOMER  whose key it is: 1 to 64 letters, digits, dots, dashes and underscores
      --region REGION      instead of AWS_REGION or the region of the profile
      --profile PROFILE    instead of AWS_PROFILE
      --json               one JSON document on the standard output, and nothing else there
  -h, --help               this text

  cdk-jobworks keys create -p drawings --customer acme
  cdk-jobworks keys list -p drawings
  cdk-jobworks keys revoke jw_k3x7q2mf -p drawings

Region and credentials are found as the AWS command line finds them. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.`;

/** @throws UsageError */
export function readKeys(args: readonly string[]): KeysTask | 'help' {
  const { values: { help, json = false, ...values }, positionals: [verb, ...rest] } = parse(args);
  if (help || verb === undefined || verb === 'help') {
    return 'help';
  }
  if (!isVerb(verb)) {
    throw new UsageError(`there is no "keys ${verb}": ${VERBS.join(', ')}`);
  }
  const { pipeline, customer } = values;
  if (!pipeline) {
    throw new UsageError('--pipeline is missing: the name of the pipeline, as the construct has it (pipelineName)');
  }
  if (verb === 'create' && customer === undefined) {
    throw new UsageError('--customer is missing: whose key it is, who owns the jobs that are submitted with it');
  }
  if (customer !== undefined && !new RegExp(CUSTOMER_PATTERN).test(customer)) {
    throw new UsageError(`--customer is 1 to 64 letters, digits, dots, dashes and underscores, not "${customer}"`);
  }
  return { verb, ...values, pipeline, json, ...keyOf(verb, rest) };
}

function keyOf(verb: KeysTask['verb'], given: readonly string[]): Pick<KeysTask, 'key_id'> {
  if (verb !== 'revoke') {
    if (given.length > 0) {
      throw new UsageError(`"keys ${verb}" takes no arguments beside its options`); // not repeated: it may be a key
    }
    return {};
  }
  const [key, ...others] = given;
  const isWhole = key !== undefined && new RegExp(KEY_PATTERN).test(key);
  const key_id = isWhole ? key.split('_', 2).join('_') : key;
  if (key_id === undefined || others.length > 0 || !new RegExp(KEY_ID_PATTERN).test(key_id)) {
    throw new UsageError('"keys revoke" takes the beginning of one key, as lists show it: jw_ and 8 letters and digits');
  }
  return { key_id };
}

function isVerb(verb: string): verb is KeysTask['verb'] {
  return VERBS.includes(verb);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(optionError(error as NodeJS.ErrnoException, 'keys', Object.keys(OPTIONS)));
  }
}
