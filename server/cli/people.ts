import { z } from 'zod'
import { Name, Slug } from '#contract/common'
import { Email } from '#contract/email'
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
  summary: 'Create a user',
  notes: 'Without --password, a terminal prompts for one. A user without a password can’t sign in with one, but can use tokens.',
  options: {
    email: { value: 'EMAIL', about: 'The email address to sign in with.', shape: Email },
    name: { value: 'NAME', about: 'The name shown to others.', shape: Name },
    password: {
      value: 'PASSWORD',
      about: 'At least 12 characters. Use - to read it from stdin and keep it out of the shell’s history.',
      shape: z.string().optional(),
    },
  },
  async prepare({ email, name, password: given }) {
    const password = await passwordFrom(given)
    return async (db, { say }) => {
      await createUser(db, { email, name, password })
      say(password === undefined ? `Created ${email}, without a password.` : `Created ${email}. They can sign in now.`)
    }
  },
})

export const orgCreate = command({
  name: 'org create',
  summary: 'Create an organization',
  options: {
    slug: { value: 'SLUG', about: 'Used in URLs. Can’t be changed later.', shape: Slug },
    name: { value: 'NAME', about: 'The name shown to people.', shape: Name },
    owner: { value: 'EMAIL', about: 'The email address of the user who becomes its owner.', shape: Email.optional() },
  },
  prepare:
    ({ slug, name, owner }) =>
    async (db, { say }) => {
      const person = owner === undefined ? undefined : await getPerson(db, owner)
      await createOrganization(db, { slug, name, owner: person })
      say(
        person
          ? `Created the organization ${slug}, owned by ${person.email}.`
          : `Created the organization ${slug}, without an owner. Add one with grant-owner.`,
      )
    },
})

export const orgAddMember = command({
  name: 'org add-member',
  summary: 'Add a user to an organization',
  options: { org: orgOption, user: userOption, role: { ...roleOption, shape: roleOption.shape.default('member') } },
  prepare:
    ({ org: slug, user: email, role: given }) =>
    async (db, { say }) => {
      const organization = await getOrganization(db, slug)
      const person = await getPerson(db, email)
      await addOrganizationMember(db, organization, person, given)
      say(`${person.email} is now ${given} of ${organization.slug}.`)
    },
})

export const grantOwnerCommand = command({
  name: 'grant-owner',
  summary: 'Make a user an owner of an organization, whether or not they are a member',
  notes: 'Use this when no owner can sign in. The audit log records it as a change by the system, through this program.',
  options: { org: orgOption, user: userOption },
  prepare:
    ({ org: slug, user: email }) =>
    async (db, { say }) => {
      const organization = await getOrganization(db, slug)
      const person = await getPerson(db, email)
      await grantOwner(db, organization, person)
      say(`${person.email} is now owner of ${organization.slug}.`)
    },
})

export const resetFactorsCommand = command({
  name: 'user reset-factors',
  summary: 'Remove all second factors of a user',
  notes:
    'Use this for a user who has lost their authenticator app, passkeys and recovery codes. They can then sign in with their password alone. The audit log records it as a change by the system, through this program.',
  options: { email: { value: 'EMAIL', about: 'The user’s email address.', shape: Email } },
  prepare:
    ({ email }) =>
    async (db, { say }) => {
      const person = await getPerson(db, email)
      const { totp, passkeys } = await resetFactors(db, person)
      if (!totp && passkeys === 0) return say(`${person.email} had no second factor.`)
      const keys = passkeys > 0 ? `${passkeys} ${passkeys === 1 ? 'passkey' : 'passkeys'}` : undefined
      const had = [totp ? 'an authenticator app' : undefined, keys].filter((one) => one !== undefined).join(' and ')
      say(`Removed ${had} of ${person.email}. They can sign in with their password alone.`)
    },
})
