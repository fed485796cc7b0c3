import { type Answer, type Column, classes, isGranted } from './classes.ts'
import type { Subject } from './subjects.ts'

/**
 * Where a call goes. `sibling` = the project next door; `elsewhere` = another organization and its data; `no project`, `no
 * organization` = a path to none that the caller may know of: deleted, another organization's, unknown or malformed.
 */
export type Place = 'own' | 'sibling' | 'elsewhere' | 'no project' | 'no organization'

/** The caller's role in a place. A caller with no role there is answered like any other without one. */
function standingOf({ column, isToken }: Subject, place: Place): Column {
  if (place === 'own' || column === 'nobody' || column === 'gone') return column
  const isOutside = column === 'stranger' || column === 'outsider' || column === 'elsewhere'
  const nobodyHere = isToken ? 'elsewhere' : 'stranger'
  if (place === 'no organization') return nobodyHere
  if (place === 'elsewhere') return column === 'outsider' ? 'orgOwner' : column === 'elsewhere' ? 'tOwner' : nobodyHere
  if (isOutside) return nobodyHere
  if (place === 'sibling' && column === 'sibling') return 'tOwner'
  if (place === 'sibling' && (column === 'orgAdmin' || column === 'orgOwner')) return column
  return isToken ? 'sibling' : 'colleague'
}

export type Target = {
  /** A name for deviation messages. */
  name: string
  place: Place
  /** The place is right, but this part names something of another project, deleted, unknown or malformed. */
  wrong?: 'thing' | 'environment' | 'cell'
  isMalformed?: boolean
  /** The call is about the caller. */
  isSelf?: boolean
}

export type Asked = { route: string; subject: Subject; target: Target }

/** The v1 API has some paths under /v2. */
export const isV1Route = (route: string) => / \/v[12]\//.test(route)

/** Who may make the call about themselves: anybody may leave what they belong to. */
const leaving = (route: string) =>
  isV1Route(route) ? 'v1: reads the project' : route.includes('{projectId}') ? 'reads the project' : 'of the organization'

/** Classes outside a project, so verbs do not limit them. */
const anybodys = new Set(['anyone', 'holds the link', 'joins as somebody new', 'signed in', 'a person'])

/** The answer that the tables expect. A wrong thing is 404 for callers who reach it; a malformed id of the v1 API is 422. */
export function expectedOf({ route, subject, target }: Asked, rule: string): Answer {
  const [stated, ...notes] = rule.split(', ')
  const name = target.isSelf ? leaving(route) : stated!
  const isV1 = name.startsWith('v1: ')
  const answers = classes[name]
  if (!answers) throw new Error(`${route} is for “${name}”, which is no class`)
  // The v1 API does not accept cookies.
  if (isV1 && subject.isSession) return '401'
  const column = standingOf(subject, target.place)
  if (answers[standingOf(subject, target.place)] === '501') return '501'
  // Callers whom the operation excludes get that answer first.
  const isForCaller = answers[column] !== '403' || answers[subject.isToken ? 'tOwner' : 'orgOwner'] !== '403'
  if (isV1 && target.isMalformed && subject.isProven) return isForCaller ? '422' : '403'
  // A missing environment is nobody else's.
  const isNowhere = target.wrong === 'environment' && column === 'inStaging' && answers.inDefault === 'yes'
  const answer = answers[isNowhere ? 'inDefault' : column]
  // A missing thing is in no cell, so it is not in a wrong one.
  if (answer === 'cell') return target.wrong === 'thing' || target.wrong === 'environment' ? '404' : '403'
  // A malformed id names nothing that the caller could be forbidden to touch.
  const mayLeave = notes.includes('or oneself') && classes[leaving(route)]![column] === 'yes'
  const asksWhom = answer === 'env' || name === 'a person' || mayLeave
  if (target.isMalformed && asksWhom && (answer === '403' || answer === 'env')) return '404'
  if (answer === 'env') return '403'
  if (answer !== 'yes') return answer
  if (notes.includes('in a browser') && !subject.isSession && subject.isProven) return '403'
  const isLimited = subject.verbs.length > 0 && notes.includes('giving') && !target.wrong
  if (name === 'row by row' && isLimited && isGranted(subject.verbs, 'POST')) return '207'
  if (!anybodys.has(name) && (isLimited || !isGranted(subject.verbs, route.split(' ')[0]!))) return '403'
  return target.wrong ? '404' : 'yes'
}
