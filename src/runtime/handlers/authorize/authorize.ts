import { hashOf } from '../../keys/key';
import type { KeyStore } from '../../store/key-store';
import type { Log } from '../../telemetry/log';
import { KEY_HEADER, KEY_PATTERN } from '../../wire/keys';

/** A request of which an HTTP API asks whether it may pass, as far as it is looked at. */
export interface AuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly requestContext?: { readonly requestId?: string };
}

/** The simple format of answers. What is in the context reaches the functions, and the access log. */
export interface AuthorizerAnswer {
  readonly isAuthorized: boolean;
  readonly context?: { readonly customer: string; readonly key_id: string };
}

/** What a key is judged by. */
export interface AuthorizeParts {
  readonly keys: Pick<KeyStore, 'find'>;
  readonly log: Log;
}

const KEY = new RegExp(KEY_PATTERN);

/**
 * Tells an HTTP API whose key came with a request. Its caller is told nothing but that the key is refused; the log says why.
 *
 * Where the table does not answer this throws, and API Gateway answers 500: a refusal would be kept for as long as answers are.
 */
export async function authorize({ headers, requestContext }: AuthorizerEvent, { keys, log }: AuthorizeParts): Promise<AuthorizerAnswer> {
  const request_id = requestContext?.requestId;
  const key = headers?.[KEY_HEADER] ?? '';
  if (!KEY.test(key)) {
    log.info('key refused', { request_id, reason: 'no key' }); // nothing of what was sent: it may be a secret of something else
    return { isAuthorized: false };
  }
  const found = await keys.find(hashOf(key));
  if (!found || found.revoked_at !== undefined) {
    log.info('key refused', { request_id, reason: found ? 'revoked' : 'unknown', ...(found && { key_id: found.key_id, customer: found.customer }) });
    return { isAuthorized: false };
  }
  return { isAuthorized: true, context: { customer: found.customer, key_id: found.key_id } };
}
