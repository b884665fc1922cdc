import type { ReplyMeta } from '../../../dialect.js'

/** What the translation of a reply may cost; each is said once. Pointers are into the pivot's response. */
export interface ReplyNotes {
  unknown(type: string, at: string): void
  citations(at: string): void
  refusal(at: string): void
  custom(at: string): void
  noObject(at: string): void
  cutCall(at: string): void
  morePictures(at: string): void
}

export function notesOf(about: ReplyMeta): ReplyNotes {
  const said = new Set<string>()
  const once = (what: 'dropped' | 'approximated' | 'emulated', why: string, pointer: string): void => {
    if (!said.has(why)) about.note?.({ pointer, what, why })
    said.add(why)
  }
  return {
    unknown: (type, at) => once('dropped', `an Ollama answer has no place for an item of type '${type}'`, at),
    citations: (at) => once('dropped', 'an Ollama answer has no place for citations; the text is as it was', at),
    refusal: (at) => once('approximated', 'an Ollama answer knows no refusals; its words stand in the content', at),
    custom: (at) => once('emulated', 'the free text of a custom tool stands in the argument `input`', at),
    noObject: (at) =>
      once(
        'approximated',
        'the model wrote no JSON object as arguments; its text stands in the argument `arguments`',
        at,
      ),
    cutCall: (at) => once('dropped', 'the call was cut before its arguments were whole', at),
    morePictures: (at) => once('dropped', 'an answer of /api/generate has one picture', at),
  }
}
