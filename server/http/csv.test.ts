import { describe, expect, test } from 'vitest'
import { csvLine } from './csv.ts'

describe('csvLine', () => {
  test.for([
    [['plain', 1, true, null, undefined], 'plain,1,true,,'],
    [['a,b', 'a "b"', 'two\nlines', 'a\rb'], '"a,b","a ""b""","two\nlines","a\rb"'],
    [[{ a: 1 }, ['x']], '"{""a"":1}","[""x""]"'],
    [['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'], `'=1+1,'+1,'-1,'@SUM(A1),'\tx,"'\rx"`],
    [['=HYPERLINK("http://evil.test","x")'], `"'=HYPERLINK(""http://evil.test"",""x"")"`],
    [[-1, 'a=b', ''], `-1,a=b,`],
  ] as const)('%j', ([values, line]) => {
    expect(csvLine(values)).toBe(`${line}\r\n`)
  })
})
