import { type RequestOptions, get } from 'node:http'
import { isEverywhere } from '#config/config'
import { paths } from '#contract/paths'

/** Pages that anybody may open without a credential. */
const pages = [paths.login(), paths.docs, paths.guideOf('concepts')]

/**
 * Opens each page once. Next loads the code of a page when it is first asked for, which holds the event loop for up to 0.4 s:
 * better now, one after the other, than when many people arrive at once. A page that fails answers its first visitor itself.
 */
export async function warmUp(
  { host, port }: { host: string; port: number },
  way: Pick<RequestOptions, 'agent' | 'createConnection'> = {},
): Promise<void> {
  const to = { host: isEverywhere(host) ? 'localhost' : host, port, agent: false, timeout: 10_000, ...way }
  for (const path of pages)
    await new Promise<void>((resolve) => {
      const request = get({ ...to, path }, (response) => response.resume().once('close', resolve))
      request.once('timeout', () => request.destroy()).once('error', () => resolve())
    })
}
