import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ConfigParametersProps, GrantReadConfigOptions } from './config-parameters-props';
import { checkConfig, CONFIG_KINDS, GRANT_KINDS } from './config-rules';
import { FeatureFlags } from './feature-flags';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';
import { checkEnvironmentSize } from '../internal/environment-size';
import { layerProblem, stackLayer } from '../internal/layer-limit';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import { constructKind } from '../internal/value-kinds';
import type { ConfigSettings } from '../runtime/config/settings';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

const OWN_FUNCTION = constructKind('lambda.Function', 'addEnvironment', 'fn', 'of this app; what is imported is granted where it is made');

/** Which function reads which configuration: its environment names one. */
const granted = new WeakMap<LambdaFunction, ConfigParameters>();

/**
 * What functions are configured by beside their code: parameters in Parameter Store, secrets of Secrets Manager, feature flags in AppConfig. A
 * function that is granted them reads each by its name, with a cache.
 *
 * @example
 * declare const analyse: lambda.Function;
 * declare const apiKey: secretsmanager.ISecret;
 *
 * const config = new ConfigParameters(this, 'Config', {
 *   parameters: { model: 'small' },
 *   secrets: { provider: apiKey },
 *   flags: { 'fast-path': false },
 * });
 * config.grantRead(analyse); // const { flag, parameter, secret } = require('cdk-jobworks/config');
 */
export class ConfigParameters extends Construct {
  /** What the names of parameters begin with. */
  public readonly path: string;

  private readonly own: Readonly<Record<string, StringParameter>>;
  private readonly flags?: FeatureFlags;
  private readonly props: ConfigParametersProps;

  /**
   * Creates parameters and flags.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what functions read
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: ConfigParametersProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, CONFIG_KINDS);
    checkConfig(rules, this, props);
    rules.throwIfBroken();
    if (new.target === ConfigParameters) {
      warnOfUnknownProps(this, 'cdk-jobworks:config.unknownProps', props, CONFIG_KINDS);
    }
    props.profile?.applyTo(this);
    this.props = props;
    this.path = props.path ?? ownPath(this);
    this.own = Object.fromEntries(Object.entries(props.parameters ?? {}).map(([name, value]) => [name, this.createParameter(name, value)]));
    const { flags = {}, rollbackAlarms = [] } = props;
    if (Object.keys(flags).length > 0) {
      const title = this.path.slice(1).replaceAll('/', '-').slice(0, 64);
      this.flags = new FeatureFlags(this, 'Flags', { title, environmentName: EnvironmentProfile.of(this).name, flags, rollbackAlarms });
    }
  }

  /**
   * Lets a function read all of this, and gives it `cdk-jobworks/config` to read it by: a layer, permissions for exactly these, and their names in
   * its environment.
   *
   * @param fn a function of this app on Node.js
   * @param options how it reaches the services, if it is in a network
   * @throws an error that lists what is wrong with the function
   */
  public grantRead(fn: LambdaFunction, options: GrantReadConfigOptions = {}): void {
    this.checkGrant(fn, options);
    if (granted.get(fn) !== this) {
      granted.set(fn, this);
      this.allow(fn);
      fn.addLayers(stackLayer(fn, 'JobWorksConfigLayer', 'layer-config', 'Parameters, secrets and flags, cached (cdk-jobworks)'));
      fn.addEnvironment(ENVIRONMENT.config, Stack.of(fn).toJsonString(this.settings()));
      checkEnvironmentSize(fn, 'give fewer or shorter names of parameters, secrets and flags, or a shorter path');
    }
    if (options.network) {
      options.network.allowServices(fn, ...this.services());
    } else if (fn.isBoundToVpc) {
      Annotations.of(this).addWarningV2('cdk-jobworks:config.network',
        `Whether ${fn.node.path} reaches ${this.services().join(', ')} from its network cannot be seen here. Give grantRead() the network, or acknowledge this.`);
    }
  }

