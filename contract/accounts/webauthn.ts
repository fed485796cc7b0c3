import { z } from 'zod'

/** Bytes in base64url, as browsers send them. */
const Bytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]*$/, 'must be base64url')

const credential = {
  id: Bytes,
  rawId: Bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.looseObject({}),
}

/** The result of `navigator.credentials.create`, as JSON. */
export const RegisteredCredential = z.strictObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: Bytes,
    attestationObject: Bytes,
    transports: z.array(z.string().max(50)).max(10).optional(),
  }),
})
export type RegisteredCredential = z.infer<typeof RegisteredCredential>

/** The result of `navigator.credentials.get`, as JSON. */
export const PresentedCredential = z.strictObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Bytes.nullable().optional(),
  }),
})
export type PresentedCredential = z.infer<typeof PresentedCredential>

const Descriptor = z.object({ id: z.string(), type: z.string(), transports: z.array(z.string()).optional() })
const asked = {
  challenge: z.string(),
  timeout: z.int().optional(),
  extensions: z.object({ credProps: z.boolean().optional() }).optional(),
}

/** Options for the browser: `PublicKeyCredentialCreationOptionsJSON`. */
export const RegistrationOptions = z
  .object({
    ...asked,
    rp: z.object({ id: z.string().optional(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.int() })),
    excludeCredentials: z.array(Descriptor).optional(),
    authenticatorSelection: z
      .object({
        residentKey: z.string().optional(),
        requireResidentKey: z.boolean().optional(),
        userVerification: z.string().optional(),
      })
      .optional(),
    attestation: z.string().optional(),
  })
  .describe('For `navigator.credentials.create`.')

/** Options for the browser: `PublicKeyCredentialRequestOptionsJSON`. */
export const AuthenticationOptions = z
  .object({
    ...asked,
    rpId: z.string().optional(),
    allowCredentials: z.array(Descriptor).optional(),
    userVerification: z.string().optional(),
  })
  .describe('For `navigator.credentials.get`.')
