import { expect, test } from 'vitest'
import { ConfigError } from '../config/index.js'
import { sayWhatIsWrong } from './say-what-is-wrong.js'

test('one line, without the stack', () => {
  expect(sayWhatIsWrong(new Error('the file\n  is gone'), false)).toBe('dragoman: the file is gone\n')
  expect(sayWhatIsWrong('just words', false)).toBe('dragoman: just words\n')
})

test('a line for each mistake of a configuration', () => {
  const problem = { where: 'config.yaml:1:1', key: 'server.port', message: 'no' }
  expect(sayWhatIsWrong(new ConfigError([problem, { ...problem, where: '$PORT' }]), false)).toBe(
    'dragoman: config.yaml:1:1: server.port: no\ndragoman: $PORT: server.port: no\n',
  )
})

test('the stack and the cause, when they are asked for', () => {
  const text = sayWhatIsWrong(new Error('outer', { cause: new Error('inner') }), true)
  expect(text).toMatch(/^dragoman: Error: outer\n {4}at /)
  expect(text).toContain('caused by Error: inner')
})

test('no secret and no control character, with the stack or without', () => {
  const error = new Error('refused sk-canarycanary \u001b[31m', { cause: new Error('Bearer canarycanary') })
  for (const stack of [true, false]) {
    expect(sayWhatIsWrong(error, stack)).not.toMatch(/canary/)
    expect(sayWhatIsWrong(error, stack)).not.toContain('\u001b')
  }
})
