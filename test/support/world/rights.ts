import { BlockList } from 'node:net'
import type { Role, VerbGrant } from '#contract/common'

/** What somebody has or is to be given in a project, said here a second time and without asking the product. */
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

/** Is the one no more than the other, in every respect? */
export function isWithin(given: Rights, own: Rights): boolean {
  return (
    roles.indexOf(given.role) <= roles.indexOf(own.role) &&
    (own.envName === null || given.envName === own.envName) &&
    (own.cellScopes === null || (given.cellScopes?.every((cell) => own.cellScopes?.includes(cell)) ?? false)) &&
    verbsOf(given).every((verb) => verbsOf(own).includes(verb)) &&
    (own.expiresAt === null || (given.expiresAt !== null && Date.parse(given.expiresAt) <= Date.parse(own.expiresAt)))
  )
}

/** Who gives anything at all: an admin or owner of the whole project, by a verb of his. */
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

/** Every combination of these. */
export function combinations({ verbs, ends, scopes = everyScope }: Dimensions): Rights[] {
  return roles.flatMap((role) =>
    scopes.flatMap((scope) => verbs.flatMap((some) => ends.map((expiresAt) => ({ role, ...scope, verbs: some, expiresAt })))),
  )
}

export const inWords = ({ role, envName, cellScopes, verbs, expiresAt }: Rights) =>
  [role, envName, cellScopes?.join('+'), verbs.join('+'), expiresAt && `until ${expiresAt.slice(0, 4)}`]
    .filter(Boolean)
    .join(', ')

/** One address in each part of the networks that tests name. */
const probes = ['127.0.0.1', '127.0.0.2', '127.200.0.1', '10.0.0.1', '198.51.100.1']

/** Where a token works, of the addresses that stand for all; a list that names nothing is everywhere. */
function placesOf(networks: readonly string[]): string[] {
  const list = new BlockList()
  for (const [address = '', bits = '32'] of networks.map((one) => one.split('/'))) list.addSubnet(address, Number(bits))
  return networks.length === 0 ? [...probes, 'elsewhere'] : probes.filter((probe) => list.check(probe))
}

/** Does a token work nowhere but where the other does? */
export const worksWithin = (given: readonly string[], own: readonly string[]) =>
  placesOf(given).every((place) => placesOf(own).includes(place))
