import type { ReplyMeta } from '../../../dialect.js'

/** What the translation of a reply may cost. Pointers are into the pivot's response. */
export interface ReplyNotes {
  unknown(type: string, at: string): void
  custom(at: string): void
  noObject(at: string): void
  picture(at: string): void
}

export function notesOf(about: ReplyMeta): ReplyNotes {
  return {
    unknown: (type, pointer) =>
      about.note?.({ pointer, what: 'dropped', why: `a message has no block for an item of type '${type}'` }),
    custom: (pointer) =>
      about.note?.({ pointer, what: 'emulated', why: 'the free text of a custom tool stands in the field `input`' }),
    noObject: (pointer) =>
      about.note?.({
        pointer,
        what: 'approximated',
        why: 'the model wrote no JSON object as input; its text stands in the field `arguments`',
      }),
    picture: (pointer) =>
      about.note?.({ pointer, what: 'emulated', why: 'a message has no pictures; it stands in the text as Markdown' }),
  }
}
