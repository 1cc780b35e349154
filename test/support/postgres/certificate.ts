import { generate } from 'selfsigned';

const DAY_MS = 86_400_000;

/** A certificate that vouches for itself, and its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What is different from a good one. */
export interface CertificateOptions {
  /** Whether it is good for the address of this machine, too. @default true */
  readonly address?: boolean;
  /** @default - a year from now */
  readonly until?: Date;
}

/** For a server on this machine: whoever trusts the certificate may check its name and its address. */
export async function selfSigned(name: string, { address = true, until }: CertificateOptions = {}): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(until && { notBeforeDate: new Date(until.getTime() - DAY_MS), notAfterDate: until }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }, ...(address ? [{ type: 7 as const, ip: '127.0.0.1' }] : [])] },
    ],
  });
  return { certificate: cert, key };
}
