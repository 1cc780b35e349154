/** Environment variables that a construct sets and a handler reads. */
export const ENVIRONMENT = {
  /** Name of the pipeline: dimension of its metrics, field of its log lines. */
  pipeline: 'JOBWORKS_PIPELINE',
  table: 'JOBWORKS_TABLE_NAME',
  queueUrl: 'JOBWORKS_QUEUE_URL',
  /** Events of this queue are jobs; any other event reaches the user's handler unchanged. */
  queueArn: 'JOBWORKS_QUEUE_ARN',
  /** The user's handler, as it was before the layer took its place. */
  handler: 'JOBWORKS_HANDLER',
  maxAttempts: 'JOBWORKS_MAX_ATTEMPTS',
  backoffFirstMs: 'JOBWORKS_BACKOFF_FIRST_MS',
  backoffMaxMs: 'JOBWORKS_BACKOFF_MAX_MS',
  backoffJitter: 'JOBWORKS_BACKOFF_JITTER',
  /** From submission to the time at which a job that has not ended is failed. */
  deadlineSeconds: 'JOBWORKS_DEADLINE_SECONDS',
  /** How long a record is kept after its job ended or its deadline passed, whichever is later. */
  retentionSeconds: 'JOBWORKS_RETENTION_SECONDS',
  /** JSON Schema of the payload: deflated, base64. */
  payloadSchema: 'JOBWORKS_PAYLOAD_SCHEMA',
  /** How a caller is known; see {@link AUTHENTICATION}. */
  authentication: 'JOBWORKS_AUTHENTICATION',
  /** JSON object: id of an API key to the name of its customer. */
  customers: 'JOBWORKS_CUSTOMERS',
  /** Table of the API keys that were issued for an HTTP API. */
  keysTable: 'JOBWORKS_KEYS_TABLE_NAME',
  /** Path of a job's status with `{job_id}`, for the `Location` of an accepted job. */
  statusPath: 'JOBWORKS_STATUS_PATH',
  /** How long before its timeout an attempt is asked to stop. */
  shutdownMs: 'JOBWORKS_SHUTDOWN_MS',
  /** Where what is over the inline limit is stored, and what callers upload; none without a bucket. */
  bucket: 'JOBWORKS_BUCKET',
  /** There where files may travel by S3's nearest edge location. */
  bucketAccelerated: 'JOBWORKS_BUCKET_ACCELERATED',
  /** First part of the keys of all of the pipeline's objects. It stays the same when the pipeline gets another name. */
  filesPrefix: 'JOBWORKS_FILES_PREFIX',
  /** Path at which several jobs are submitted at once. */
  batchPath: 'JOBWORKS_BATCH_PATH',
  /** Path at which a job is cancelled, with `{job_id}`. */
  cancelPath: 'JOBWORKS_CANCEL_PATH',
  /** Path at which a job is retried, with `{job_id}`. */
  retryPath: 'JOBWORKS_RETRY_PATH',
  /** Jobs that one owner may submit in a minute, counted exactly; no count without it. */
  submitsPerMinute: 'JOBWORKS_SUBMITS_PER_MINUTE',
  /** So many more in any one minute. */
  submitBurst: 'JOBWORKS_SUBMIT_BURST',
  /** Origins whose pages may read answers: `*`, or several parted by commas. */
  corsOrigins: 'JOBWORKS_CORS_ORIGINS',
  /** The largest file that may be uploaded. */
  uploadMaxBytes: 'JOBWORKS_UPLOAD_MAX_BYTES',
  /** Messages of this queue are dead letters. */
  deadLetterQueueUrl: 'JOBWORKS_DEAD_LETTER_QUEUE_URL',
  /** UUID of what takes messages from the queue, to be paused and resumed. */
  eventSourceMapping: 'JOBWORKS_EVENT_SOURCE_MAPPING',
  /** JSON object: what writes to a log group, as its construct is called, to the name of the group; for who operates the pipeline. */
  logGroups: 'JOBWORKS_LOG_GROUPS',
  /** ARN of the function that the runner calls. */
  calledFunction: 'JOBWORKS_CALLED_FUNCTION',
  /** How long a call of it may take. */
  calledTimeoutSeconds: 'JOBWORKS_CALLED_TIMEOUT_SECONDS',
  /** ARN of the state machine that runs the jobs. */
  stateMachine: 'JOBWORKS_STATE_MACHINE',
  /** How long an execution of it may take. */
  executionTimeoutSeconds: 'JOBWORKS_EXECUTION_TIMEOUT_SECONDS',
  /** How many executions may be under way at once. */
  maxExecutions: 'JOBWORKS_MAX_EXECUTIONS',
  /** Where the database of `grantConnect()` is: the address of its proxy, where there is one. */
  databaseHost: 'JOBWORKS_DATABASE_HOST',
  databasePort: 'JOBWORKS_DATABASE_PORT',
  databaseName: 'JOBWORKS_DATABASE_NAME',
  /** The role as which the function comes. */
  databaseRole: 'JOBWORKS_DATABASE_ROLE',
  /** PEM file with the certificates that are trusted. */
  databaseCa: 'JOBWORKS_DATABASE_CA',
  /** The most connections that a process holds at once. */
  databaseMaxConnections: 'JOBWORKS_DATABASE_MAX_CONNECTIONS',
  /** ARN of the secret with the master user's name and password, for what migrates. */
  databaseSecretArn: 'JOBWORKS_DATABASE_SECRET_ARN',
  /** JSON object: what the function may read of parameters, secrets and flags, and where. */
  config: 'JOBWORKS_CONFIG',
  /** Folder of the migrations, from the function's code on; `migrations` without it. */
  migrationsFolder: 'JOBWORKS_MIGRATIONS_FOLDER',
  /** JSON list of what new versions are called with before they get traffic. */
  versionChecks: 'JOBWORKS_VERSION_CHECKS',
  /** JSON of the job that is submitted when a new version has all traffic. */
  smokeJob: 'JOBWORKS_SMOKE_JOB',
  /** ARN of the function that it is submitted by. */
  submitFunction: 'JOBWORKS_SUBMIT_FUNCTION',
  /** ARN of the function that tells how it is getting on. */
  statusFunction: 'JOBWORKS_STATUS_FUNCTION',
} as const;

/** Values of {@link ENVIRONMENT.authentication}. */
export const AUTHENTICATION = {
  iam: 'iam',
  apiKey: 'api-key',
  cognito: 'cognito',
  jwt: 'jwt',
  /** API keys of an HTTP API: an authorizer has found the customer. */
  issuedKey: 'issued-key',
  none: 'none',
} as const;
