import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { watchHttpApi, watchRestApi } from './api';
import type {
  MonitoredApiOptions, MonitoredFunctionOptions, MonitoredQueueOptions, MonitoredStateMachineOptions, MonitoredTableOptions,
} from './monitored-options';
import { watchQueue } from './queue';
import { watchStateMachine } from './state-machine';
import { watchTable } from './table';
import { watched } from './watched-scope';
import { functionAlarmDefaults } from '../alarms/create-function-alarms';
import type { FunctionAlarmOptions } from '../alarms/function-alarm-options';
import { FunctionAlarms } from '../alarms/function-alarms';
import type { IMonitored, Monitoring } from '../monitoring/monitored';

/**
 * Resources of your own, so that a dashboard shows them beside the constructs of this library. Their alarms are created within them, once: what has
 * been asked for is to be kept, and given to each dashboard that shows it.
 *
 * @example
 * declare const extract: lambda.Function;
 * declare const inbox: sqs.Queue;
 * declare const documents: dynamodb.Table;
 *
 * const monitored = [
 *   Monitored.fromFunction(extract, { title: 'extract', alarms: { throttles: { threshold: 10 } } }),
 *   Monitored.fromQueue(inbox),
 *   Monitored.fromTable(documents),
 * ];
 */
export class Monitored implements IMonitored {
  /**
   * A function, a version or an alias: its invocations, duration, concurrency, memory and cold starts, with the alarms of `FunctionAlarms`. Memory
   * and cold starts are read from its log, where the function was given a `logGroup`.
   *
   * @param fn the function
   * @param options what it is called, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromFunction(fn: IFunction, options: MonitoredFunctionOptions = {}): Monitored {
    const { scope, title, alarms } = watched<FunctionAlarmOptions>({
      factory: 'fromFunction', takes: ['lambda.IFunction', 'functionArn', 'fn'], resource: fn, options, defaults: functionAlarmDefaults(),
    });
    const made = new FunctionAlarms(scope, 'Function', { function: fn, label: title, alarms });
    return new Monitored(() => made.monitor());
  }

  /**
   * A queue: what comes in, what is done, what waits and for how long, with alarms of age and dead letters. What a `QueuedLambdaWorker` works through
   * has them already.
   *
   * @param queue the queue
   * @param options what it is called, its dead-letter queue, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromQueue(queue: IQueue, options: MonitoredQueueOptions = {}): Monitored {
    return new Monitored(watchQueue(queue, options));
  }

  /**
   * A DynamoDB table: capacity consumed, latency, what was throttled or failed, with alarms of the latter.
   *
   * @param table the table
   * @param options what it is called, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromTable(table: ITable, options: MonitoredTableOptions = {}): Monitored {
    return new Monitored(watchTable(table, options));
  }

  /**
   * A state machine: how its executions end and how long they take, with alarms of failed, slowed down and timed out ones. One of `JobSteps` has
   * what belongs to it in `JobSteps` itself.
   *
   * @param stateMachine the state machine
   * @param options what it is called, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromStateMachine(stateMachine: IStateMachine, options: MonitoredStateMachineOptions = {}): Monitored {
    return new Monitored(watchStateMachine(stateMachine, options));
  }

  /**
   * A REST API of API Gateway: calls, 4xx, 5xx and latency, with an alarm of the share of 5xx. That of a `JobProcessingPipeline` is shown with it.
   *
   * @param api the API; its name must be known, by which CloudWatch tells APIs apart
   * @param options what it is called, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromRestApi(api: IRestApi, options: MonitoredApiOptions = {}): Monitored {
    return new Monitored(watchRestApi(api, options));
  }

  /**
   * An HTTP API of API Gateway: calls, 4xx, 5xx and latency, with an alarm of the share of 5xx.
   *
   * @param api the API
   * @param options what it is called, and what is tuned
   * @returns what a dashboard shows
   * @throws an error that lists what is wrong with the options, or that it was asked for already
   */
  public static fromHttpApi(api: IHttpApi, options: MonitoredApiOptions = {}): Monitored {
    return new Monitored(watchHttpApi(api, options));
  }

  private constructor(private readonly asked: () => Monitoring) {}

  /**
   * What there is to watch of it.
   *
   * @returns its alarms, its part of the page, logs and costs
   */
  public monitor(): Monitoring {
    return this.asked();
  }
}
