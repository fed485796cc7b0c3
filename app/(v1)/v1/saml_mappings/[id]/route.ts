import { v1SamlMappingOperations } from '#contract/v1/saml-mappings'
import { noSamlMappings } from '#domain/v1/saml-mappings'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  PATCH: v1Endpoint(v1SamlMappingOperations.update, noSamlMappings),
  DELETE: v1Endpoint(v1SamlMappingOperations.delete, noSamlMappings),
})
