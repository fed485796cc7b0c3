/**
 * The tests that need no database, no other process and no thread: the project `pure`, which answers at once. `architecture.test.ts`
 * compares this list with what each test imports.
 */
export const pure = [
  '*.test.ts',
  'app/**/*.test.ts',
  'components/**/*.test.ts',
  'config/**/*.test.ts',
  'contract/**/*.test.ts',
  'queries/**/*.test.ts',
  'test/contract/released.test.ts',
  'test/docs/*.test.ts',
  'db/{expand-contract,shares}.test.ts',
  'db/queries/v1/registered.test.ts',
  'domain/*.test.ts',
  'domain/access/{address-ranges,allowed-addresses,intersection,permissions}.test.ts',
  'domain/accounts/{password-rules,pending-sign-in,totp,user-agent}.test.ts',
  'domain/limits/throttle.test.ts',
  'domain/tokens/text.test.ts',
  'domain/webhooks/addresses.test.ts',
  'server/backup/format.test.ts',
  'server/front/{limits,page-refusal,page-turns,route-table}.test.ts',
  'server/http/{body-store,ledger,spooled,turns}.test.ts',
  'server/http/compression/*.test.ts',
  'server/http/formats/*.test.ts',
  'server/http/parsing/{json-survey,overfull,pieces,scan-json}.test.ts',
  'server/jobs/mail/refusal.test.ts',
  'server/jobs/repeat.test.ts',
  'server/jobs/webhooks/{retry-after,send}.test.ts',
  'server/metrics/together.test.ts',
  'server/workers/*.test.ts',
]
