import { Annotations, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { SIZES, type EnvironmentSizes } from './environment-sizes';
import { checkNoArguments } from '../internal/arguments';

/** Which construct was given which profile. Kept beside the tree: a construct that is garbage takes its entry with it. */
const declared = new WeakMap<IConstruct, EnvironmentProfile>();

/** Which construct was created by which profile. */
const taken = new WeakMap<IConstruct, string>();

const OTHERWISE = 'what shall be otherwise is given to a construct, each of whose props wins over its profile';

/** Everything a profile decides; see the members of the class. */
interface ProfileSettings {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly customerManagedKeys: boolean;
  readonly webFirewall: boolean;
  readonly logRetention: RetentionDays;
  readonly oldestMessageAge: Duration;
  readonly errorRatePercent: number;
  readonly traceSamplingPercent: number;
  readonly sizes: EnvironmentSizes;
}

/**
 * The defaults of an environment: what is kept, how long, how it is encrypted, how large it is and when somebody is woken.
 *
 * A profile only fills in what is not given: any prop of a construct wins over it. A construct that is given none takes the one of the
 * construct (or stack, or app) around it, and `prod()` where there is none.
 *
 * @example
 * declare const stack: Stack;
 *
 * EnvironmentProfile.dev().applyTo(stack); // everything in this stack, unless a construct is given another
 */
export class EnvironmentProfile {
  /**
   * For trying things out: everything is deleted with the stack, encryption is service-managed and APIs have no
   * firewall (nothing to pay for by the month), logs are kept for a week.
   *
   * One thing stays in every environment: the role by which API Gateway writes logs, with the account's setting that names it. There is one
   * for an account and region, and other APIs may use it by the time the stack goes.
   *
   * @returns the profile of a development environment
   */
  public static dev(): EnvironmentProfile {
    checkNoArguments('EnvironmentProfile.dev()', arguments, OTHERWISE);
    return new EnvironmentProfile('dev', {
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      pointInTimeRecovery: false,
      customerManagedKeys: false,
      webFirewall: false,
      logRetention: RetentionDays.ONE_WEEK,
      oldestMessageAge: Duration.minutes(60),
      errorRatePercent: 25,
      traceSamplingPercent: 100,
      sizes: SIZES.dev(),
    });
  }

  /**
   * As production in all that can go wrong (customer-managed keys, backups, firewalls), except that it can be deleted, as `dev()` can.
   *
   * @returns the profile of a staging environment
   */
  public static staging(): EnvironmentProfile {
    checkNoArguments('EnvironmentProfile.staging()', arguments, OTHERWISE);
    return new EnvironmentProfile('staging', {
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      pointInTimeRecovery: true,
      customerManagedKeys: true,
      webFirewall: true,
      logRetention: RetentionDays.TWO_WEEKS,
      oldestMessageAge: Duration.minutes(30),
      errorRatePercent: 10,
      traceSamplingPercent: 25,
      sizes: SIZES.staging(),
    });
  }

  /**
   * Nothing that holds data is deleted with the stack, everything is encrypted with customer-managed keys and backed up, APIs have a
   * firewall. The default.
   *
   * A first deployment that failed deletes again what it created, except tables: they are protected from deletion, and stay behind empty.
   *
   * @returns the profile of a production environment
   */
  public static prod(): EnvironmentProfile {
    checkNoArguments('EnvironmentProfile.prod()', arguments, OTHERWISE);
    return new EnvironmentProfile('prod', {
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, // what is protected from deletion needs RETAIN, or a failed deployment ends stuck
      deletionProtection: true,
      pointInTimeRecovery: true,
      customerManagedKeys: true,
      webFirewall: true,
      logRetention: RetentionDays.ONE_MONTH,
      oldestMessageAge: Duration.minutes(20),
      errorRatePercent: 10,
      traceSamplingPercent: 5,
      sizes: SIZES.prod(),
    });
  }

  /**
   * The profile of a name, as the context of an app or a variable of a pipeline has it.
   *
   * @param name `dev`, `staging` or `prod`
   * @returns the profile of that environment
   * @throws an error if there is none of the name
   */
  public static named(name: string): EnvironmentProfile {
    switch (name) {
      case 'dev': return EnvironmentProfile.dev();
      case 'staging': return EnvironmentProfile.staging();
      case 'prod': return EnvironmentProfile.prod();
      default: throw new Error(`EnvironmentProfile.named(): the name must be dev, staging or prod. Given: ${JSON.stringify(name) ?? 'nothing'}. Fix: give one of `
        + 'them, such as by `-c environment=dev` and node.tryGetContext(\'environment\').');
    }
  }

  /**
   * The profile that holds for a construct: the one given to it or to the nearest construct around it, else `prod()`.
   *
   * @param scope the construct in question
   * @returns the profile that a construct created in this scope inherits
   */
  public static of(scope: IConstruct): EnvironmentProfile {
    const profile = declaredFor(scope) ?? EnvironmentProfile.prod();
    taken.set(scope, profile.name);
    return profile;
  }

  /** What happens to what holds data (queues, keys, logs, tables that are not protected from deletion) when it leaves the stack. */
  public readonly removalPolicy: RemovalPolicy;
  /** Whether AWS refuses to delete tables and databases until this is switched off; those are always retained. */
  public readonly deletionProtection: boolean;
  /** Whether tables and databases can be restored to any point in time. */
  public readonly pointInTimeRecovery: boolean;
  /** Whether data at rest is encrypted with a customer-managed KMS key; otherwise with keys that the service manages, at no cost. */
  public readonly customerManagedKeys: boolean;
  /** Whether APIs have a web ACL of AWS WAF in front of them, which is billed by the month. */
  public readonly webFirewall: boolean;
  /** How long logs are kept. */
  public readonly logRetention: RetentionDays;
  /** How old the oldest waiting message may grow before an alarm. */
  public readonly oldestMessageAge: Duration;
  /** The share of invocations (of jobs, in a pipeline) that fail from which an alarm rings, in percent. */
  public readonly errorRatePercent: number;
  /** The share of requests that a `TraceSampling` has traced, in percent. */
  public readonly traceSamplingPercent: number;
  /** How large things are. */
  public readonly sizes: EnvironmentSizes;

  private constructor(
    /** What the environment is called: `dev`, `staging` or `prod`. */
    public readonly name: string,
    settings: ProfileSettings,
  ) {
    this.removalPolicy = settings.removalPolicy;
    this.deletionProtection = settings.deletionProtection;
    this.pointInTimeRecovery = settings.pointInTimeRecovery;
    this.customerManagedKeys = settings.customerManagedKeys;
    this.webFirewall = settings.webFirewall;
    this.logRetention = settings.logRetention;
    this.oldestMessageAge = settings.oldestMessageAge;
    this.errorRatePercent = settings.errorRatePercent;
    this.traceSamplingPercent = settings.traceSamplingPercent;
    this.sizes = settings.sizes;
  }

  /**
   * Makes this the profile of everything that is created in a scope from here on: an app, a stage, a stack or any construct.
   *
   * What was created before keeps the profile that it found then: where that was another, there is a warning
   * (`cdk-jobworks:profile.appliedTooLate`).
   *
   * @param scope where it shall hold
   */
  public applyTo(scope: IConstruct): void {
    declared.set(scope, this);
    const others = scope.node.findAll()
      .filter((construct) => isSettled(construct) && taken.get(construct) !== this.name && declaredFor(construct) === this);
    const outermost = others.filter(({ node }) => !others.some((other) => other !== node.scopes.at(-1) && node.scopes.includes(other)));
    if (outermost.length > 0) {
      Annotations.of(scope).addWarningV2('cdk-jobworks:profile.appliedTooLate',
        `The profile ${this.name} was applied too late for ${outermost.map((construct) => `${construct.node.path} (${taken.get(construct)})`).join(', ')}: `
        + 'it holds for what is created afterwards. Apply it before, or acknowledge this.');
    }
  }
}

/** The profile that was given to a construct, or to the nearest one around it. */
function declaredFor(scope: IConstruct): EnvironmentProfile | undefined {
  const nearest = [...scope.node.scopes].reverse().find((construct) => declared.has(construct));
  return nearest && declared.get(nearest);
}

/** Whether it was created by a profile. Apps, stages and stacks are not, though somebody may have asked which would hold there. */
function isSettled(construct: IConstruct): boolean {
  return taken.has(construct) && !Stack.isStack(construct) && !Stage.isStage(construct);
}
