/** The part of marked that the guides use, so that types can be checked where the package is not installed yet. */
declare module 'marked' {
  interface Parser {
    parseInline(tokens: unknown): string
  }

  export namespace Tokens {
    interface Heading {
      tokens: unknown
      depth: number
      text: string
    }
    interface Link {
      href: string
      tokens: unknown
    }
    interface Image {
      href: string
      text: string
    }
  }

  interface Renderer {
    html?: (token: { text: string }) => string
    heading?: (this: { parser: Parser }, token: Tokens.Heading) => string
    link?: (this: { parser: Parser }, token: Tokens.Link) => string
    image?: (token: Tokens.Image) => string
  }

  export class Marked {
    constructor(options: { renderer: Renderer; hooks: { postprocess: (html: string) => string } })
    parse(markdown: string, options: { async: false }): string
  }
}