  private createParameter(name: string, value: string): StringParameter {
    return new StringParameter(this, `Parameter-${name}`, {
      parameterName: `${this.path}/${name}`,
      stringValue: value,
      tier: ParameterTier.INTELLIGENT_TIERING, // one that was large once stays advanced: to ask for less than that fails the deployment
    });
  }

  private checkGrant(fn: LambdaFunction, options: GrantReadConfigOptions): void {
    const rules = new PropRules({ node: { path: `${this.node.path}.grantRead()` } });
    rules.kind('fn', fn, { ...OWN_FUNCTION, required: true });
    rules.throwIfBroken();
    rules.kinds(options, GRANT_KINDS, 'options');
    const other = granted.get(fn);
    rules.check(other === undefined || other === this, {
      rule: `fn (${fn.node.path}) must read one ConfigParameters: its environment names no more`,
      value: other?.node.path,
      fix: 'put both into one, or use another function',
    });
    const runtime = fn.runtime.toString();
    rules.check(/^nodejs/.test(runtime), {
      rule: `fn (${fn.node.path}) must run on Node.js, as the layer does`, value: runtime, fix: 'let it read by the SDK of its language, with permissions of its own',
    });
    const crowded = other === undefined ? layerProblem('fn', fn, 1, 'the one that reads') : undefined;
    if (crowded) {
      rules.check(false, crowded);
    }
    rules.throwIfBroken();
  }

  /** Each by its ARN. */
  private allow(fn: LambdaFunction): void {
    const { existingParameters = {}, secrets = {} } = this.props;
    const parameters = [...Object.values(this.own), ...Object.values(existingParameters)].map(({ parameterArn }) => parameterArn);
    if (parameters.length > 0) {
      fn.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: parameters }));
    }
    for (const existing of Object.values(existingParameters)) {
      (existing as { readonly encryptionKey?: { grantDecrypt(grantee: LambdaFunction): unknown } }).encryptionKey?.grantDecrypt(fn);
    }
    for (const secret of Object.values(secrets)) {
      fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`] }));
      secret.encryptionKey?.grantDecrypt(fn);
    }
    if (this.flags) {
      const policy = new Policy(fn, 'JobWorksFlags', {
        statements: [
          new PolicyStatement({ actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], resources: [this.flags.arn] }),
        ],
      });
      fn.role!.attachInlinePolicy(policy);
      acknowledgeWildcards(policy, 'the application has one environment, whose id is not known before the alarms of this function');
    }
  }

  private settings(): ConfigSettings {
    const { existingParameters = {}, secrets = {}, flags = {}, maxAge = Duration.minutes(1) } = this.props;
    return {
      path: this.path,
      parameters: Object.keys(this.own),
      existing: Object.fromEntries(Object.entries(existingParameters).map(([name, { parameterName }]) => [name, parameterName])),
      secrets: Object.fromEntries(Object.entries(secrets).map(([name, { secretArn }]) => [name, secretArn])),
      ...(this.flags && { flags: this.flags.ids }),
      flag_names: Object.keys(flags),
      max_age: maxAge.toSeconds(),
    };
  }

  private services(): NetworkEndpoint[] {
    const { parameters = {}, existingParameters = {}, secrets = {} } = this.props;
    return [
      ...(Object.keys({ ...parameters, ...existingParameters }).length > 0 ? [NetworkEndpoint.SSM] : []),
      ...(Object.keys(secrets).length > 0 ? [NetworkEndpoint.SECRETS_MANAGER] : []),
      ...(this.flags ? [NetworkEndpoint.of('appconfigdata')] : []),
    ];
  }
}

/** As an operator looks for it. A stack has one name in a region. */
function ownPath(scope: Construct): string {
  const path = scope.node.path.replace(/[^\w./-]+/g, '-');
  return `/${/^(aws|ssm)/i.test(path) ? `jobworks-${path}` : path}`;
}
