import type { PostgresSettings } from './postgres-settings';
import type { SqlMigrations } from './sql-migrations';
import { editDistance } from '../internal/edit-distance';
import type { PropRules } from '../internal/prop-rules';

/**
 * What both engines have from PostgreSQL 16 on, as of November 2026, by the names that CREATE EXTENSION takes.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Extensions.html
 */
const KNOWN = [
  'address_standardizer', 'address_standardizer_data_us', 'amcheck', 'autoinc', 'aws_commons', 'aws_lambda', 'aws_s3', 'bloom', 'bool_plperl', 'btree_gin',
  'btree_gist', 'citext', 'cube', 'dblink', 'dict_int', 'dict_xsyn', 'earthdistance', 'fuzzystrmatch', 'h3', 'h3_postgis', 'hll', 'hstore', 'hstore_plperl',
  'hypopg', 'insert_username', 'intagg', 'intarray', 'ip4r', 'isn', 'jsonb_plperl', 'lo', 'log_fdw', 'ltree', 'moddatetime', 'mysql_fdw', 'old_snapshot',
  'oracle_fdw', 'orafce', 'pageinspect', 'pg_bigm', 'pg_buffercache', 'pg_cron', 'pg_freespacemap', 'pg_hint_plan', 'pg_logicalinspect', 'pg_partman',
  'pg_prewarm', 'pg_proctab', 'pg_repack', 'pg_similarity', 'pg_stat_statements', 'pg_tle', 'pg_trgm', 'pg_visibility', 'pg_walinspect', 'pgaudit', 'pgcrypto',
  'pgcollection', 'pglogical', 'pgrouting', 'pgrowlocks', 'pgstattuple', 'pgtap', 'plcoffee', 'plls', 'plperl', 'plpgsql', 'plprofiler', 'plrust', 'pltcl',
  'plv8', 'postgis', 'postgis_raster', 'postgis_tiger_geocoder', 'postgis_topology', 'postgres_fdw', 'prefix', 'rdkit', 'rds_tools', 'refint', 'seg', 'sslinfo',
  'tablefunc', 'tcn', 'tds_fdw', 'test_parser', 'tsm_system_rows', 'tsm_system_time', 'unaccent', 'uuid-ossp', 'vector',
];
const OF_INSTANCES = ['pg_transport', 'pgactive'];
const OF_AURORA = ['apg_plan_mgmt', 'aurora_stat_utils', 'aws_ml'];

/** What people call an extension whose own name is another. */
const CALLED: Readonly<Record<string, string>> = { 'pgvector': 'vector', 'pg_vector': 'vector', 'uuid_ossp': 'uuid-ossp', 'h3-pg': 'h3', 'pgtrgm': 'pg_trgm' };

/** The extensions that migrations ask for, against those that the engine has. That pgvector is there, the least version of the engine sees to. */
export function checkExtensions(rules: PropRules, { extensions }: SqlMigrations, { aurora }: PostgresSettings): void {
  const has = [...KNOWN, ...(aurora ? OF_AURORA : OF_INSTANCES)];
  const engine = aurora ? 'Aurora PostgreSQL' : 'RDS for PostgreSQL';
  for (const name of extensions) {
    const meant = nearest(name, has);
    rules.check(has.includes(name), {
      rule: `migrations must ask for extensions that ${engine} has, by the names that CREATE EXTENSION takes`,
      value: `'${name}'`,
      fix: `${meant === undefined ? 'remove it' : `write '${meant}'`}, or create one that AWS has added since November 2026 by a statement of your own files`,
    });
  }
}

function nearest(name: string, has: readonly string[]): string | undefined {
  const meant = CALLED[name.toLowerCase()];
  if (meant !== undefined) {
    return meant;
  }
  const [best] = has.map((one) => ({ one, distance: editDistance(name.toLowerCase(), one) })).sort((a, b) => a.distance - b.distance);
  return best!.distance <= 2 ? best!.one : undefined;
}
