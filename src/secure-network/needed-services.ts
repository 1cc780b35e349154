import type { IConstruct } from 'constructs';
import type { NetworkEndpoint } from './network-endpoint';

/** Who calls which service from within a network: what synthesis judges when everybody has said so. */
export class NeededServices {
  private readonly callers = new Map<string, { readonly endpoint: NetworkEndpoint; readonly paths: Set<string> }>();

  /** Notes that somebody calls a service. */
  public add(endpoint: NetworkEndpoint, who: IConstruct): void {
    const known = this.callers.get(endpoint.service) ?? { endpoint, paths: new Set<string>() };
    known.paths.add(who.node.path);
    this.callers.set(endpoint.service, known);
  }

  /**
   * What is wrong if there is no way to some services, in one message.
   *
   * @param isReached whether there is a way to a service
   * @param network the path of the network
   * @param isNew whether its VPC is new; an existing one may have endpoints that nobody told of
   */
  public problems(isReached: (endpoint: NetworkEndpoint) => boolean, network: string, isNew: boolean): string[] {
    const missing = [...this.callers.values()].filter(({ endpoint }) => !isReached(endpoint));
    if (missing.length === 0) {
      return [];
    }
    const one = missing.length === 1;
    const needs = missing.map(({ endpoint, paths }) => `${String(endpoint)}, which ${joined([...paths].sort())} ${paths.size > 1 ? 'need' : 'needs'}`);
    const names = joined(missing.map(({ endpoint }) => String(endpoint)));
    const other = isNew
      ? 'or give it natGateways: NatGateways.one()'
      : `or to existingEndpoints if the VPC has ${one ? 'it' : 'them'} already, or choose functionSubnets that lead to the internet`;
    return [
      `endpoints must name each service that is called, since there is no way to the internet. Missing: ${needs.join('; ')}. `
      + `Fix: add ${names} to endpoints of ${network}, ${other}.`,
    ];
  }
}

function joined(parts: readonly string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
}
