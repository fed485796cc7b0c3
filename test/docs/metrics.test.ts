import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createMetrics } from '#server/metrics/metrics'
import { codeIn, section, tablesIn, textOf } from './markdown.ts'

const names = createMetrics({ pool: () => undefined }).names()
const own = names.filter((name) => name.startsWith('bulkhead_'))

/** The names that an expression of PromQL reads, without the endings of a histogram. */
const namesIn = (expression: string) =>
  [...expression.matchAll(/\b(bulkhead|nodejs|process)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))

type Rule = {
  alert: string
  expr: string
  for?: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}
const { groups } = parse(textOf('deploy/alerts.yaml')) as { groups: { name: string; rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)

type Panel = { title: string; type: string; targets?: { expr: string }[] }
const dashboard = JSON.parse(textOf('deploy/grafana-dashboard.json')) as { title: string; panels: Panel[] }
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

const balanced = (text: string) => {
  const open: string[] = []
  for (const letter of text.replaceAll(/"[^"]*"/g, '')) {
    if ('([{'.includes(letter)) open.push(letter)
    else if (')]}'.includes(letter) && open.pop() !== '([{'[')]}'.indexOf(letter)]) return false
  }
  return open.length === 0
}

describe('what reads the metrics names only those that exist', () => {
  test('deploy/grafana-dashboard.json', () => {
    expect(expressions.length).toBeGreaterThan(10)
    expect(expressions.flatMap(namesIn).filter((name) => !names.includes(name))).toEqual([])
    expect(expressions.filter((one) => namesIn(one).length === 0 || !balanced(one))).toEqual([])
  })

  test('deploy/alerts.yaml', () => {
    expect(rules.length).toBeGreaterThan(5)
    expect(rules.flatMap(({ expr }) => namesIn(expr)).filter((name) => !names.includes(name))).toEqual([])
    expect(rules.filter(({ expr }) => !balanced(expr))).toEqual([])
    for (const { alert, labels, annotations } of rules) {
      expect(['warning', 'critical'], alert).toContain(labels.severity)
      expect(annotations.summary, alert).toMatch(/\w/)
      expect(annotations.description, alert).toMatch(/\.$/)
    }
  })
})

test('docs/operations.md lists every metric of ours once, and no other', () => {
  const [table] = tablesIn(section(textOf('docs/operations.md'), 'Metrics'))
  expect(table!.rows.map(([name]) => codeIn(name!)!.replace(/\{.*$/, '')).toSorted()).toEqual(own.toSorted())
})

test('every metric of ours is on the dashboard', () => {
  const shown = new Set(expressions.flatMap(namesIn))
  expect(own.filter((name) => !shown.has(name))).toEqual([])
})
