import { ownUrl } from '#config/settings'
import { paths } from '#contract/paths'
import type { Database } from '#db/client'
import type { ExpiryMail } from '#db/queries/jobs'
import { expiryToMail } from '#domain/notices/expiry'
import { mailFrom, mailTransport } from './transport.ts'

/** Notifies one person that an access or token of theirs is about to expire. Sends nothing when it has expired or was changed. */
export async function mailExpiry(db: Database, mail: ExpiryMail): Promise<void> {
  const ending = await expiryToMail(db, mail)
  const transport = mailTransport()
  if (!ending || !transport) return
  await transport.sendMail({ from: mailFrom(), to: { name: '', address: ending.email }, ...texts(ending) })
}

type Ending = NonNullable<Awaited<ReturnType<typeof expiryToMail>>>

const HOUR = 3600
const DAY = 24 * HOUR

/** Rounded, since a notice due at seven days leaves a little later. */
function inWords(seconds: number): string {
  const [amount, unit] =
    seconds >= 23.5 * HOUR ? [Math.round(seconds / DAY), 'day'] : [Math.max(1, Math.round(seconds / HOUR)), 'hour']
  return `in ${amount} ${unit}${amount === 1 ? '' : 's'}`
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const dayOf = (time: string) => `${day.format(Date.parse(time))}, ${time.slice(11, 16)} UTC`

/** Plain text only, so that user-chosen names cannot become markup. */
function texts(ending: Ending) {
  const when = `expires on ${dayOf(ending.expiresAt)}, ${inWords(ending.seconds)}`
  const { what, paragraphs, path } = aboutOf(ending)
  return {
    subject: `${what} expires ${inWords(ending.seconds)}`,
    text: [`${what} ${when}.`, ...paragraphs, ownUrl(path).href].join('\n\n'),
  }
}

function aboutOf({ kind, name, project, organization, owners }: Ending) {
  const pages = organization && project && paths.project(organization.slug, project.slug)
  if (kind === 'member') {
    const names = owners.map((owner) => `${owner.name} <${owner.email}>`)
    const ask = names.length > 0 ? `To keep it, ask one of the owners to extend it:\n${names.join('\n')}` : undefined
    return {
      what: `Your access to ${project!.name}`,
      paragraphs: ask ? [ask] : [],
      path: pages!.overview,
    }
  }
  if (kind === 'project_token') {
    return {
      what: `The token ${name} of ${project!.name}`,
      paragraphs: ['Requests with it will then fail. Rotate it or create a new one:'],
      path: pages!.tokens,
    }
  }
  return {
    what: `Your personal token ${name}`,
    paragraphs: ['Requests with it will then fail. Create a new one:'],
    path: organization ? paths.organization(organization.slug).personalTokens : paths.console,
  }
}
