/** What takes messages from the queue and starts the worker. */
export interface EventSource {
  /** @returns its state, such as `Enabled`, `Disabling` or `Disabled` */
  state(): Promise<string>;
  /** @returns its state, which is seldom the one asked for at once */
  enable(enabled: boolean): Promise<string>;
}

/** It is being changed at the moment, by us or by a deployment. */
export class EventSourceBusy extends Error {
  readonly name = 'EventSourceBusy';
}

const BUSY: readonly string[] = ['ResourceConflictException', 'ResourceInUseException'];

type LambdaSdk = typeof import('./lambda-client');

/** The event source mapping of a Lambda function. */
export class LambdaEventSource implements EventSource {
  /** @param load called when Lambda is first asked: few calls are about the event source */
  constructor(private readonly uuid: string, private readonly load: () => Promise<LambdaSdk>) {}

  async state(): Promise<string> {
    const { lambdaClient, GetEventSourceMappingCommand } = await this.load();
    const { State } = await lambdaClient().send(new GetEventSourceMappingCommand({ UUID: this.uuid }));
    return State ?? 'unknown';
  }

  async enable(enabled: boolean): Promise<string> {
    const { lambdaClient, UpdateEventSourceMappingCommand } = await this.load();
    try {
      const { State } = await lambdaClient().send(new UpdateEventSourceMappingCommand({ UUID: this.uuid, Enabled: enabled }));
      return State ?? 'unknown';
    } catch (error) {
      throw BUSY.includes((error as Error).name) ? new EventSourceBusy('the event source is being changed', { cause: error }) : error;
    }
  }
}
