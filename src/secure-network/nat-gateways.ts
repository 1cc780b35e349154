import { checkNoArguments } from '../internal/arguments';

const CHOICE = 'how many there are is said by the choice: .none(), .one() or .onePerAz()';

/**
 * How what is in the private subnets of a network gets out to the internet, and at what price.
 *
 * A NAT gateway is billed by the hour, used or not: 0.045 USD, with its public address 0.05 USD, which is 36.50 USD a month; besides, each gigabyte
 * through it is 0.045 USD (us-east-1, November 2026; other regions cost up to about twice as much). What goes to S3 and DynamoDB does not pass it.
 *
 * @example
 * const network = new SecureNetwork(this, 'Network', {
 *   profile: EnvironmentProfile.prod(),
 *   natGateways: NatGateways.one(), // cheaper than one for each zone, and gone with its zone
 * });
 *
 * @see https://aws.amazon.com/vpc/pricing/
 */
export class NatGateways {
  /**
   * None: 0 USD. There is no way to the internet, and each service that is called needs an endpoint, at 7.30 USD a month for each zone; synthesis
   * says which are missing. Cheaper than one gateway for up to 2 endpoints in 2 zones, and the safest: nothing can be sent away.
   *
   * @returns no way out
   */
  public static none(): NatGateways {
    checkNoArguments('NatGateways.none()', arguments, CHOICE);
    return new NatGateways('none', () => 0);
  }

  /**
   * One for all zones: 36.50 USD a month. If its zone fails nobody gets out; what comes from other zones pays 0.02 USD a gigabyte more.
   *
   * @returns the default with `EnvironmentProfile.dev()` and `staging()`
   */
  public static one(): NatGateways {
    checkNoArguments('NatGateways.one()', arguments, CHOICE);
    return new NatGateways('one', () => 1);
  }

  /**
   * One in each zone: 73.00 USD a month for 2 zones, 109.50 USD for 3. A zone that fails takes nobody else's way out with it.
   *
   * @returns the default with `EnvironmentProfile.prod()`
   */
  public static onePerAz(): NatGateways {
    checkNoArguments('NatGateways.onePerAz()', arguments, CHOICE);
    return new NatGateways('one per AZ', (zones) => zones);
  }

  private constructor(
    /** What the choice is called: `none`, `one` or `one per AZ`. */
    public readonly name: string,
    private readonly count: (zones: number) => number,
  ) {}

  /** @internal */
  public _count(zones: number): number {
    return this.count(zones);
  }
}
