import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AlarmRouter } from '../../src/alarm-routing/alarm-router';
import type { AlarmTopics } from '../../src/alarm-routing/alarm-topics';
import { AlarmSeverity, type IMonitored, type MonitoredAlarm, type Monitoring } from '../../src/monitoring/monitored';

const { PAGE, TICKET } = AlarmSeverity;

/** A thing whose monitoring is as given. */
export class Thing implements IMonitored {
  constructor(readonly monitoring: Monitoring) {}
  monitor() { return this.monitoring; }
}

/** Things with alarms, and a router for them. */
export class Routing {
  readonly stack: Stack;
  readonly topics: AlarmTopics;
  readonly router: AlarmRouter;
  private number = 0;

  constructor(stack = new Stack(new App(), 'Stack')) {
    this.stack = stack;
    this.topics = { pageTopic: new Topic(stack, 'Page'), ticketTopic: new Topic(stack, 'Ticket') };
    this.router = new AlarmRouter(stack, { topics: this.topics, runbookUrl: (name) => (name.includes(':') ? name : `https://runbooks.example.com/${name}`) });
  }

  alarm(severity: AlarmSeverity, more: Partial<MonitoredAlarm> = {}): MonitoredAlarm {
    const label = `alarm ${++this.number}`;
    return { alarm: metricAlarm(this.stack, `Alarm${this.number}`), severity, label, action: 'See the log.', ...more };
  }

  /** A thing with so many alarms that page, and so many that do not. */
  thing(title: string, pages: number, tickets: number, ...dependsOn: IMonitored[]): Thing {
    const alarms = [...Array(pages).fill(PAGE), ...Array(tickets).fill(TICKET)].map((severity: AlarmSeverity) => this.alarm(severity));
    return new Thing({ title, alarms, dependsOn });
  }

  route(...things: IMonitored[]) {
    return this.router.route(new Map(things.map((thing) => [thing, thing.monitor()])));
  }

  /** The composite alarms, by how their logical ids begin. */
  composites(): Record<string, Composite> {
    const found = Object.entries(Template.fromStack(this.stack).findResources('AWS::CloudWatch::CompositeAlarm'));
    return Object.fromEntries(found.map(([id, { Properties }]) => [id.slice(0, -8), Properties as Composite]));
  }
}

/** What a template says of a composite alarm. */
export interface Composite {
  readonly AlarmName?: string;
  readonly AlarmRule: unknown;
  readonly AlarmDescription: string;
  readonly AlarmActions?: unknown[];
  readonly OKActions?: unknown[];
  readonly ActionsSuppressor?: unknown;
  readonly ActionsSuppressorWaitPeriod?: number;
  readonly ActionsSuppressorExtensionPeriod?: number;
}

export function metricAlarm(stack: Stack, id: string): IAlarm {
  return new Alarm(stack, id, { metric: new Metric({ namespace: 'Test', metricName: id }), threshold: 1, evaluationPeriods: 1 });
}

/** The logical ids in a text, without their hashes. */
export function namedIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"Fn::GetAtt":\["(\w+?)\w{8}","Arn"\]/g)].map(([, id]) => id!);
}
