import { Duration, Size } from 'aws-cdk-lib';
import type { Default } from './assembly';
import { EnvironmentProfile } from '../../../src/environment-profile/environment-profile';

/** What profiles decide that no prop says, as if it were a struct of its own. */
export const PROFILE = 'EnvironmentProfile';
export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;

/** Each of it with its values in the three environments, as cells of a table. */
export function profileDefaults(): Default[] {
  const profiles = ENVIRONMENTS.map(name => EnvironmentProfile.named(name));
  return [...members(profiles, ''), ...members(profiles.map(({ sizes }) => sizes), 'sizes.')];
}

function members(objects: readonly object[], prefix: string): Default[] {
  const [first] = objects;
  return Object.keys(first).filter(key => key !== 'name' && key !== 'sizes').map(key => ({
    struct: PROFILE,
    prop: `${prefix}${key}`,
    value: objects.map(object => shown(key, object[key as keyof typeof object])).join(' | '),
  }));
}

function shown(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Duration) return value.toHumanString();
  if (value instanceof Size) return `${value.toMebibytes()} MiB`;
  if (key === 'logRetention') return `${value} days`;
  return String(value);
}
