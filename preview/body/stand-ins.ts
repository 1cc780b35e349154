/** Readable words for what only a deployment knows: names, ARNs, the region. */

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

export const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com', 'AWS::StackName': 'Stack', 'AWS::NoValue': '',
};

/** Properties that name a resource. */
const NAMES = ['AlarmName', 'FunctionName', 'QueueName', 'TableName', 'LogGroupName', 'StateMachineName', 'DashboardName', 'DBInstanceIdentifier', 'DBProxyName', 'Name'];

/** How a resource stands at the end of its ARN, where that is not its name alone. */
const ARN_ENDS: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'alarm:',
  'AWS::CloudWatch::CompositeAlarm': 'alarm:',
  'AWS::Lambda::Function': 'function:',
  'AWS::StepFunctions::StateMachine': 'stateMachine:',
  'AWS::DynamoDB::Table': 'table/',
  'AWS::Logs::LogGroup': 'log-group:',
};

/** A template says something that no stand-in is known for. */
export class NoStandIn extends Error {
  readonly name = 'NoStandIn';
}

type Intrinsic = Readonly<Record<string, unknown>>;

/** Resolves what stands in templates of one app to text. */
export class StandIns {
  private readonly exports: ReadonlyMap<string, () => unknown>;

  constructor(templates: readonly Template[]) {
    this.exports = new Map(templates.flatMap((template) => Object.values(template.Outputs ?? {}).flatMap(({ Value, Export }) =>
      typeof Export?.Name === 'string' ? [[Export.Name, () => this.resolve(Value, template)] as const] : [])));
  }

  /** The same with every intrinsic function in it replaced. */
  resolve(value: unknown, template: Template): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, template));
    if (typeof value !== 'object' || value === null) return value;
    const keys = Object.keys(value);
    if (keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'))) return this.intrinsic(keys[0], (value as Intrinsic)[keys[0]], template);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, template)]));
  }

  /** What a resource is called: by its name if it has one, otherwise by its place in the app. */
  nameOf(logicalId: string, template: Template): string {
    const resource = template.Resources?.[logicalId];
    const given = NAMES.map((name) => resource?.Properties?.[name]).find((name) => name !== undefined && !isOwnName(name, logicalId));
    const name = given === undefined ? undefined : this.resolve(given, template);
    if (typeof name === 'string' && name !== '') return name;
    const path = resource?.Metadata?.['aws:cdk:path'];
    return path === undefined
      ? logicalId.replace(/[0-9A-F]{8}$/, '')
      : path.split('/').slice(1).filter((part) => part !== 'Resource' && part !== 'Default').join('-') || logicalId;
  }

  private intrinsic(name: string, argument: unknown, template: Template): unknown {
    const texts = () => (this.resolve(argument, template) as unknown[]);
    switch (name) {
      case 'Ref': return this.reference(String(argument), template);
      case 'Fn::GetAtt': return this.attribute(argument, template);
      case 'Fn::Join': {
        const [separator, items] = texts() as [string, unknown[]];
        return items.join(separator);
      }
      case 'Fn::Select': {
        const [index, items] = texts() as [string | number, unknown[]];
        return items[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = texts() as [string, string];
        return text.split(separator);
      }
      case 'Fn::Sub': return this.substitute(argument, template);
      case 'Fn::If': return (texts())[1];
      case 'Fn::ImportValue': {
        const exported = String(this.resolve(argument, template));
        return this.exports.get(exported)?.() ?? exported.split(':').at(-1);
      }
      default: throw new NoStandIn(`There is no stand-in for ${name} in a dashboard`);
    }
  }

  private reference(id: string, template: Template): unknown {
    return PSEUDO[id] ?? template.Parameters?.[id]?.Default ?? this.nameOf(id, template);
  }

  private attribute(argument: unknown, template: Template): string {
    const [id, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const name = this.nameOf(id, template);
    if (attribute !== 'Arn') return name;
    const type = template.Resources?.[id]?.Type ?? '';
    const service = { StepFunctions: 'states' }[type.split('::')[1]] ?? type.split('::')[1]?.toLowerCase();
    return `arn:aws:${service}:${REGION}:${ACCOUNT}:${ARN_ENDS[type] ?? ''}${name}`;
  }

  private substitute(argument: unknown, template: Template): string {
    const [text, values] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
    return text.replace(/\$\{([^!}]+)\}/g, (_, id: string) => String(id in values ? this.resolve(values[id], template)
      : id.includes('.') ? this.attribute(id, template) : this.reference(id, template)));
  }
}

/** A name that is made of the resource's own attributes would lead in a circle. */
function isOwnName(name: unknown, logicalId: string): boolean {
  return JSON.stringify(name).includes(`"${logicalId}"`);
}
