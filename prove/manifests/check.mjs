// node check.mjs: reads Kubernetes objects as JSON, [[where, object], …], on the standard input and prints what the published
// schemas of their kinds refuse, as JSON.
import { text } from 'node:stream/consumers'
import * as apps from 'kubernetes-models/apps/v1'
import * as policy from 'kubernetes-models/policy/v1'
import * as core from 'kubernetes-models/v1'

const groups = { v1: core, 'apps/v1': apps, 'policy/v1': policy }

const problems = []
for (const [where, object] of JSON.parse(await text(process.stdin))) {
  const Kind = groups[object.apiVersion]?.[object.kind]
  try {
    if (!Kind) throw new Error(`there is no kind ${object.kind} in ${object.apiVersion}`)
    new Kind(object).validate()
  } catch (error) {
    problems.push(`${where}: ${error.message}`)
  }
}
process.stdout.write(JSON.stringify(problems))
