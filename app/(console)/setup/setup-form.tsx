'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { FirstOwner } from '#contract/accounts/me'
import { Form } from '#components/form/form'
import { NameAndSlugFields } from '#components/form/name-and-slug'
import { NewPasswordField } from '#components/form/proof-field'
import { TextField } from '#components/form/text-field'
import { FormPage, MessagePage } from '#components/frame/public-page'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import { useSetUp } from '#queries/accounts/me'
import { useEnter } from '../_sign-in/use-enter.ts'

const defaultValues = { name: '', email: '', password: '', organizationName: '', organizationSlug: '' }

/** Maps the API's nested `slug` of the organization to this form's flat field. */
const placed = (details: readonly { path: string; message: string }[]) =>
  details.map(({ path, message }) => ({ path: path === 'slug' ? 'organizationSlug' : path, message }))

/** Creates the first owner and their organization, then signs them in. */
export function SetupForm({ token }: { token: string }) {
  const setUp = useSetUp()
  const enter = useEnter()
  const form = useForm({ resolver: zodResolver(FirstOwner), defaultValues })
  const { control } = form

  if (token === '' || setUp.error?.code === 'invalid_setup_token') return <WrongLink />
  if (setUp.error?.code === 'already_set_up') return <UsedLink />
  return (
    <FormPage title="Set up Bulkhead" description="Create the first owner and organization. This link works once.">
      <Form
        form={form}
        error={setUp.error && { message: setUp.error.message, code: setUp.error.code, details: placed(setUp.error.details) }}
        pending={setUp.isPending || setUp.isSuccess}
        submitLabel="Set up and sign in"
        onSubmit={(owner) => {
          const { email, password } = owner
          setUp.mutate(
            { ...owner, token },
            { onSuccess: ({ organizationSlug }) => enter({ email, password }, paths.projects(organizationSlug)) },
          )
        }}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form */}
        <TextField control={control} name="name" label="Your name" autoComplete="name" autoFocus />
        <TextField control={control} name="email" label="Email" type="email" autoComplete="username" />
        <NewPasswordField control={control} name="password" label="Password" />
        <NameAndSlugFields
          form={form}
          name={{ path: 'organizationName', label: 'Organization' }}
          slug={{
            path: 'organizationSlug',
            label: 'Organization slug',
            hint: 'A short name for URLs, such as acme in /console/acme. Can’t be changed later.',
          }}
        />
      </Form>
    </FormPage>
  )
}

function WrongLink() {
  return (
    <MessagePage title="This setup link is incorrect" action={<ButtonLink href={paths.login()}>Sign in</ButtonLink>}>
      Bulkhead prints the link when it starts, as long as nobody can sign in yet. Copy the whole link: it ends in{' '}
      <code>?token=</code> and 43 characters.
    </MessagePage>
  )
}

function UsedLink() {
  return (
    <MessagePage
      title="Bulkhead is already set up"
      action={
        <ButtonLink variant="primary" href={paths.login()}>
          Sign in
        </ButtonLink>
      }
    >
      This link worked once, for the first owner. To get an account, ask an admin for an invitation.
    </MessagePage>
  )
}
