// Compares the answers that tests noted in a folder with the API documents: `compare-answers.ts FOLDER`. Prints each kind of
// deviation once, and ends with 1 when there is any.
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openApiDocument } from '#contract/openapi'
import { v1OpenApiDocument } from '#contract/v1/openapi'
import type { Noted } from './answers.ts'

type Described = {
  operationId: string
  responses: Record<string, { content?: Record<string, { schema?: object } | undefined> } | undefined>
}
type Route = { base: string; pattern: RegExp; parameters: number; methods: Record<string, Described | undefined> }

/** Any path may answer these: before an operation is found, and when the server itself fails. */
const ofNoOperation = new Set([
  'not_found',
  'method_not_allowed',
  'url_too_long',
  'headers_too_large',
  'expectation_failed',
  'length_required',
  'internal_error',
])

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true })
addFormats.default(ajv)
ajv.addFormat('base64', true)
ajv.addKeyword('components')

const documents = { 'https://org.test/': openApiDocument, 'https://v1.test/': v1OpenApiDocument }
const routes: Route[] = Object.entries(documents)
  .flatMap(([base, { paths, components }]) => {
    ajv.addSchema({ $id: base, components }, undefined, undefined, false)
    return Object.entries(paths).map(([path, methods]) => ({
      base,
      pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      parameters: path.split('{').length,
      methods: methods as Route['methods'],
    }))
  })
  // `/orgs/{orgId}/members` before `/{o}/{p}/members`.
  .toSorted((a, b) => a.parameters - b.parameters)

const compiled = new Map<object, ValidateFunction>()

function validatorOf(schema: object, base: string): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const placed = JSON.stringify(schema).replaceAll('"#/components/', `"${base}#/components/`)
  const made = ajv.compile(JSON.parse(placed) as object)
  compiled.set(schema, made)
  return made
}

/** How an answer deviates from its document; undefined when it does not, or belongs to no operation. */
function deviationOf({ method, path, status, type, text }: Noted): string | undefined {
  const verb = method.toLowerCase()
  const route = routes.find(({ pattern, methods }) => pattern.test(path) && methods[verb])
  const described = route?.methods[verb]
  if (!route || !described) return undefined
  const isJson = type.startsWith('application/json')
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined
  const code = (body as { code?: string } | undefined)?.code ?? ''
  if (ofNoOperation.has(code)) return undefined
  const response = described.responses[status]
  if (!response) return `${described.operationId}: ${status} ${code} is not described`
  const schema = response.content?.['application/json']?.schema
  if (!schema || body === undefined) return undefined
  const validate = validatorOf(schema, route.base)
  if (validate(body)) return undefined
  const [first] = validate.errors ?? []
  const what = first?.instancePath === '/code' ? `the code ${code}` : `${first?.instancePath} ${first?.message}`
  return `${described.operationId}: ${status} has ${what}`
}

const folder = process.argv[2]!
const deviations = new Set<string>()
let compared = 0
for (const file of readdirSync(folder)) {
  for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
    compared++
    const deviation = deviationOf(JSON.parse(line) as Noted)
    if (deviation !== undefined) deviations.add(deviation)
  }
}
for (const deviation of deviations) console.log(deviation)
console.log(`${compared} answers compared, ${deviations.size} kinds of deviation`)
process.exitCode = deviations.size > 0 || compared === 0 ? 1 : 0
