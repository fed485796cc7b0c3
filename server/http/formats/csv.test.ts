import { describe, expect, test } from 'vitest'
import { csvLine } from './csv.ts'

describe('csvLine', () => {
  test.for([
    [['plain', 1, true, null, undefined], 'plain,1,true,,'],
    [['a,b', 'a "b"', 'two\nlines', 'a\rb'], '"a,b","a ""b""","two\nlines","a\rb"'],
    [[{ a: 1 }, ['x']], '"{""a"":1}","[""x""]"'],
    [['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'], `'=1+1,'+1,'-1,'@SUM(A1),"'\tx","'\rx"`],
    [['\n=1', '\uFF1D1+1', '\uFF0B1', '\uFF0D1', '\uFF20SUM(A1)'], `"'\n'=1",'\uFF1D1+1,'\uFF0B1,'\uFF0D1,'\uFF20SUM(A1)`],
    [['=HYPERLINK("http://evil.test","x")'], `"'=HYPERLINK(""http://evil.test"",""x"")"`],
    [['a;=1+1', 'a\t=1+1', ';-1', 'a\n+1', 'a; @b', 'a;"=1"'], `"a;'=1+1","a\t'=1+1",";'-1","a\n'+1","a; '@b","a;""'=1"""`],
    [['\t=1', '=1;=2', '\u{1F600};\uFF1D1', 'a;;=1'], `"'\t'=1","'=1;'=2","\u{1F600};'\uFF1D1","a;;'=1"`],
    [['a;b', 'a\tb', 'x-1', 'mail;a=b'], `"a;b","a\tb",x-1,"mail;a=b"`],
    [[-1, 'a=b', ''], `-1,a=b,`],
  ] as const)('%j', ([values, line]) => {
    expect(csvLine(values)).toBe(`${line}\r\n`)
  })

  test.for([{ note: 'x;=1+1;y' }, { note: ';-1' }, { 'a;@b': ['\t=1', 'x; +1', '\uFF1D;\uFF1D'] }, { plain: 'a;b', n: -1 }])(
    'keeps the value of JSON that holds what a spreadsheet would run: %j',
    (value) => {
      const line = csvLine([value])
      expect(line).not.toMatch(/[;\t\r\n][ "]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/)
      expect(JSON.parse(line.trim().slice(1, -1).replaceAll('""', '"'))).toEqual(value)
    },
  )
})
