import type { Adapter, AdapterPayload } from 'oidc-provider'

/** The storage of a test provider: in memory, and without expiry, because its entries carry their own. */
export function oidcMemory() {
  const stored = new Map<string, AdapterPayload>()
  const keys = (model: string) => [...stored.keys()].filter((key) => key.startsWith(`${model} `))
  return (model: string): Adapter => ({
    async upsert(id, payload) {
      stored.set(`${model} ${id}`, payload)
    },
    async find(id) {
      return stored.get(`${model} ${id}`)
    },
    async findByUid(uid) {
      const key = keys(model).find((one) => stored.get(one)!.uid === uid)
      return key === undefined ? undefined : stored.get(key)
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      stored.get(`${model} ${id}`)!['consumed'] = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      stored.delete(`${model} ${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const key of keys(model)) if (stored.get(key)!.grantId === grantId) stored.delete(key)
    },
  })
}
