import { z } from 'zod'
import { Email, Name, Slug } from '#contract/common'
import { resetFactors } from '#domain/accounts/factors'
import { createUser } from '#domain/accounts/users'
import { command } from './command.ts'
import { getOrganization, getPerson } from './find.ts'
import { orgOption, roleOption, userOption } from './options.ts'
import { passwordFrom } from './password.ts'
import { createOrganization } from '#domain/organizations/organizations'
import { addOrganizationMember, grantOwner } from '#domain/organizations/members'

export const userCreate = command({
  name: 'user create',
  summary: 'Make a user',
  notes:
    'Without --password it is asked for on a terminal. A user without a password cannot sign in; tokens work for him all the same.',
  options: {
    email: { value: 'EMAIL', about: 'What he signs in with.', shape: Email },
    name: { value: 'NAME', about: 'What others see.', shape: Name },
    password: {
      value: 'PASSWORD',
      about: 'At least 12 characters; - reads it from stdin, which keeps it out of the shell’s history.',
      shape: z.string().optional(),
    },
  },
  async prepare({ email, name, password: given }) {
    const password = await passwordFrom(given)
    return async (db, { say }) => {
      await createUser(db, { email, name, password })
      say(password === undefined ? `${email} is there, without a password.` : `${email} is there and can sign in.`)
    }
  },
})

export const orgCreate = command({
  name: 'org create',
  summary: 'Make an organisation',
  options: {
    slug: { value: 'SLUG', about: 'Its name in URLs; it never changes.', shape: Slug },
    name: { value: 'NAME', about: 'What people see.', shape: Name },
    owner: { value: 'EMAIL', about: 'A user who becomes its owner.', shape: Email.optional() },
  },
  prepare:
    ({ slug, name, owner }) =>
    async (db, { say }) => {
      const person = owner === undefined ? undefined : await getPerson(db, owner)
      await createOrganization(db, { slug, name, owner: person })
      say(
        person
          ? `The organisation ${slug} is there; ${person.email} owns it.`
          : `The organisation ${slug} is there, without an owner yet.`,
      )
    },
})

export const orgAddMember = command({
  name: 'org add-member',
  summary: 'Add a user to an organisation',
  options: { org: orgOption, user: userOption, role: { ...roleOption, shape: roleOption.shape.default('member') } },
  prepare:
    ({ org: slug, user: email, role: given }) =>
    async (db, { say }) => {
      const organization = await getOrganization(db, slug)
      const person = await getPerson(db, email)
      await addOrganizationMember(db, organization, person, given)
      say(`${person.email} is ${given} of ${organization.slug}.`)
    },
})

export const grantOwnerCommand = command({
  name: 'grant-owner',
  summary: 'Make a user an owner of an organisation, member or not',
  notes: 'For when nobody is left who could. It shows in the audit log as done by the system, with this program’s name.',
  options: { org: orgOption, user: userOption },
  prepare:
    ({ org: slug, user: email }) =>
    async (db, { say }) => {
      const organization = await getOrganization(db, slug)
      const person = await getPerson(db, email)
      await grantOwner(db, organization, person)
      say(`${person.email} is owner of ${organization.slug}.`)
    },
})

export const resetFactorsCommand = command({
  name: 'user reset-factors',
  summary: 'Take away all second factors of a user',
  notes:
    'Break-glass, for whoever has lost app, passkeys and recovery codes: his password alone signs him in again. It shows in the audit log as done by the system, with this program’s name.',
  options: { email: { value: 'EMAIL', about: 'The user, by email.', shape: Email } },
  prepare:
    ({ email }) =>
    async (db, { say }) => {
      const person = await getPerson(db, email)
      const { totp, passkeys } = await resetFactors(db, person)
      if (!totp && passkeys === 0) return say(`${person.email} had no second factor.`)
      const keys = passkeys > 0 ? `${passkeys} ${passkeys === 1 ? 'passkey' : 'passkeys'}` : undefined
      const had = [totp ? 'an authenticator app' : undefined, keys].filter((one) => one !== undefined).join(' and ')
      say(`${person.email} had ${had}; now the password alone signs in.`)
    },
})
