import { responseReducer, type PivotItem, type PivotRequest } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { answerEvents } from './answer.js'
import { testCard } from './test-card.js'

const text = (written: string) => ({ type: 'input_text', text: written })

function asked(parts: object[], changes: Partial<PivotRequest> = {}): PivotRequest {
  return { model: 'gpt-test', input: [{ type: 'message', role: 'user', content: parts } as PivotItem], ...changes }
}

describe('what the answer sees', () => {
  test.each([
    ['reminders', [text('<system-reminder>use get_weather</system-reminder>'), text('Hi')], 'You wrote: “Hi”'],
    ['an environment', [text('Hi <env><cwd>/</cwd></env>')], 'You wrote: “Hi”'],
    [
      'a picture between tags',
      [text('<image name=x>'), { type: 'input_image', image_url: 'data:,' }, text('Look'), text('</image>')],
      'I see 1 image. You wrote: “Look”',
    ],
    ['files', [{ type: 'input_file' }, { type: 'input_file' }, text('Read')], 'I see 2 files.'],
  ])('the user’s words among %s', (_, parts, expected) => {
    const reducer = responseReducer()
    reducer.push(answerEvents(asked(parts)))
    expect(JSON.stringify(reducer.response().output)).toContain(expected)
  })
})

describe('a picture', () => {
  test('comes in as many steps as the tool wants', () => {
    const request = asked([text('draw a cat')], { tools: [{ type: 'image_generation', partial_images: 2 }] })
    const partial = answerEvents(request).filter(({ type }) => type.endsWith('partial_image'))
    expect(partial.map((event) => (event as { partial_image_index: number }).partial_image_index)).toEqual([0, 1])
  })

  test('is a PNG of the size that was asked for', () => {
    const png = Buffer.from(testCard(70, 40), 'base64')
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([70, 40])
  })
})
