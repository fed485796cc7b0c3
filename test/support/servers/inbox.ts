import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type Mail = { to: string[]; text: string }

/** How a mail to an address is rejected, every time: its recipient or its content. */
type Rejection = { at: 'recipient' | 'content'; code: number }

const replyWith = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

const unfolded = (text: string) => text.replaceAll('=\r\n', '').replaceAll('=3D', '=').replaceAll('\r\n', '\n')

/** A real mail server on a free port of this machine. Keeps the `wanted` mails in order of arrival. */
export async function startInbox(isAwaited: (mail: Mail) => boolean = () => true) {
  const inbox: Mail[] = []
  const waiting: ((mail: Mail) => void)[] = []
  const refuses = new Set<string>()
  const rejects = new Map<string, Rejection>()
  const tries: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => done(null, { user: username }),
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _, done) {
      tries.push(address)
      const rejection = rejects.get(address)
      if (refuses.delete(address)) done(replyWith(451, 'try again later'))
      else done(rejection?.at === 'recipient' ? replyWith(rejection.code, 'not this recipient') : undefined)
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const [rejection] = envelope.rcptTo.flatMap(({ address }) => rejects.get(address) ?? [])
        if (rejection) {
          done(replyWith(rejection.code, 'not this content'))
          return
        }
        const mail = { to: envelope.rcptTo.map(({ address }) => address), text: unfolded(Buffer.concat(chunks).toString()) }
        const next = isAwaited(mail) ? waiting.shift() : undefined
        if (next) next(mail)
        else if (isAwaited(mail)) inbox.push(mail)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    /** The next mail, which may have arrived already. */
    next: () => new Promise<Mail>((resolve) => (inbox.length > 0 ? resolve(inbox.shift()!) : waiting.push(resolve))),
    /** Mails that have arrived and that `next` has not returned yet. */
    mails: inbox as readonly Mail[],
    take: () => inbox.splice(0),
    /** The next mail to an address added here is refused once, for now. */
    refuses,
    rejects,
    /** The recipient of every try, in order. */
    tries: tries as readonly string[],
    stop: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  }
}
