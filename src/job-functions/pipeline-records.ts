import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { NetworkEndpoint } from '../secure-network/network-endpoint';

/** What can be done with records. An index is asked by its name. */
export type RecordAction = 'BatchGetItem' | 'GetItem' | 'PutItem' | 'UpdateItem';

/** Where a pipeline keeps its records, as its functions see it: what they are told, what they may do there, and how they get there. */
export interface PipelineRecords {
  /** What every function is told, also one that does nothing with records. */
  readonly environment: Record<string, string>;

  /**
   * Lets a function do with records what is named, and use the keys that are needed for it: that of the records, and that of its own environment.
   *
   * @param atOnce how many processes of it run at once at most
   */
  grantRecords(fn: lambda.Function, actions: readonly RecordAction[], atOnce: number): void;

  /** Lets a function ask indexes, each by its name. */
  grantIndexes(fn: lambda.Function, names: readonly string[]): void;

  /** What sending takes beside the permission to: the key of the queue, and the way there. */
  letSend(fn: lambda.Function): void;

  /** The way to a service that a function calls, where it is in a network for the sake of its records. */
  letOut(fn: lambda.Function, service: NetworkEndpoint): void;
}
