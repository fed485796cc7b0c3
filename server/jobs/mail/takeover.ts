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
    `You proved that ${email} is your address at ${at.slice(0, 16).replace('T', ' ')} UTC, so its account is yours alone.`,
    ...(lines.length > 0
      ? [
          `Until then nobody had proven it, and somebody else could have used the account. So this was removed:\n${lines.join('\n')}`,
        ]
      : []),
    'Your organizations and projects stay. Tokens and webhooks that the account made keep working; their owners are notified.',
    ...(hasPassword ? [] : [`The account has no password now. To set one:\n${own(paths.forgotPassword)}`]),
    'If it was not you, tell whoever runs this server at once.',
  ].join('\n\n')
  await mailTransport()?.sendMail({
    from: mailFrom(),
    to: { name: '', address: email },
    subject: 'Your account is yours now',
    text,
  })
}
