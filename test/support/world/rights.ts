import { BlockList } from 'node:net'
import type { Role, VerbGrant } from '#contract/common'

/** The rights of a caller in a project, defined here a second time, independently of the product. */
export type Rights = {
  role: Role
  envName: string | null
  cellScopes: string[] | null
  /** Empty = all four. */
  verbs: VerbGrant[]
  expiresAt: string | null
}

const roles = ['viewer', 'member', 'admin', 'owner'] as const satisfies Role[]
const allVerbs: VerbGrant[] = ['create:*', 'read:*', 'update:*', 'delete:*']
const verbsOf = ({ verbs }: Rights) => (verbs.length === 0 ? allVerbs : verbs)

/** Whether the given rights exceed the own ones in no respect. */
export function isWithin(given: Rights, own: Rights): boolean {
  return (
    roles.indexOf(given.role) <= roles.indexOf(own.role) &&
    (own.envName === null || given.envName === own.envName) &&
    (own.cellScopes === null || (given.cellScopes?.every((cell) => own.cellScopes?.includes(cell)) ?? false)) &&
    verbsOf(given).every((verb) => verbsOf(own).includes(verb)) &&
    (own.expiresAt === null || (given.expiresAt !== null && Date.parse(given.expiresAt) <= Date.parse(own.expiresAt)))
  )
}

/** Whether a caller can grant at all: an admin or owner of the whole project who has the verb. */
export const givesBy = (own: Rights, verb: 'create' | 'update') =>
  roles.indexOf(own.role) >= 2 && own.envName === null && own.cellScopes === null && verbsOf(own).includes(`${verb}:*`)

export const everyScope: Scope[] = [
  { envName: null, cellScopes: null },
  { envName: 'staging', cellScopes: null },
  { envName: null, cellScopes: ['eu'] },
  { envName: 'staging', cellScopes: ['eu', 'us'] },
]

export const sooner = '2029-01-01T00:00:00.000000Z'
export const until = '2030-01-01T00:00:00.000000Z'
export const later = '2031-01-01T00:00:00.000000Z'

type Scope = Pick<Rights, 'envName' | 'cellScopes'>
type Dimensions = { verbs: VerbGrant[][]; ends: (string | null)[]; scopes?: Scope[] }

export function combinations({ verbs, ends, scopes = everyScope }: Dimensions): Rights[] {
  return roles.flatMap((role) =>
    scopes.flatMap((scope) => verbs.flatMap((some) => ends.map((expiresAt) => ({ role, ...scope, verbs: some, expiresAt })))),
  )
}

export const inWords = ({ role, envName, cellScopes, verbs, expiresAt }: Rights) =>
  [role, envName, cellScopes?.join('+'), verbs.join('+'), expiresAt && `until ${expiresAt.slice(0, 4)}`]
    .filter(Boolean)
    .join(', ')

/** One address in each part of the networks that the tests name. */
const probes = ['127.0.0.1', '127.0.0.2', '127.200.0.1', '10.0.0.1', '198.51.100.1']

/** The probe addresses from which a token works. An empty list allows every address. */
function placesOf(networks: readonly string[]): string[] {
  const list = new BlockList()
  for (const [address = '', bits = '32'] of networks.map((one) => one.split('/'))) list.addSubnet(address, Number(bits))
  return networks.length === 0 ? [...probes, 'elsewhere'] : probes.filter((probe) => list.check(probe))
}

/** Whether a token works only where the other does. */
export const worksWithin = (given: readonly string[], own: readonly string[]) =>
  placesOf(given).every((place) => placesOf(own).includes(place))
