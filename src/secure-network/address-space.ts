/** Subnets have 256 addresses each, of which AWS keeps five. */
export const SUBNET_MASK = 24;
/** Public, private, isolated. */
const TIERS = 3;
const MOST_ZONES = 3;
/** The largest that a VPC takes. */
const LARGEST = 16;

/** Where AWS allows no VPC: this host, loopback, link-local, multicast and what is reserved. */
const IMPOSSIBLE: ReadonlyArray<readonly [first: number, last: number]> = [
  [address(0, 0), address(0, 255)],
  [address(127, 0), address(127, 255)],
  [address(169, 254), address(169, 254)],
  [address(224, 0), address(255, 255)],
];

/** A range of addresses as it is written, such as 10.0.0.0/16. */
export interface AddressRange {
  /** The first address, as a number. */
  readonly first: number;
  readonly mask: number;
}

/** The range that a text means; nothing where it means none. */
export function addressRange(text: string): AddressRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [mask, ...bytes] = [match[5], ...match.slice(1, 5)].map(Number) as [number, ...number[]];
  const valid = mask <= 32 && bytes.every((byte) => byte <= 255);
  return valid ? { first: bytes.reduce((sum, byte) => sum * 256 + byte, 0), mask } : undefined;
}

/** The range that begins where the given one should have begun; the same, if it did. */
export function aligned({ first, mask }: AddressRange): string {
  const size = 2 ** (32 - mask);
  const start = Math.floor(first / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${mask}`;
}

/** Whether AWS could make a VPC there. */
export function isPossible({ first }: AddressRange): boolean {
  const half = Math.floor(first / 65_536);
  return !IMPOSSIBLE.some(([from, to]) => half >= from && half <= to);
}

/** Whether the range is no larger than a VPC may be. */
export function isAllowed({ mask }: AddressRange): boolean {
  return mask >= LARGEST;
}

/** The longest mask that leaves room for the subnets of so many zones. */
export function longestMask(zones: number): number {
  return SUBNET_MASK - Math.ceil(Math.log2(TIERS * zones));
}

/** Zones whose addresses are kept free, so that adding one moves no subnet; none, where there is no room to keep. */
export function reservedZones({ mask }: AddressRange, zones: number): number {
  return mask <= longestMask(MOST_ZONES) ? MOST_ZONES - zones : 0;
}

/** The first half of an address, as a number. */
function address(first: number, second: number): number {
  return first * 256 + second;
}
