import { type Connection, StatementError } from './connection';
import { RoleError } from './errors';
import type { Report } from './events';
import { literal, name as quoted } from './quote';
import { scramVerifier } from './scram';
import { inTransaction } from './transaction';

/** A role that an application connects as. It is made if it is not there, and owns nothing. */
export interface Role {
  readonly name: string;
  /** `write` may read and write the tables of schema `public`, `read` may read them. Neither may create, change or drop one. */
  readonly access: 'write' | 'read';
  /**
   * Printable ASCII. Only where there is no role `rds_iam`; where there is, the role authenticates by IAM and has no password.
   * @default - none
   */
  readonly password?: string;
  /**
   * Tables of schema `jobworks` that it may read, and with `write` also write.
   * @default - none, nor anything else of that schema
   */
  readonly libraryTables?: readonly string[];
}

const READ = 'SELECT';
const WRITE = 'SELECT, INSERT, UPDATE, DELETE';
/**
 * Longer than anybody waits who waits for an answer, and far less than a function may run. What a function has given up, as a checkpoint behind a
 * lock of its own transaction, the server would go on with for ever otherwise, and the connection with it.
 */
const STATEMENT_TIMEOUT = '60s';
/**
 * As long as a function may run: whoever is in a transaction and has said nothing since then has left it, and stands still between two calls. It
 * would hold its locks, such as that of a job which was to end with it, until its process is gone.
 */
const IDLE_IN_TRANSACTION_TIMEOUT = '15min';
const LONGEST_NAME_BYTES = 63;
const IAM_ROLE = 'rds_iam';
/** Somebody has made the same at the same time, for another database of the server. */
const AT_THE_SAME_TIME = ['42710', '23505', 'XX000'];
/** Made and changed: at either somebody else may have been there. */
const AGAIN_FOR_EACH = 3;

/** What is wrong with roles before a server is asked. @throws RoleError */
export function checkRoles(roles: readonly Role[]): void {
  const problems = roles.flatMap(({ name, password, libraryTables = [] }, index) => [
    ...(name === '' || name.includes('\0') || Buffer.byteLength(name) > LONGEST_NAME_BYTES ? [`"${name}" is no name of a role: 1 to ${LONGEST_NAME_BYTES} bytes`] : []),
    ...(/^(pg_|rds_?|public$|none$)/i.test(name) ? [`"${name}" is a name that belongs to the server: choose another`] : []),
    ...(roles.findIndex(other => other.name === name) < index ? [`"${name}" is there twice`] : []),
    ...(password !== undefined && !/^[ -~]+$/.test(password) ? [`the password of "${name}" must be printable ASCII, of one character at least`] : []),
    ...libraryTables.filter(table => !/^[a-z_]+$/.test(table) || table === 'migrations').map(table => `"${name}" can have no rights on jobworks.${table}`),
  ]);
  if (problems.length > 0) {
    throw new RoleError(problems);
  }
}

/** Makes roles that are not there, and grants what they have for good. What a file revokes later stays revoked. */
export async function ensureRoles(connection: Connection, roles: readonly Role[], report: Report): Promise<void> {
  if (roles.length === 0) {
    return;
  }
  for (let again = AGAIN_FOR_EACH * roles.length; ; again--) {
    try {
      return await makeRoles(connection, roles, report);
    } catch (error) {
      if (again === 0 || !(error instanceof StatementError && AT_THE_SAME_TIME.includes(error.fields.sqlstate))) {
        throw error;
      }
    }
  }
}

/** What each may do with the library's tables, which must be there. */
export async function grantLibraryTables(connection: Connection, roles: readonly Role[]): Promise<void> {
  const grants = roles.flatMap(({ name, access, libraryTables = [] }) => (libraryTables.length === 0 ? [] : [
    `GRANT USAGE ON SCHEMA jobworks TO ${quoted(name)}`,
    `GRANT ${access === 'write' ? WRITE : READ} ON ${libraryTables.map(table => `jobworks.${quoted(table)}`).join(', ')} TO ${quoted(name)}`,
  ]));
  if (grants.length > 0) {
    await inTransaction(connection, grants);
  }
}

interface Server {
  readonly database: string;
  readonly hasIam: boolean;
}

interface Found {
  readonly rolname: string;
  readonly rolcanlogin: boolean;
  /** What it may do that no application should. */
  readonly powers: readonly string[];
  readonly hasIam: boolean;
  /** Whether it was given its rights by us before. */
  readonly granted: boolean;
}

