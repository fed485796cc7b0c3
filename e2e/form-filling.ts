import type { Locator, Page } from '@playwright/test'
import { password } from './people.ts'

const entityType = 'kind: EntityType\nname: hall\nstates: [open]\ninitialState: open\n'
let counter = 0

/** Waits until everything that a press requested has arrived. */
type Quiet = () => Promise<void>

/** A value that fits a field, by its label. */
function fitting(label: string, type: string): string {
  const typed = /^Type (.+) to confirm$/.exec(label)
  if (typed) return typed[1]!
  counter++
  if (type === 'password') return /new/i.test(label) ? 'tuesday apricot lantern' : password
  if (type === 'email' || /e-?mail/i.test(label)) return `walker.${counter}@elsewhere.test`
  if (type === 'datetime-local') return '2031-01-01T12:00'
  if (type === 'date') return '2031-01-01'
  if (/url/i.test(label)) return `https://siem.example.com/${counter}`
  if (/repository/i.test(label)) return `acme/walk-${counter}`
  if (/days|seconds|number/i.test(label)) return '30'
  if (/code/i.test(label)) return '000000'
  if (/document/i.test(label)) return entityType
  if (/label/i.test(label)) return 'team:walk'
  if (/address/i.test(label)) return '10.0.0.0/8'
  if (/properties|metadata|json/i.test(label)) return '{}'
  return `walk-${counter}`
}

/** Where the user types and chooses now: in the top dialog, or else on the page. */
async function top(page: Page): Promise<Locator> {
  const windows = page.getByRole('dialog').or(page.getByRole('alertdialog'))
  return (await windows.count()) > 0 ? windows.last() : page.getByRole('main')
}

const labelOf = (field: Locator) =>
  field.evaluate((element: HTMLInputElement) => {
    const by = element.getAttribute('aria-labelledby')?.split(' ') ?? []
    const texts = by.map((id) => document.getElementById(id)?.textContent ?? '')
    return (element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? texts.join(' ')).trim()
  })

const choices = ':is(button[role=combobox], [role=radio]):not([data-disabled], [aria-disabled=true])'

/** How many options of a list are tried, one after the other: there are four roles. */
const OFFERS = 4

/** The lists that decide who can do what: the role and the environment. */
async function decisive(form: Locator): Promise<Locator[]> {
  const all = await form.locator(choices).and(form.locator('button[role=combobox]')).all()
  const labels = await Promise.all(all.map(labelOf))
  return all.filter((_, i) => /^(New )?(role|environment)/i.test(labels[i]!))
}

/** The number of ways to fill a form: each role and environment, each radio. */
export async function variantsOf(page: Page): Promise<number> {
  const form = await top(page)
  const radios = await form.locator('[role=radio]:not([data-disabled])').count()
  return 1 + radios + (await decisive(form)).length * OFFERS
}

/** Fills the empty fields, then makes one other choice: the one with this index. */
export async function filled(page: Page, quiet: Quiet, variant: number): Promise<void> {
  const form = await top(page)
  const fields = form.locator('input:not([type=checkbox], [type=radio], [type=file], [aria-hidden=true]), textarea')
  for (const field of await fields.all()) {
    if (!(await field.isVisible()) || !(await field.isEditable())) continue
    const label = await labelOf(field)
    const isCombobox = (await field.getAttribute('role')) === 'combobox'
    if ((await field.inputValue()) !== '' && !/^(Name|Description|Document)$/.test(label)) continue
    if (isCombobox) await choose(page, quiet, field, 0)
    else await field.fill(fitting(label, (await field.getAttribute('type')) ?? 'text'))
  }
  for (const select of await form.locator('button[role=combobox]:has([data-placeholder])').all())
    await choose(page, quiet, select, 0)
  if (variant === 0) return
  const radios = await form.locator('[role=radio]:not([data-disabled])').all()
  if (variant <= radios.length) {
    await radios[variant - 1]!.click().catch(() => {})
    // The choice may have added a field.
    const empty = form.locator('input[role=combobox]:visible')
    for (const field of await empty.all()) await choose(page, quiet, field, 0)
    return
  }
  const nth = variant - radios.length - 1
  const select = (await decisive(form))[Math.floor(nth / OFFERS)]
  if (select) await choose(page, quiet, select, nth % OFFERS)
}

/** Opens a list and takes the option with this index. A multiple choice stays open until it is closed. */
async function choose(page: Page, quiet: Quiet, list: Locator, nth: number): Promise<void> {
  await list.click()
  await quiet()
  const options = page.locator('[role=option]:visible:not([data-disabled])')
  const count = await options.count()
  if (count > 0) await options.nth(Math.min(nth, count - 1)).click()
  await quiet()
  if (count === 0) await page.keyboard.press('Tab')
  else if ((await options.count()) > 0) await page.keyboard.press('Escape')
}
