import { decode } from 'next-auth/jwt'
import { isId } from '#domain/ids'

const names = ['__Secure-next-auth.session-token', 'next-auth.session-token']

/** next-auth cuts a long cookie into `.0`, `.1`, …; this puts it together again. */
function sessionToken(header: string): string | undefined {
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
  }
  for (const name of names) {
    const whole = cookies.get(name)
    if (whole) return whole
    let joined = ''
    for (let i = 0; cookies.has(`${name}.${i}`); i++) joined += cookies.get(`${name}.${i}`)
    if (joined) return joined
  }
  return undefined
}

/** The session that a request's cookie names; whether it still lives is for the database to say. Undefined for no or a forged cookie. */
export async function sessionIdOf(request: Request): Promise<string | undefined> {
  const header = request.headers.get('cookie')
  const token = header && sessionToken(header)
  const secret = process.env['NEXTAUTH_SECRET']
  if (!token || !secret) return undefined
  try {
    const payload = await decode({ token, secret })
    const id = payload?.['sid']
    return typeof id === 'string' && isId(id) ? id : undefined
  } catch {
    return undefined
  }
}
