import { z } from 'zod'
import { printJson, printTable } from './output.ts'
import { allOf, orgOperand, projectOperand, remote } from './remote.ts'

export const projects = remote({
  name: 'projects',
  summary: 'List the projects of an organization',
  examples: ['projects acme', 'projects acme --search pay --json'],
  options: {
    org: orgOperand,
    search: { value: 'TEXT', about: 'Only those whose name or slug contains it.', shape: z.string().optional() },
  },
  async run({ client }, { org, search, json }, terminal) {
    const all = await allOf(
      client.each('projects.list', { path: { orgId: org }, query: { limit: 200, ...(search !== undefined && { q: search }) } }),
    )
    if (json) return printJson(terminal, all)
    printTable(
      terminal,
      all,
      [
        ['slug', ({ slug }) => slug],
        ['name', ({ name }) => name],
        ['created', ({ createdAt }) => createdAt],
      ],
      'No project.',
    )
  },
})

export const projectsCreate = remote({
  name: 'projects create',
  summary: 'Create a project, which you then own',
  examples: ['projects create acme/trial --name Trial', 'projects create acme/copy --name Copy --like trial'],
  options: {
    project: { ...projectOperand, about: 'The organization, and the slug of the new project.' },
    name: { value: 'NAME', about: 'The project’s name.', shape: z.string('is required') },
    like: {
      value: 'PROJECT',
      about: 'Take over the environments and the catalog of another project, without its data.',
      shape: z.string().optional(),
    },
  },
  async run({ client }, { project: [orgId, slug], name, like, json }, terminal) {
    const created = await client.call('projects.create', {
      path: { orgId },
      body: { name, slug, ...(like !== undefined && { cloneOf: like }) },
    })
    if (json) return printJson(terminal, created)
    terminal.say(`Created the project ${created.slug}.`)
    terminal.print(created.id)
  },
})
