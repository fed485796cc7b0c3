import { expect, expectNoViolations, test } from './fixtures.ts'

test(
  'shows one owner’s nuke to another without a reload, leads to the receipt, and marks the notice as read',
  { tag: '@nightly' },
  async ({ as, api, project, newcomer }) => {
    test.slow()
    const other = await newcomer()
    const page = await as(other)
    await api.post(`/orgs/acme/projects/${project.slug}/members`, { userId: other.id, role: 'owner' })
    await page.goto(project.paths.overview)
    const bell = (unread: number) =>
      page.getByRole('button', { name: unread === 0 ? 'Notices' : `Notices, ${unread} unread`, exact: true })
    await expect(bell(1)).toBeVisible()

    await api.delete(`${project.api}/nuke`)
    await expect(bell(2)).toBeVisible({ timeout: 40_000 })
    await bell(2).click()
    const panel = page.getByRole('dialog', { name: 'Notices' })
    const nuke = panel.getByRole('listitem').filter({ hasText: `nuked the project ${project.slug}` })
    await expect(nuke.getByText('olga.owner@acme.test')).toBeVisible()
    await expect(nuke.getByText('undo ends')).toBeVisible()
    await expect(panel.getByRole('listitem').filter({ hasText: `made ${other.email} an owner` })).toBeVisible()
    await expectNoViolations(page)

    await nuke.getByRole('link', { name: 'View receipt or undo' }).click()
    await expect(page).toHaveURL(/\/settings\/wipes\?wipe=/)
    await expect(page.getByRole('dialog', { name: 'Nuke' })).toBeVisible()
    await page.keyboard.press('Escape')
    await bell(1).click()
    await expect(nuke.getByRole('button', { name: 'Mark as unread' })).toBeVisible()
    await panel.getByRole('button', { name: 'Mark all as read' }).click()
    await expect(panel.getByText('Unread:')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(bell(0)).toBeVisible()
  },
)

test('fits the panel into 360 px, and says when there are no notices', async ({ as, newcomer }) => {
  const page = await as(await newcomer())
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/console/acme')
  await page.getByRole('button', { name: 'Notices', exact: true }).click()
  await expect(page.getByText('No notices yet')).toBeVisible()
  await expectNoViolations(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})
