import { ownUrl } from '#config/settings'
import { paths } from '#contract/paths'
import type { Database } from '#db/client'
import { type ResetRequest, resetToMail } from '#domain/accounts/password-resets'
import { log } from '#server/log'
import { mailFrom, mailTransport } from './transport.ts'

const own = (path: string) => ownUrl(path).href
const inWords = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`

/** Mails the password reset link, if an account has the address. Without a mail server, logs it for the operator to pass on. */
export async function mailPasswordReset(db: Database, request: ResetRequest): Promise<void> {
  const reset = await resetToMail(db, request)
  if (!reset) return
  const { email, token, until } = reset
  const link = own(paths.resetPassword(token))
  const transport = mailTransport()
  if (!transport) {
    log.info({ email, link }, 'no mail server is configured; pass on this link to reset a password')
    return
  }
  const text = [
    `You asked to reset the password of ${email}.`,
    `To choose a new one, open this link before ${inWords(until)}. It works once:`,
    link,
    'If you did not ask for this, you can ignore this email. Your password stays the same.',
  ].join('\n\n')
  await transport.sendMail({ from: mailFrom(), to: { name: '', address: email }, subject: 'Reset your Bulkhead password', text })
}

/** Notifies the account's address, so that nobody can change a password unnoticed. */
export async function mailPasswordChanged({ email, changedAt }: { email: string; changedAt: string }): Promise<void> {
  const text = [
    `The password of ${email} was changed at ${inWords(changedAt)}.`,
    'If you did not do this, reset your password now and notify the people who run this server:',
    own(paths.forgotPassword),
  ].join('\n\n')
  await mailTransport()?.sendMail({
    from: mailFrom(),
    to: { name: '', address: email },
    subject: 'Your Bulkhead password was changed',
    text,
  })
}
