import { type Answer, type Column, classes, isGranted } from './classes.ts'
import type { Subject } from './subjects.ts'

/**
 * Where a call goes. `sibling` = the project next door; `elsewhere` = another organisation, with what is in it; `no project`, `no organisation` = a
 * path that leads to none which the caller may know of, whether it is deleted, another organisation's, unknown or malformed.
 */
export type Place = 'own' | 'sibling' | 'elsewhere' | 'no project' | 'no organisation'

/** As what somebody stands in a place: whoever is nobody there is answered like anybody else who is. */
function standingOf({ column, isToken }: Subject, place: Place): Column {
  if (place === 'own' || column === 'nobody' || column === 'gone') return column
  const isOutside = column === 'stranger' || column === 'outsider' || column === 'elsewhere'
  const nobodyHere = isToken ? 'elsewhere' : 'stranger'
  if (place === 'no organisation') return nobodyHere
  if (place === 'elsewhere') return column === 'outsider' ? 'orgOwner' : column === 'elsewhere' ? 'tOwner' : nobodyHere
  if (isOutside) return nobodyHere
  if (place === 'sibling' && column === 'sibling') return 'tOwner'
  if (place === 'sibling' && (column === 'orgAdmin' || column === 'orgOwner')) return column
  return isToken ? 'sibling' : 'colleague'
}

export type Target = {
  /** In words, for a deviation. */
  name: string
  place: Place
  /** The place is right, and this in it is not: something of another project, deleted, unknown or malformed. */
  wrong?: 'thing' | 'environment' | 'cell'
  isMalformed?: boolean
  /** The one it is about is the caller. */
  isHimself?: boolean
}

export type Asked = { route: string; subject: Subject; target: Target }

/** Who may, where the one it is about is himself: anybody may leave what he belongs to. */
const leaving = (route: string) =>
  route.includes(' /v1/') ? 'v1: reads the project' : route.includes('{projectId}') ? 'reads the project' : 'of the organisation'

/** What is no part of a project, so that no verbs limit it. */
const anybodys = new Set(['anyone', 'holds the link', 'joins as somebody new', 'signed in', 'a person'])

/** What the tables say that this call is answered. A wrong thing is 404 for whoever gets as far as to it; a malformed id of the v1 API 422. */
export function expectedOf({ route, subject, target }: Asked, said: string): Answer | '422' {
  const [stated, ...notes] = said.split(', ')
  const name = target.isHimself ? leaving(route) : stated!
  const isV1 = name.startsWith('v1: ')
  const answers = classes[name]
  if (!answers) throw new Error(`${route} is for “${name}”, which is no class`)
  // Cookies prove nothing in the v1 API.
  if (isV1 && subject.isSession) return '401'
  const column = standingOf(subject, target.place)
  // Whom the operation is not for at all is told so first.
  const isForHim = answers[column] !== '403' || answers[subject.isToken ? 'tOwner' : 'orgOwner'] !== '403'
  if (isV1 && target.isMalformed && subject.isProven) return isForHim ? '422' : '403'
  // An environment that is not there is nobody else's.
  const isNowhere = target.wrong === 'environment' && column === 'inStaging' && answers.inDefault === 'yes'
  const answer = answers[isNowhere ? 'inDefault' : column]
  // What is not there is in no cell that could be the wrong one.
  if (answer === 'cell') return target.wrong === 'thing' || target.wrong === 'environment' ? '404' : '403'
  // A malformed id names nothing and nobody, so nothing and nobody that one may not touch.
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
