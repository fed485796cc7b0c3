import { describe, expect, test } from 'vitest'
import { csvLine } from './csv.ts'

describe('csvLine', () => {
  test.for([
    [['plain', 1, true, null, undefined], 'plain,1,true,,'],
    [['a,b', 'a "b"', 'two\nlines', 'a\rb'], '"a,b","a ""b""","two\nlines","a\rb"'],
    [[{ a: 1 }, ['x']], '"{""a"":1}","[""x""]"'],
    [['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'], `'=1+1,'+1,'-1,'@SUM(A1),'\tx,"'\rx"`],
    [['\n=1', '\uFF1D1+1', '\uFF0B1', '\uFF0D1', '\uFF20SUM(A1)'], `"'\n=1",'\uFF1D1+1,'\uFF0B1,'\uFF0D1,'\uFF20SUM(A1)`],
    [['=HYPERLINK("http://evil.test","x")'], `"'=HYPERLINK(""http://evil.test"",""x"")"`],
    [[-1, 'a=b', ''], `-1,a=b,`],
  ] as const)('%j', ([values, line]) => {
    expect(csvLine(values)).toBe(`${line}\r\n`)
  })
})
