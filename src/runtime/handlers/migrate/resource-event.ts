import type { Role } from '../../migrations/roles';
import { MIGRATION_PROPERTIES, MIGRATION_ROLE } from '../../wire/migrations';

/**
 * What the CDK's provider sends for a custom resource. It also has the address to which CloudFormation wants its answer, signed: it is never logged.
 * What the first call answers, the calls that follow are given as well.
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
 */
export interface ResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
  /** Ours: this is not the first call for the request, which came at this time (epoch milliseconds, as text). */
  readonly MigrationsBegun?: string;
}

/** Answer to the first call for a request. */
export interface Begun {
  readonly PhysicalResourceId: string;
  readonly MigrationsBegun: string;
}

/** Answer to those that follow, until it is complete. */
export interface Progress {
  readonly IsComplete: boolean;
}

/** What the template asks for. */
export interface Asked {
  readonly extensions: readonly string[];
  readonly roles: readonly Role[];
}

/** The construct has written them; CloudFormation makes texts of all that is no list and no object. @throws TypeError */
export function askedBy({ ResourceProperties = {} }: ResourceEvent): Asked {
  return {
    extensions: texts(ResourceProperties[MIGRATION_PROPERTIES.extensions], MIGRATION_PROPERTIES.extensions),
    roles: list(ResourceProperties[MIGRATION_PROPERTIES.roles], MIGRATION_PROPERTIES.roles).map(roleOf),
  };
}

function roleOf(value: unknown): Role {
  const role = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { [MIGRATION_ROLE.name]: name, [MIGRATION_ROLE.access]: access } = role;
  if (typeof name !== 'string' || (access !== 'write' && access !== 'read')) {
    throw new TypeError(`a role of ${MIGRATION_PROPERTIES.roles} has ${MIGRATION_ROLE.name}, a text, and ${MIGRATION_ROLE.access}, "write" or "read"`);
  }
  return { name, access, libraryTables: texts(role[MIGRATION_ROLE.libraryTables], MIGRATION_ROLE.libraryTables) };
}

function texts(value: unknown, property: string): string[] {
  return list(value, property).map(text => {
    if (typeof text !== 'string') {
      throw new TypeError(`${property} is a list of texts`);
    }
    return text;
  });
}

function list(value: unknown, property: string): readonly unknown[] {
  if (value !== undefined && !Array.isArray(value)) {
    throw new TypeError(`${property} is a list`);
  }
  return value ?? [];
}
