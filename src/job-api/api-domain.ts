import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as route53 from 'aws-cdk-lib/aws-route53';

/** A domain name of one's own for an API. The API's default address is switched off: nothing gets round what guards the domain. */
export interface JobApiDomain {
  /** The name, in lower case, such as `jobs.example.com`. */
  readonly domainName: string;

  /** A certificate for the name, of AWS Certificate Manager, in the region of the API. */
  readonly certificate: acm.ICertificate;

  /**
   * The zone in which the name is made known, by an A and an AAAA record.
   *
   * @default - no records: point the name at the API yourself
   */
  readonly hostedZone?: route53.IHostedZone;
}
