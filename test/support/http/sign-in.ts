/** A browser's jar: its cookies by name. */
export type Jar = Map<string, string>

export const cookieOf = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/** Stores the cookies that an answer sets, and drops those that it clears. */
export function keep(jar: Jar, response: { headers: Headers }): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
}

/** Tries to sign in as the console does, with the cookies of the jar. Answers the response. */
export async function trySignIn(origin: string, jar: Jar, email: string, password: string): Promise<Response> {
  const response = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { cookie: cookieOf(jar), origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  keep(jar, response)
  return response
}

/** With a wrong password, the jar holds no session. */
export async function signIn(origin: string, email: string, password: string): Promise<Jar> {
  const jar: Jar = new Map()
  await trySignIn(origin, jar, email, password)
  return jar
}

/** Signs out as the console does: next-auth's form, with its CSRF token. */
export async function signOut(origin: string, jar: Jar): Promise<void> {
  const headers = () => ({ cookie: cookieOf(jar), origin, 'sec-fetch-site': 'same-origin' })
  const csrf = await fetch(`${origin}/api/auth/csrf`, { headers: headers() })
  keep(jar, csrf)
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const body = new URLSearchParams({ csrfToken, json: 'true' })
  keep(jar, await fetch(`${origin}/api/auth/signout`, { method: 'POST', redirect: 'manual', headers: headers(), body }))
}
