import type { ReactNode } from 'react'
import { Link } from '#components/ui/link'
import { paths } from '#contract/paths'
import { Prose } from './prose.tsx'
import { info } from './reference.ts'
import { ShellText } from '#components/ui/shell-text'

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
      <Topic title="Get started">
        <p>Create a token in the console, under Personal tokens or under Tokens in a project. The examples use two variables:</p>
        <ShellText label="Variables of the examples" text={start} />
      </Topic>
      <Topic title="Authentication">
        <Prose>
          {
            'Send the token as `Authorization: Bearer …`; a project token may also come as `X-Project-Token`. A missing, expired or revoked token gets 401. An action outside the caller’s role or scope gets 403. Anything that the caller can’t see gets 404.'
          }
        </Prose>
      </Topic>
      <Topic title="Paths">
        <Prose>
          {
            '`{orgId}` and `{o}` take the id or slug of an organization, `{projectId}` and `{p}` those of a project. Where a resource has two paths, both lead to the same resource.'
          }
        </Prose>
      </Topic>
      <Topic title="Lists">
        <Prose>
          {
            'A list is a plain array. `limit` is 1–200; the header `Link: <…>; rel="next"` has the URL of the next page, and is absent on the last page.'
          }
        </Prose>
      </Topic>
      <Topic title="Safe writes">
        <Prose>
          {
            'Reading one resource returns an `ETag`. Send it back as `If-Match`: if somebody changed the resource in between, you get 412. A POST with an `Idempotency-Key` can be repeated for 24 hours and takes effect once. A response over 1 MiB is not stored: then a repetition gets 409 `answer_not_kept`, and nothing happens again. The key is ignored by dry runs, by operations on sessions, and where no credential is needed.'
          }
        </Prose>
      </Topic>
      <Topic title="Errors">
        <Prose>
          {
            'Every response with status 400 or above is `{ "error": "a sentence", "code": "snake_case", "details": […], "requestId": "…" }`. Besides the errors listed for it, any operation can return 405, 413 (a body over 1 MiB), 415 (not JSON), 429 (too many requests: `Retry-After` says when to retry, and `RateLimit` on every response how many requests are left) and 503 (the database is unavailable).'
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
