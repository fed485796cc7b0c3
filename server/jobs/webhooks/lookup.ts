import { Resolver, lookup as systemLookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from '#domain/webhooks/addresses'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>

/** As every program of this machine asks, /etc/hosts included: for hosts that whoever runs it has named. */
export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true })

const dns = new Resolver({ timeout: 3000, tries: 2 })

/** The DNS alone, without the threads that `lookup` shares with hashing passwords: names that are slow to answer hold up nothing else. */
export const dnsResolve: Resolve = async (hostname) => {
  const [four, six] = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  const addressesOf = (answer: typeof four, family: number) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
  return [...addressesOf(four, 4), ...addressesOf(six, 6)]
}

/** The name led where no webhook may go. */
export class AddressNotAllowed extends Error {}

/**
 * The `lookup` of one connection: the very addresses that it gives out are those that are connected to, so that a name cannot be good when it
 * is checked and bad when it is used. One bad address among good ones spoils them all.
 */
export const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const bad = found.find(({ address }) => !isPublicAddress(address))
        if (bad) return callback(new AddressNotAllowed(`${hostname} is ${bad.address}`), '')
        const first = found[0]
        if (!first) return callback(new Error(`${hostname} has no address`), '')
        if (options.all) return callback(null, found)
        callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error as Error, ''),
    )
  }
