import { Resolver, lookup as systemLookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from '#domain/webhooks/addresses'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>

/** Resolves like any program on this machine, including /etc/hosts: for hosts that the operator has allowed. */
export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true })

const dns = new Resolver({ timeout: 3000, tries: 2 })

/** Asks only the DNS. `lookup` would use threads shared with password hashing, and slow names would delay those. */
export const dnsResolve: Resolve = async (hostname) => {
  const [four, six] = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  const addressesOf = (answer: typeof four, family: number) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
  return [...addressesOf(four, 4), ...addressesOf(six, 6)]
}

/** The name resolved to an address that webhooks may not reach. */
export class AddressNotAllowed extends Error {}

/**
 * The `lookup` of one connection. It connects to the very addresses that were checked, so a name cannot resolve differently
 * afterwards. One forbidden address among allowed ones refuses them all.
 */
export const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const bad = found.find(({ address }) => !isPublicAddress(address))
        if (bad) return callback(new AddressNotAllowed(`${hostname} resolves to ${bad.address}`), '')
        const first = found[0]
        if (!first) return callback(new Error(`${hostname} has no address`), '')
        if (options.all) return callback(null, found)
        callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error as Error, ''),
    )
  }
