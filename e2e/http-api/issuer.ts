import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Issues tokens, and tells whoever asks by which key they are verified. */
export class Issuer {
  static async start(): Promise<Issuer> {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] });
    const server = createServer(({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(url?.endsWith('/openid-configuration') ? JSON.stringify({ issuer: address(server), jwks_uri: `${address(server)}/keys` }) : keys);
    });
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    return new Issuer(server, privateKey);
  }

  private constructor(private readonly server: Server, private readonly privateKey: KeyObject) {}

  get url(): string {
    return address(this.server);
  }

  /** A token that is valid for a minute, but for what is said. */
  token(claims: Readonly<Record<string, unknown>>, key: KeyObject = this.privateKey): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part({ iss: this.url, iat: now - 5, exp: now + 60, ...claims })}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
