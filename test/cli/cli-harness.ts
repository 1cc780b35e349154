import { join } from 'node:path';
import { GetParameterCommand, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { SdkAws } from '../../src/cli/aws';
import { runCli } from '../../src/cli/cli';
import * as migrator from '../../src/cli/commands/migrate-database';
import type { Output } from '../../src/cli/io';
import { NOW } from '../support/job-fixtures';

export class Text implements Output {
  text = '';

  constructor(readonly isTTY = false, readonly columns?: number) {}

  write(text: string): void {
    this.text += text;
  }
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'as AWS says it'): Error {
  return Object.assign(new Error(message), { name });
}

type Asked = Readonly<Record<string, unknown>>;

/** The command line with an AWS that answers what a test says. */
export class CliHarness {
  /** Events that the operate function was invoked with. */
  readonly asked: Asked[] = [];
  readonly invoked: unknown[] = [];
  readonly parameters: unknown[] = [];
  readonly places: unknown[] = [];
  readonly questions: string[] = [];
  readonly waits: number[] = [];

  stdout = new Text();
  stderr = new Text();
  environment: Record<string, string> = {};
  /** Answer on the terminal; without one there is none. */
  reply?: string;
  parameter: string | Error = JSON.stringify({ operate_function: 'drawings-operate' });
  /** Names of all there are. */
  pipelines: string[] | Error = awsError('AccessDeniedException');
  caller: object | Error = { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ann' };
  unknownProfile?: string;
  /** Whatever place is asked for, it is this one. */
  private readonly aws = new SdkAws({
    ssm: { send: async (command: GetParameterCommand | GetParametersByPathCommand) => this.readParameter(command) },
    lambda: { send: async (command: { input: { FunctionName: string; Payload: string } }) => this.invoke(command.input) },
    sts: { send: async () => orThrow(this.caller) },
    region: async () => 'eu-central-1',
    unknownProfile: () => this.unknownProfile,
  } as unknown as ConstructorParameters<typeof SdkAws>[0]);

  /** What the function does with an event. */
  answer: (event: Asked) => unknown = () => ({});

  /** Runs `cdk-jobworks {line}`; words are parted by blanks. @returns the exit code */
  async run(line: string): Promise<number> {
    return runCli(line.split(' ').filter((word) => word !== ''), {
      stdout: this.stdout,
      stderr: this.stderr,
      environment: this.environment,
      now: () => NOW,
      wait: async (ms) => void this.waits.push(ms),
      ...(this.reply !== undefined && {
        ask: async (question: string) => {
          this.questions.push(question);
          return this.reply!;
        },
      }),
    }, {
      connect: (place) => {
        this.places.push(place);
        return this.aws;
      },
      version: () => '1.2.3',
      migrator: async () => migrator,
      jobTables: join(__dirname, '../../assets/migrations/jobworks'),
    });
  }

  get json(): unknown {
    return JSON.parse(this.stdout.text);
  }

  private readParameter(command: GetParameterCommand | GetParametersByPathCommand): object {
    if (command instanceof GetParametersByPathCommand) {
      const { Path, NextToken = '0' } = command.input;
      this.parameters.push(`${Path}*`);
      const names = orThrow(this.pipelines);
      const next = Number(NextToken) + 10; // a page of SSM's
      return { Parameters: names.slice(Number(NextToken), next).map((name) => ({ Name: `${Path}${name}` })), ...(next < names.length && { NextToken: String(next) }) };
    }
    const { input } = command;
    this.parameters.push(input.Name);
    return { Parameter: { Value: orThrow(this.parameter) } };
  }

  private invoke({ FunctionName, Payload }: { FunctionName: string; Payload: string }): object {
    this.invoked.push(FunctionName);
    const event = JSON.parse(Payload) as Asked;
    this.asked.push(event);
    const answer = this.answer(event);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer instanceof Thrown
      ? { FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify(answer)) }
      : { Payload: Buffer.from(JSON.stringify(answer)) };
  }
}

/** What a function threw, as Lambda answers it. */
export class Thrown {
  constructor(readonly errorType: string, readonly errorMessage: string) {}
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
