import { AlarmSeverity } from './monitored';

const { PAGE, TICKET } = AlarmSeverity;

/**
 * Every alarm of this library, by what has it, and how urgent it is unless tuned. It wakes somebody only where jobs are lost, late or refused until a
 * person does something; what is a warning of that, or mends itself, can wait for the morning.
 */
export const ALARM_SEVERITIES = {
  pipeline: {
    failureRate: PAGE,
    firstDeadLettered: TICKET, // one job, whose record is there to retry it
    deadLettered: PAGE,
    backlog: TICKET, // says what oldestMessageAge would ring for later
    noJobsFinished: PAGE,
    apiErrors: TICKET, // one call, which its caller repeats
    apiErrorRate: PAGE,
    submitConcurrency: TICKET,
    statusConcurrency: TICKET,
    deadLettersLeft: TICKET, // the sweeper ends their jobs when they are due
    deadLetterErrors: TICKET,
    sweeperErrors: TICKET,
    executionEndErrors: TICKET, // the sweeper asks for the ends of executions
  },
  worker: {
    firstDeadLetter: TICKET,
    deadLetters: PAGE,
    oldestMessageAge: PAGE,
    errors: TICKET, // tried again; what is given up is counted as dead letters or failed jobs
    throttles: TICKET,
    duration: TICKET,
    reservedConcurrency: TICKET,
  },
  function: {
    errors: PAGE, // nobody else counts what it did not do
    throttles: TICKET,
    duration: TICKET,
    reservedConcurrency: TICKET,
  },
  database: {
    connections: PAGE,
    cpu: TICKET,
    freeStorage: PAGE,
    capacity: TICKET,
    replicaLag: TICKET,
    deadlocks: TICKET,
    borrowLatency: PAGE,
    rotation: TICKET,
  },
  network: {
    portAllocation: PAGE,
    packetsDropped: TICKET,
  },
  queue: {
    oldestMessageAge: PAGE,
    firstDeadLetter: TICKET,
    deadLetters: PAGE,
  },
  table: {
    throttles: TICKET, // the SDK tries again
    systemErrors: TICKET,
  },
  stateMachine: {
    failureRate: PAGE,
    throttled: TICKET,
    timedOut: TICKET,
  },
  api: {
    errorRate: PAGE,
  },
  cost: {
    budget: TICKET,
  },
} as const;

/** What has alarms. */
export type AlarmKind = keyof typeof ALARM_SEVERITIES;

/** The alarms of a kind of thing. */
export type AlarmName<K extends AlarmKind> = keyof (typeof ALARM_SEVERITIES)[K] & string;

/** One alarm of one kind of thing. */
export type AlarmId = { [K in AlarmKind]: readonly [kind: K, name: AlarmName<K>] }[AlarmKind];

/** The page of an alarm: `pipeline-failure-rate`. */
export function runbookOf([kind, name]: AlarmId): string {
  return `${words(kind).join('-')}-${words(name).join('-')}`;
}

/** How urgent an alarm is unless it is tuned. */
export function severityOf([kind, name]: AlarmId): AlarmSeverity {
  return (ALARM_SEVERITIES[kind] as Readonly<Record<string, AlarmSeverity>>)[name]!;
}

/** What an alarm is called on a page: `failure rate`. */
export function alarmLabel([, name]: AlarmId): string {
  return words(name).map((word) => ({ api: 'API', cpu: 'CPU' })[word] ?? word).join(' ');
}

/** The pages of all alarms. */
export function runbookNames(): string[] {
  return Object.entries(ALARM_SEVERITIES).flatMap(([kind, names]) => Object.keys(names).map((name) => runbookOf([kind, name] as unknown as AlarmId)));
}

/** `failureRate` as `failure`, `rate`. */
function words(name: string): string[] {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
}
