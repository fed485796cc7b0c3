type SmtpError = { code?: string; responseCode?: number; response?: string; message?: string }

/** Longest reply of a mail server that is kept. */
const KEPT = 200

/** The reply asks for other credentials than the settings have: the operator can mend that, and the mail can then be sent. */
const AUTHENTICATION_REQUIRED = 530

/** Whether the mail server has refused this mail permanently (RFC 5321, 4.2.1), so that sending it again would not help. */
export function isRefusal(error: unknown): boolean {
  const { code, responseCode = 0 } = error as SmtpError
  // Not for a refused connection or sign-in, which say nothing about this mail.
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  return isAboutMail && responseCode >= 500 && responseCode < 600 && responseCode !== AUTHENTICATION_REQUIRED
}

/** What the mail server answered, or why it could not be asked, in one line. */
export function replyOf(error: unknown): string {
  const { response, code, message } = error as SmtpError
  return (response ?? code ?? message ?? 'unknown')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, KEPT)
}
