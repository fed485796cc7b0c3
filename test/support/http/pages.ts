import { expect } from 'vitest'
import type { Answer, Client, Who } from './client.ts'

/** Every page of a list, from this URL to the last one, along its `Link` headers. */
export async function* pagesOf<Row>(send: Client, who: Who, url: string): AsyncGenerator<Answer<Row[]>, void, undefined> {
  for (let next: string | undefined = url; next !== undefined;) {
    const page: Answer<Row[]> = await send<Row[]>(who, `GET ${next}`)
    expect(page.status, `${next}: ${page.text}`).toBe(200)
    const link = page.headers.get('link')
    next = /^<(\/[^>]+)>; rel="next"$/.exec(link ?? '')?.[1]
    expect(next === undefined, `${link}`).toBe(link === null)
    yield page
  }
}

/** The rows of all these pages, in their order. */
export async function rowsOf<Row>(send: Client, who: Who, url: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of pagesOf<Row>(send, who, url)) rows.push(...page.body)
  return rows
}
