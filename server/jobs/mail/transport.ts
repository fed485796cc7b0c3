import { createTransport, type Transporter } from 'nodemailer'
import { setting } from '#config/environment'

let known: { url: string; transport: Transporter } | undefined

/** Timeouts in milliseconds for a mail server to connect, to greet, and to answer each command. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/** The transport in `BULKHEAD_SMTP_URL`; undefined when none is configured. */
export function mailTransport(): Transporter | undefined {
  const url = setting('BULKHEAD_SMTP_URL')
  if (!url) return undefined
  if (known?.url !== url) known = { url, transport: createTransport({ url, ...patience }) }
  return known.transport
}

/** The sender of every mail. */
export const mailFrom = () => setting('BULKHEAD_MAIL_FROM')
