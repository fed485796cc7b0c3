// Lints both OpenAPI documents with Redocly's recommended rules. Prints each problem, and ends with 1 when there is any.
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { openApiDocument } from '../../contract/openapi.ts'
import { v1OpenApiDocument } from '../../contract/v1/openapi.ts'

const config = await createConfig({
  extends: ['recommended'],
  rules: {
    // A redirect of a browser is 303, and what this server does not have is 501.
    'operation-2xx-response': 'off',
    // The state of the server is answered to everybody.
    'operation-4xx-response': 'off',
  },
})
let problems = 0
for (const [name, document] of Object.entries({ openapi: openApiDocument, v1: v1OpenApiDocument })) {
  const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: `${name}.json`, config })
  problems += found.length
  for (const { ruleId, severity, message, location } of found)
    console.log(`${name}: ${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`)
}
console.log(`${problems} problems`)
process.exitCode = problems > 0 ? 1 : 0
