import { Duration, type Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { connectAttempts } from './connect-processor';
import { installLayer, layerProblems, traceUnlessSaid } from './node-layer';
import type { ProcessorConnection, ProcessorKind } from './processor-kind';
import { checkEnvironmentSize } from '../internal/environment-size';
import type { BrokenRule } from '../internal/prop-rules';
import { constructKind, described } from '../internal/value-kinds';
import type { StoreKind } from '../job-store/store-kind';

const FUNCTION = constructKind('lambda.Function', 'functionArn', 'JobProcessor.inFunction(fn)', 'with const fn = new lambda.Function(…)');

const LONGEST_SHUTDOWN_MS = 10_000;

/** Runs jobs inside a function of the user's, by a layer in front of its handler. */
export class InFunction implements ProcessorKind {
  readonly attemptNote = 'the timeout of the function';

  constructor(private readonly fn: lambda.Function) {}

  misuse(): BrokenRule[] {
    if (!FUNCTION.is(this.fn)) {
      return [{ rule: 'processor: JobProcessor.inFunction() must be given a lambda.Function', value: described(this.fn), fix: `write ${FUNCTION.write}, ${FUNCTION.note}` }];
    }
    const { runtime, node }: Partial<lambda.Function> = this.fn;
    return runtime !== undefined && node?.defaultChild !== undefined ? [] : [{
      rule: 'processor: the function must be defined in this app, not imported, and be no version or alias: its handler is replaced',
      value: node?.path,
      fix: 'pass the lambda.Function itself, or use JobProcessor.callFunction()',
    }];
  }

  problems(stack: Stack, store: Pick<StoreKind, 'layersFor'>): BrokenRule[] {
    return layerProblems(this.fn, stack, 1 + store.layersFor(this.fn));
  }

  /** 3 seconds, where nothing is said on the function. */
  get attemptTimeout(): Duration {
    return this.fn.timeout ?? Duration.seconds(3);
  }

  /** Near its timeout an attempt is asked to stop and its successor goes on: only one that did not stop is too slow. */
  get slowAfter(): Duration | undefined {
    const timeout = this.attemptTimeout;
    return timeout.isUnresolved() ? undefined : Duration.millis(timeout.toMilliseconds() - this.shutdown.toMilliseconds() / 2);
  }

  get planned() {
    return { function: this.fn, longest: this.attemptTimeout };
  }

  get workerProps() {
    return { function: this.fn };
  }

  function(): lambda.Function {
    return this.fn;
  }

  connect(fn: lambda.Function, connection: ProcessorConnection): void {
    installLayer(fn);
    if (connection.tracing) {
      traceUnlessSaid(fn);
    }
    connectAttempts(fn, connection, this.shutdown);
    checkEnvironmentSize(fn, 'shorten its own variables, or read what is large from a parameter or a secret');
  }

  /**
   * How long before its timeout an attempt is asked to stop: a fifth of its time, and 10 seconds at most. With a timeout that is known at deployment
   * alone it is the most: at runtime an attempt has half of its time at least.
   */
  private get shutdown(): Duration {
    const timeout = this.attemptTimeout;
    return Duration.millis(Math.min(LONGEST_SHUTDOWN_MS, timeout.isUnresolved() ? Infinity : Math.floor(timeout.toMilliseconds() / 5)));
  }
}
