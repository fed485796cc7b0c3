import { createTransport, type Transporter } from 'nodemailer'

let known: { url: string; transport: Transporter } | undefined

/** The way out that `BULKHEAD_SMTP_URL` names; undefined when none is configured. */
export function mailTransport(): Transporter | undefined {
  const url = process.env['BULKHEAD_SMTP_URL']
  if (!url) return undefined
  if (known?.url !== url) known = { url, transport: createTransport({ url, connectionTimeout: 10_000 }) }
  return known.transport
}

/** The sender of every mail. */
export const mailFrom = () => process.env['BULKHEAD_MAIL_FROM'] || 'Bulkhead <no-reply@localhost>'
