import { randomBytes } from 'node:crypto'
import { Password } from '#contract/common'
import { cast, organization } from '#demo/cast'
import { assertForEverybody, isStaged, stageDemo } from '#demo/demo'
import { command } from './command.ts'

export const demo = command({
  name: 'demo',
  summary: 'Create a sample organization',
  notes: `Creates fourteen people, three projects and about 400 entities in the organization ${organization.slug}. A second run changes nothing.`,
  options: {
    password: {
      value: 'PASSWORD',
      about: 'The password of every sample user. Default: a random one, which is printed.',
      shape: Password.optional(),
    },
  },
  prepare: ({ password = randomBytes(9).toString('base64url') }) => {
    assertForEverybody(password)
    return async (db, { print, say }) => {
      if (await isStaged(db)) return say(`The organization ${organization.slug} already exists; nothing was changed.`)
      await stageDemo(db, password, say)
      say('')
      const people = Object.values(cast)
      const width = Math.max(...people.map(({ email }) => email.length))
      for (const { email, role } of people) print(`${email.padEnd(width)}  ${role}`)
      print(`Password of every user: ${password}`)
    }
  },
})
