import { v1SamlMappingOperations } from '#contract/v1/saml-mappings'
import { noSamlMappings } from '#domain/v1/saml-mappings'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1SamlMappingOperations.list, noSamlMappings),
  POST: v1Endpoint(v1SamlMappingOperations.create, noSamlMappings),
})
