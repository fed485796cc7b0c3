import { Marked, type Tokens } from 'marked'

/** Where the links and pictures of one guide lead; undefined for a file that this server does not serve. */
export type UrlOf = (link: string) => string | undefined

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (character) => entities[character]!)

/** The anchor that GitHub gives to a heading, so that links work in both places. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

/** A guide as HTML. Markup inside its Markdown is shown as text. */
export function htmlOf(markdown: string, urlOf: UrlOf): string {
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escape(text),
      heading({ tokens, depth, text }: Tokens.Heading) {
        const id = anchorOf(text)
        return `<h${depth} id="${id}"><a href="#${id}">${this.parser.parseInline(tokens)}</a></h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        const url = urlOf(href)
        const text = this.parser.parseInline(tokens)
        return url === undefined ? text : `<a href="${escape(url)}">${text}</a>`
      },
      image: ({ href, text }: Tokens.Image) => `<img src="${escape(urlOf(href) ?? href)}" alt="${escape(text)}" />`,
    },
    hooks: {
      // What scrolls sideways must be reachable by keyboard.
      postprocess: (html) =>
        html
          .replaceAll('<table>', '<div class="guide-table" tabindex="0" role="group" aria-label="Table"><table>')
          .replaceAll('</table>', '</table></div>')
          .replaceAll('<pre>', '<pre tabindex="0">'),
    },
  })
  return marked.parse(markdown, { async: false })
}
