/* What `cdk-jobworks/postgres` has: connections to the database that `grantConnect()` has opened for a function. */
export { openPool, type PoolOptions } from './pool';
export { isConnectionLost } from './lost';
