// node check.mjs: reads Kubernetes objects as JSON, [[where, object], …], on the standard input and prints what the published
// schemas of their kinds refuse, as JSON.
import { text } from 'node:stream/consumers'

/** The packages are there only while this is proven. @type {(version: string) => Promise<Record<string, any>>} */
const kindsOf = (version) => import(`kubernetes-models/${version}`)

/** @type {string[]} */
const problems = []
for (const [where, object] of JSON.parse(await text(process.stdin))) {
  const kinds = await kindsOf(object.apiVersion)
  try {
    if (!kinds[object.kind]) throw new Error(`there is no kind ${object.kind} in ${object.apiVersion}`)
    new kinds[object.kind](object).validate()
  } catch (error) {
    problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
process.stdout.write(JSON.stringify(problems))
