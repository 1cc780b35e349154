/** What AWS allows where nobody asked for more, and what it allows nobody. */
export const QUOTAS = {
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
  /** Invocations that one event source of a standard queue causes at once. */
  eventSourceInvocations: 1_250,
  /** With so many it begins. */
  eventSourceFirst: 5,
  /** So many more in a minute while messages wait. */
  eventSourcePerMinute: 300,

  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  /** Requests in a second for each concurrent execution that the account has. */
  requestsPerConcurrency: 10,
  functionSeconds: 900,

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
  messagesInFlight: 120_000,

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html
  /** Units in a second, of reading and of writing, that a table on demand takes. */
  tableUnits: 40_000,
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
  /** Units in a second that one key takes: what comes is spread no further. */
  keyWriteUnits: 1_000,
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
  /** That a new table takes at once; twice as many half an hour later. */
  newTableWriteUnits: 4_000,

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  apiRequests: 10_000,

  // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (us-east-1; other regions have half of it or less)
  startsPerSecond: 300,
  transitionsPerSecond: 5_000,
} as const;
