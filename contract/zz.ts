import { openApiDocument as d } from './openapi.ts'
import { v1OpenApiDocument as v } from './v1/openapi.ts'
for (const doc of [d, v]) {
  const ps = Object.values(doc.paths).flatMap((m: any) => Object.values(m)) as any[]
  console.log(
    JSON.stringify(doc).length,
    Object.keys(doc.components.schemas).length,
    ps.length,
    ps.slice(0, 5).map((p) => p.operationId),
  )
  const params = ps.flatMap((p) => p.parameters.map((x: any) => [p.operationId, x]))
  console.log(
    params.length,
    params
      .filter(([, x]) => !x.description)
      .map(([o, x]) => `${o}:${x.in}:${x.name}`)
      .join(' '),
  )
  console.log(Object.keys(doc.components.schemas).join(' '))
}
