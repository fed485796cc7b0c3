import type { ReactNode } from 'react'
import { Link } from '#components/ui/link'
import { paths } from '#contract/paths'
import { Prose } from './prose.tsx'
import { info } from './reference.ts'
import { ShellText } from './shell-text.tsx'

const start =
  'export BULKHEAD=https://bulkhead.example.com   # where this page is\nexport TOKEN=bhu_…                             # a personal token'

/** The rules common to all operations. */
export function Introduction() {
  return (
    <div className="max-w-170 pb-8">
      <h1 className="text-xl font-semibold tracking-tight">{info.title}</h1>
      <p className="mt-1 text-pretty text-muted">
        {info.description} Version {info.version}, as{' '}
        <Link href={paths.openApi} prefetch={false}>
          OpenAPI 3.1
        </Link>
        .
      </p>
      <Topic title="Start">
        <p>Create a token in the console, under Personal tokens or a project’s Tokens. The examples read two variables:</p>
        <ShellText label="Variables of the examples" text={start} />
      </Topic>
      <Topic title="Who is calling">
        <Prose>
          {
            'Send the token as `Authorization: Bearer …`; a project token may also come as `X-Project-Token`. What is missing, expired or revoked is 401. What a role or a scope does not include is 403. What the caller may not know of is 404.'
          }
        </Prose>
      </Topic>
      <Topic title="Paths">
        <Prose>
          {
            '`{orgId}` and `{o}` take an organisation’s id or slug, `{projectId}` and `{p}` a project’s. Both spellings of a resource that has two are the same resource.'
          }
        </Prose>
      </Topic>
      <Topic title="Lists">
        <Prose>
          {
            'A list is a bare array. `limit` is 1–200; the next page is in the header `Link: <…>; rel="next"`, and absent on the last one.'
          }
        </Prose>
      </Topic>
      <Topic title="Writing safely">
        <Prose>
          {
            'Reading one resource gives an `ETag`; send it back as `If-Match`, and a change made in between is 412. A POST with an `Idempotency-Key` can be repeated for 24 hours and happens once. An answer over 1 MiB is not kept: then the repetition is 409 `answer_not_kept`, and nothing is done again. The key means nothing to a dry run, to what concerns a session, and where no credential is needed.'
          }
        </Prose>
      </Topic>
      <Topic title="Errors">
        <Prose>
          {
            'Every answer from 400 on is `{ "error": "a sentence", "code": "snake_case", "details": […], "requestId": "…" }`. Besides those listed with it, any operation may answer 405, 413 (a body over 1 MiB), 415 (not JSON), 429 (too many requests: `Retry-After` says when, and `RateLimit` on every answer how many are left) and 503 (the database is away).'
          }
        </Prose>
      </Topic>
    </div>
  )
}

function Topic({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-5">
      <h2 className="font-semibold">{title}</h2>
      <div className="mt-0.5 text-pretty text-muted">{children}</div>
    </section>
  )
}
