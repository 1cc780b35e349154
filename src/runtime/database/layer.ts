/* `cdk-jobworks/postgres` as the layer has it: what users are told of, and what the library's own functions take from `pg`, which is there once. */
export * from './postgres';
export { Client, DatabaseError, Pool, Query } from 'pg';
