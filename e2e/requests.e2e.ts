import type { Request } from '@playwright/test'
import { createPersonalToken } from './api.ts'
import { expect, expectNoViolations, test } from './fixtures.ts'

test(
  'shows what a screen reads as commands that work, and asks for nothing itself',
  { tag: '@nightly' },
  async ({ as, project, request }) => {
    const page = await as('owner')
    const token = await createPersonalToken(page.context().request, project.org)
    for (const [path, part] of [
      [`${project.paths.members}?q=${encodeURIComponent("O'Neil & $(x)!")}`, `/members?q=`],
      [project.paths.audit, '/audit-events?'],
      [project.paths.member(project.userId('member')), `/members/${project.userId('member')}`],
    ] as const) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      const asked: string[] = []
      const note = (sent: Request) => void (sent.url().includes('/_next/') || asked.push(sent.url()))
      page.on('request', note)
      await page.getByRole('button', { name: 'API requests of this screen' }).click()
      const panel = page.getByRole('dialog', { name: 'API requests of this screen' })
      await expect(panel.getByRole('list', { name: 'Requests' })).toBeVisible()
      const commands = await panel.getByRole('list', { name: 'Requests' }).getByRole('region').allTextContents()
      page.off('request', note)
      expect(asked).toEqual([])
      expect(commands.join('\n')).toContain(part)
      for (const command of commands) {
        const url = /^curl "\$BULKHEAD(\/[^"$!`\\]*)" \\\n {2}-H "Authorization: Bearer \$TOKEN"$/.exec(command)?.[1]
        const answer = await request.get(url ?? command, { headers: { authorization: `Bearer ${token}` } })
        expect(answer.status(), command).toBe(200)
      }
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
    }
  },
)

test('opens the requests of a screen from the palette', async ({ as, project }) => {
  const page = await as('viewer')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(project.paths.overview)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Jump to' }).fill('curl')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'API requests of this screen' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})
