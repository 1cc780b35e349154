import { randomBytes } from 'node:crypto';
import type { MasterLogin } from './master-login';
import { STAGE, type Credentials, type SecretVersions } from './secret-versions';

/** What Secrets Manager asks for, one step a call. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  /** The version that is to become the current one. */
  readonly ClientRequestToken: string;
}

/** What is rotated, and where. */
export interface RotationParts {
  readonly versions: SecretVersions;
  readonly login: MasterLogin;
}

/** A rotation that cannot go on. */
export class RotationError extends Error {
  readonly name = 'RotationError';
}

/** Letters and digits, 190 bits: nothing that an address or a shell would take for something else. */
export function newPassword(): string {
  return randomBytes(48).toString('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, 32).padEnd(32, '0');
}

/**
 * One of the four steps by which Secrets Manager changes a password. Each may come twice, or at once with itself, and ends the same.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export async function rotate({ Step: step, ClientRequestToken: version }: RotationEvent, parts: RotationParts): Promise<void> {
  const stages = (await parts.versions.stages()).get(version);
  if (stages?.includes(STAGE.current)) {
    return; // done before
  }
  switch (step) {
    case 'createSecret': return create(version, parts);
    case 'setSecret': return set(await pending(version, parts), parts);
    case 'testSecret': return test(await pending(version, parts), parts);
    case 'finishSecret': return finish(version, parts);
    default: throw new RotationError(`there is no step ${step}`);
  }
}

/** A new password, unless there is one for this version already. */
async function create(version: string, { versions }: RotationParts): Promise<void> {
  const current = await present(versions.read(STAGE.current), 'current');
  if (!await versions.read(STAGE.pending, version)) {
    await versions.put(version, { ...current, password: newPassword() });
  }
}

/** Tells the server, by the password that it knows. */
async function set(wanted: Credentials, { versions, login }: RotationParts): Promise<void> {
  if (await login.accepts(wanted)) {
    return; // told before
  }
  // the previous one: a rotation that was finished here and lost there
  for (const stage of [STAGE.current, STAGE.previous]) {
    const known = await versions.read(stage);
    if (!known) continue;
    if (known.username !== wanted.username) {
      throw new RotationError('the pending version is for another user than the current one');
    }
    if (await login.accepts(known)) {
      return change(known, wanted, login);
    }
  }
  if (await login.accepts(wanted)) {
    return; // the same step, at once with this one
  }
  throw new RotationError('the server takes neither the pending, the current nor the previous password: somebody has changed it elsewhere. '
    + 'Set it to what the current version of the secret says');
}

async function change(known: Credentials, wanted: Credentials, login: MasterLogin): Promise<void> {
  try {
    await login.change(known, wanted);
  } catch (error) {
    if (!await login.accepts(wanted)) throw error; // else the same step was there at once
  }
}

async function test(wanted: Credentials, { login }: RotationParts): Promise<void> {
  if (!await login.accepts(wanted)) {
    throw new RotationError('the server does not take the pending password');
  }
}

async function finish(version: string, { versions }: RotationParts): Promise<void> {
  const before = await currentVersion(versions);
  if (before === undefined) {
    throw new RotationError('the secret has no current version');
  }
  if (before === version) {
    return;
  }
  try {
    await versions.promote(version, before);
  } catch (error) {
    if (await currentVersion(versions) !== version) throw error; // else the same step was there at once
  }
}

async function currentVersion(versions: SecretVersions): Promise<string | undefined> {
  return [...await versions.stages()].find(([, stages]) => stages.includes(STAGE.current))?.[0];
}

async function pending(version: string, { versions }: RotationParts): Promise<Credentials> {
  return present(versions.read(STAGE.pending, version), 'pending');
}

async function present(reading: Promise<Credentials | undefined>, what: string): Promise<Credentials> {
  const found = await reading;
  if (!found) {
    throw new RotationError(`the secret has no ${what} version`);
  }
  return found;
}
