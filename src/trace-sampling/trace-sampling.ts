import { Aws, Fn, Names, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnGroup, CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import { Construct } from 'constructs';
import type { TraceSamplingProps } from './trace-sampling-props';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { PROFILE } from '../internal/common-kinds';
import { known, PropRules } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import { FLAG, instanceKind, listKind, numberKind, required, type KindsOf } from '../internal/value-kinds';
import { JobProcessingPipeline } from '../job-processing-pipeline/job-processing-pipeline';

const KINDS: KindsOf<TraceSamplingProps> = {
  pipelines: required(listKind(instanceKind('JobProcessingPipeline', () => JobProcessingPipeline, 'pipeline'))),
  percent: numberKind(10),
  perSecond: numberKind(1),
  insights: FLAG,
  profile: PROFILE,
};

/** Of rules, and of groups, in account and region. */
const MOST_PIPELINES = 25;
/** Before X-Ray's own rule (10,000), and with room on both sides for those of the account. */
const PRIORITY = 1_000;
const MOST_PER_SECOND = 10_000;

/**
 * How many traces are recorded, and where those of a pipeline are found.
 *
 * A request that is traced is so through the API, the function that takes it, the queue and the worker, where X-Ray links the trace of the message to
 * that of the request. Each pipeline has a group, by which the console shows its traces and its map alone.
 *
 * Rules hold for all traces that follow, and cost nothing; a trace that is recorded costs $5 for a million. An account has 25 rules in a region: name
 * several pipelines in one construct, or leave this out where X-Ray's own rule will do (one request a second, and 5 % of the others).
 *
 * @example
 * declare const drawings: JobProcessingPipeline;
 *
 * new TraceSampling(this, 'Traces', { pipelines: [drawings], percent: 10 });
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-sampling
 */
export class TraceSampling extends Construct {
  /** The rules: one for each pipeline with a REST API. */
  public readonly samplingRules: CfnSamplingRule[];
  /** The groups: one for each pipeline. */
  public readonly groups: CfnGroup[];

  /**
   * Creates rules and groups.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props whose traces, and how many
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: TraceSamplingProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, KINDS);
    checkProps(rules, Stack.of(this), props);
    rules.throwIfBroken();
    if (new.target === TraceSampling) {
      warnOfUnknownProps(this, 'cdk-jobworks:traceSampling.unknownProps', props, KINDS);
    }

    const { pipelines, perSecond = 1, insights = false, profile = EnvironmentProfile.of(this) } = props;
    const percent = props.percent ?? profile.traceSamplingPercent;
    const parts = pipelines.map((pipeline) => ({ pipeline, within: new Construct(this, `Of${pipeline.node.addr.slice(-8)}`) }));
    this.samplingRules = parts.flatMap(({ pipeline: { restApi }, within }) => (restApi ? createRule(within, restApi, percent / 100, perSecond) : []));
    this.groups = parts.map(({ pipeline, within }) => new CfnGroup(within, 'Group', {
      groupName: nameOf(within),
      filterExpression: `annotation.pipeline = "${pipeline.pipelineName}"`,
      insightsConfiguration: { insightsEnabled: insights, notificationsEnabled: false },
    }));
  }
}

/**
 * API Gateway decides for all that follows.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-configuring-xray-sampling-rules.html
 */
function createRule(within: Construct, api: RestApi, fixedRate: number, reservoirSize: number): CfnSamplingRule {
  return new CfnSamplingRule(within, 'Rule', {
    samplingRule: {
      ruleName: nameOf(within),
      priority: PRIORITY,
      fixedRate,
      reservoirSize,
      resourceArn: api.deploymentStage.stageArn, // of the stage as a resource: what is invoked has another, by which nothing would match
      serviceName: '*',
      serviceType: 'AWS::ApiGateway::Stage',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      version: 1,
    },
  });
}

/** Of which there is one in account and region: 32 characters at most, the last 12 of them those of the stack's id that no other stack has. */
function nameOf(within: Construct): string {
  const name = Names.uniqueResourceName(within, { maxLength: 19, separator: '-', allowedSpecialCharacters: '-' });
  return `${name}-${Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))))}`;
}

function checkProps(rules: PropRules, { region, account }: Stack, { pipelines, percent, perSecond }: TraceSamplingProps): void {
  rules.check(pipelines.length >= 1 && pipelines.length <= MOST_PIPELINES, {
    rule: `pipelines must be 1 to ${MOST_PIPELINES}`,
    value: pipelines.length,
    fix: 'name those whose traces are looked at: an account has 25 rules and 25 groups of X-Ray in a region',
  });
  rules.check(new Set(pipelines).size === pipelines.length, { rule: 'pipelines must not name one twice', fix: 'remove the second' });
  for (const pipeline of pipelines) {
    const there = Stack.of(pipeline);
    rules.check(!isOther(there.region, region) && !isOther(there.account, account), {
      rule: `pipelines must be in the region and account of this construct, and ${pipeline.node.path} is in another`,
      fix: 'create it in a stack of that region: X-Ray has rules and groups in each',
    });
  }
  const share = known(percent);
  rules.check(share === undefined || (share >= 0 && share <= 100), {
    rule: 'percent must be from 0 to 100', value: percent, fix: 'give a share of all requests, such as 10',
  });
  rules.check(percent === undefined || pipelines.some(({ restApi }) => restApi), {
    rule: 'percent cannot be given where no pipeline has a REST API',
    fix: 'remove percent: REST APIs alone go by rules, and Lambda traces one call a second of each function and 5 % of the others',
  });
  rules.integer('perSecond', perSecond, 0, MOST_PER_SECOND, ['0 leaves all to percent', 'API Gateway takes no more requests a second']);
}

function isOther(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}
