/** A browser's jar: next-auth's cookies by name. */
export type Jar = Map<string, string>

export const cookieOf = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

async function visit(origin: string, jar: Jar, path: string, form?: Record<string, string>) {
  const response = await fetch(origin + path, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { cookie: cookieOf(jar), origin, 'sec-fetch-site': 'same-origin' },
    ...(form && { body: new URLSearchParams(form) }),
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
  return (await response.json()) as Record<string, string>
}

/** Signs in the way the console does: next-auth's form, with its CSRF token. Without the right password the jar holds no session. */
export async function signIn(origin: string, email: string, password: string): Promise<Jar> {
  const jar: Jar = new Map()
  const { csrfToken = '' } = await visit(origin, jar, '/api/auth/csrf')
  await visit(origin, jar, '/api/auth/callback/credentials', { csrfToken, email, password, json: 'true' })
  return jar
}

export async function signOut(origin: string, jar: Jar): Promise<void> {
  const { csrfToken = '' } = await visit(origin, jar, '/api/auth/csrf')
  await visit(origin, jar, '/api/auth/signout', { csrfToken, json: 'true' })
}
