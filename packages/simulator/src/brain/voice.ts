import type { Reading } from './read-request.js'

/** Who speaks: the simulator in a test, or the demo that a person meets before any account is set up. */
export type Voice = 'echo' | 'demo'

/** Longest stretch of the user's own text or of a tool's output that is repeated, in characters. */
const QUOTED = 600

/** The plain answer: says that nobody thought about it, what was seen, and (demo) what to do next. */
export function sayHello(voice: Voice, { userText, images, files }: Reading): string {
  const seen = [count(images, 'image'), count(files, 'file')].filter((text) => text !== '').join(' and ')
  const sight = seen === '' ? '' : ` I see ${seen}.`
  const quote = userText === '' ? '' : ` You wrote: “${shortened(userText)}”.`
  if (voice === 'echo') return `This is the Dragoman simulator, not a model.${sight}${quote}`
  return (
    `This is Dragoman's demo model: it works without an account and no real model has read your message.${sight}${quote}` +
    ' That you can read this means that your client and the gateway understand each other.' +
    ' For real answers, run `dragoman login` to add a ChatGPT account, and then choose another model.'
  )
}

/** The answer after tool calls: repeats what the tools gave. */
export function sayAfterTools(voice: Voice, outputs: Reading['outputs']): string {
  const told = outputs.map(({ text }) => `“${shortened(text)}”`).join(' and ')
  const what = outputs.length === 1 ? 'The tool returned' : 'The tools returned'
  if (voice === 'echo') return `${what} ${told}.`
  return (
    `This is Dragoman's demo model. Your client ran the call and sent back its result, so tool use works. ${what} ${told}.` +
    ' For real answers, run `dragoman login`.'
  )
}

/** What a reasoning summary says. */
export function thinking(voice: Voice): string {
  return voice === 'demo'
    ? '**Looking at the request**\n\nThe demo does not think; this text stands where a model would tell its thoughts.'
    : '**Reading the request**\n\nThe simulator does not think; it looks at what was asked and repeats it.'
}

function count(n: number, noun: string): string {
  return n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}`
}

function shortened(text: string): string {
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text
}
