import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The longest that a token is taken, whatever it says itself. */
const LONGEST_SECONDS = 15 * 60;
const CLOCK_SKEW_SECONDS = 5 * 60;
const EMPTY = createHash('sha256').digest('hex');

/** What a token must be for. */
export interface TokenTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

/** What is known of an access key. */
export interface AccessKey {
  readonly secret: string;
  /** Of a role's session. */
  readonly sessionToken?: string;
}

/** A token that is not taken; the client is told no more than that. */
export class TokenRefused extends Error {
  readonly name = 'TokenRefused';
}

/**
 * Verifies a token of IAM as RDS does: a presigned request for this host and port, to connect as this user, not expired, and signed by
 * the secret of an access key that there is.
 *
 * @param keyOf what is known of an access key; nothing where there is none
 * @returns the access key by which it was signed
 * @throws TokenRefused
 */
export async function verifyToken(
  token: string, target: TokenTarget, keyOf: (accessKeyId: string, sessionToken?: string) => Promise<AccessKey | undefined>, now = Date.now(),
): Promise<string> {
  const [address, queryText = ''] = token.split('/?');
  const query = new URLSearchParams(queryText);
  const value = (name: string) => query.get(name) ?? '';
  demand(address === `${target.host}:${target.port}`, `it is for ${address}, and this is ${target.host}:${target.port}`);
  demand(value('Action') === 'connect', `its action is ${value('Action')}`);
  demand(value('DBUser') === target.user, `it is for ${value('DBUser')}, and who comes is ${target.user}`);
  demand(value('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' && value('X-Amz-SignedHeaders') === 'host', 'it is signed in another way');

  const [accessKeyId, day, region, service, end] = value('X-Amz-Credential').split('/');
  const date = value('X-Amz-Date');
  demand(date.startsWith(day) && region === target.region && service === 'rds-db' && end === 'aws4_request', 'it is signed for something else');
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const seconds = Number(value('X-Amz-Expires'));
  demand(seconds > 0 && seconds <= LONGEST_SECONDS && signed + seconds * 1000 > now && signed - CLOCK_SKEW_SECONDS * 1000 < now, 'it has expired');

  const sessionToken = query.get('X-Amz-Security-Token') ?? undefined;
  const key = await keyOf(accessKeyId, sessionToken);
  demand(key !== undefined, `there is no access key ${accessKeyId}`);
  demand((key!.sessionToken ?? '') === (sessionToken ?? ''), 'its session is another');
  const expected = signature(key!.secret, { date, day, region, service, host: address }, query);
  const given = Buffer.from(value('X-Amz-Signature'), 'hex');
  demand(given.length === expected.length && timingSafeEqual(given, expected), 'its signature is wrong');
  return accessKeyId;
}

interface Scope {
  readonly date: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly host: string;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signature(secret: string, { date, day, region, service, host }: Scope, query: URLSearchParams): Buffer {
  const canonicalQuery = [...query].filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, text]) => `${escaped(name)}=${escaped(text)}`).sort().join('&');
  const request = ['GET', '/', canonicalQuery, `host:${host}\n`, 'host', EMPTY].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/aws4_request`, createHash('sha256').update(request).digest('hex')].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>((part, text) => hmac(part, text), `AWS4${secret}`);
  return hmac(key, toSign);
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function demand(condition: boolean, problem: string): void {
  if (!condition) throw new TokenRefused(problem);
}
