import { randomBytes } from 'node:crypto'
import { Password } from '#contract/common'
import { cast, organization } from '#demo/cast'
import { isStaged, stageDemo } from '#demo/demo'
import { command } from './command.ts'

export const demo = command({
  name: 'demo',
  summary: 'Make a sample organisation to look around in',
  notes: `Fourteen people, three projects and some 400 entities under the slug ${organization.slug}. A second run changes nothing.`,
  options: {
    password: {
      value: 'PASSWORD',
      about: 'Everybody’s password; one is made up and printed when left out.',
      shape: Password.optional(),
    },
  },
  prepare:
    ({ password = randomBytes(9).toString('base64url') }) =>
    async (db, { print, say }) => {
      if (await isStaged(db)) return say(`The organisation ${organization.slug} is there already; nothing was changed.`)
      await stageDemo(db, password, say)
      say('')
      const people = Object.values(cast)
      const width = Math.max(...people.map(({ email }) => email.length))
      for (const { email, role } of people) print(`${email.padEnd(width)}  ${role}`)
      print(`Password of each: ${password}`)
    },
})