async function makeRoles(connection: Connection, roles: readonly Role[], report: Report): Promise<void> {
  const [server] = await connection.rows<Server>(
    `SELECT pg_catalog.current_database() AS database, EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${IAM_ROLE}') AS "hasIam"`);
  const found = new Map((await findRoles(connection, roles)).map(role => [role.rolname, role]));
  const problems = roles.flatMap(({ name }) => found.get(name)?.powers.map(power => `"${name}" is there and ${power}: give the role of the application another name`) ?? []);
  if (problems.length > 0) {
    throw new RoleError(problems);
  }
  for (const role of roles) {
    const existing = found.get(role.name);
    const statements = [
      ...madeBy(role, existing, server),
      ...(existing?.granted ? [] : await rightsOf(connection, role, server)),
    ];
    if (statements.length > 0) {
      await inTransaction(connection, statements);
    }
    if (!existing) {
      report({ kind: 'role', name: role.name });
    }
  }
}

async function findRoles(connection: Connection, roles: readonly Role[]): Promise<Found[]> {
  return connection.rows<Found>(`
    SELECT r.rolname, r.rolcanlogin,
      pg_catalog.array_remove(ARRAY[
        CASE WHEN r.rolsuper THEN 'is a superuser' END,
        CASE WHEN r.rolcreaterole THEN 'may create roles' END,
        CASE WHEN r.rolcreatedb THEN 'may create databases' END,
        CASE WHEN r.rolreplication THEN 'may replicate' END,
        CASE WHEN r.rolbypassrls THEN 'may bypass row level security' END,
        CASE WHEN r.rolname = current_user THEN 'is the role that migrates'
          WHEN NOT r.rolsuper AND pg_catalog.pg_has_role(r.oid, current_user, 'MEMBER') THEN 'is a member of the role that migrates' END,
        CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.rolname = 'rds_superuser' AND pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER'))
          AND NOT r.rolsuper THEN 'is a member of rds_superuser' END
      ], NULL) AS powers,
      EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = '${IAM_ROLE}') AS "hasIam",
      EXISTS (SELECT FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) a
        WHERE d.defaclrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
          AND d.defaclnamespace = 'public'::regnamespace AND d.defaclobjtype = 'r' AND a.grantee = r.oid) AS granted
    FROM pg_catalog.pg_roles r WHERE r.rolname = ANY ($1)`, [roles.map(({ name }) => name)]);
}

function madeBy({ name, access, password }: Role, existing: Found | undefined, { hasIam }: Server): string[] {
  const role = quoted(name);
  return [
    // all that is not said is NO: a role has no powers unless they are given
    ...(existing ? [] : [`CREATE ROLE ${role} LOGIN`]),
    ...(existing && !existing.rolcanlogin ? [`ALTER ROLE ${role} LOGIN`] : []),
    // said once: a file that sets another is not overruled
    ...(existing ? [] : [
      `ALTER ROLE ${role} SET statement_timeout = '${STATEMENT_TIMEOUT}'`,
      `ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION_TIMEOUT}'`,
    ]),
    // what keeps an honest mistake from writing; the wall is that it has no rights
    ...(!existing && access === 'read' ? [`ALTER ROLE ${role} SET default_transaction_read_only = on`] : []),
    ...(hasIam && !existing?.hasIam ? [`GRANT ${IAM_ROLE} TO ${role}`] : []),
    ...(!hasIam && password !== undefined ? [`ALTER ROLE ${role} PASSWORD ${literal(scramVerifier(password))}`] : []),
  ];
}

/** Given once: after that a file may take away, and the next run does not give it back. */
async function rightsOf(connection: Connection, { name, access }: Role, { database }: Server): Promise<string[]> {
  const role = quoted(name);
  const tables = access === 'write' ? WRITE : READ;
  const sequences = access === 'write' ? 'USAGE, SELECT' : READ;
  const existing = await connection.rows<{ object: string; sequence: boolean }>(`
    SELECT pg_catalog.format('%I.%I', 'public', c.relname) AS object, c.relkind = 'S' AS sequence
    FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`);
  return [
    // from everybody, as new databases have it since PostgreSQL 15; a temporary table is a table, too
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `REVOKE TEMPORARY ON DATABASE ${quoted(database)} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${role}`,
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    ...existing.map(({ object, sequence }) => `GRANT ${sequence ? sequences : tables} ON ${sequence ? 'SEQUENCE' : 'TABLE'} ${object} TO ${role}`),
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${tables} ON TABLES TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${sequences} ON SEQUENCES TO ${role}`,
  ];
}
