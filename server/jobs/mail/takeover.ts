import { ownUrl } from '#config/settings'
import { paths } from '#contract/paths'
import type { Dropped, TakeoverMail } from '#db/queries/jobs'
import { mailFrom, mailTransport } from './transport.ts'

const own = (path: string) => ownUrl(path).href

const count = (amount: number, one: string, many = `${one}s`) =>
  amount === 0 ? [] : [amount === 1 ? `1 ${one}` : `${amount} ${many}`]

/** What was removed, one item a line. */
const linesOf = ({ password, factors, identities, sessions, personalTokens }: Dropped) =>
  [
    ...(password ? ['the password'] : []),
    ...count(factors, 'second factor'),
    ...count(identities, 'linked sign-in', 'linked sign-ins'),
    ...count(sessions, 'session'),
    ...count(personalTokens, 'personal token'),
  ].map((line) => `- ${line}`)

/** Notifies the person that the account is now theirs. Without a mail server only the console does. */
export async function mailTakeover({ email, at, dropped, hasPassword }: TakeoverMail): Promise<void> {
  const lines = linesOf(dropped)
  const text = [
    `You verified the email address ${email} at ${at.slice(0, 16).replace('T', ' ')} UTC. Its account now belongs to you alone.`,
    ...(lines.length > 0 ? [`Until then, somebody else could have used the account. So we removed:\n${lines.join('\n')}`] : []),
    'You keep your organizations and projects. Tokens and webhooks that the account made still work, and their owners are notified.',
    ...(hasPassword ? [] : [`The account has no password now. Set one here:\n${own(paths.forgotPassword)}`]),
    'If you did not do this, notify the people who run this server now.',
  ].join('\n\n')
  await mailTransport()?.sendMail({
    from: mailFrom(),
    to: { name: '', address: email },
    subject: 'Your Bulkhead account now belongs to you alone',
    text,
  })
}
