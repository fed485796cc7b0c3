import type { Adapter, AdapterPayload } from 'oidc-provider'

/** The storage of a test provider: in memory, and without expiry, because its entries carry their own. */
export function oidcMemory() {
  const kept = new Map<string, AdapterPayload>()
  const keys = (model: string) => [...kept.keys()].filter((key) => key.startsWith(`${model} `))
  return (model: string): Adapter => ({
    async upsert(id, payload) {
      kept.set(`${model} ${id}`, payload)
    },
    async find(id) {
      return kept.get(`${model} ${id}`)
    },
    async findByUid(uid) {
      const key = keys(model).find((one) => kept.get(one)!.uid === uid)
      return key === undefined ? undefined : kept.get(key)
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      kept.get(`${model} ${id}`)!['consumed'] = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      kept.delete(`${model} ${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const key of keys(model)) if (kept.get(key)!.grantId === grantId) kept.delete(key)
    },
  })
}
