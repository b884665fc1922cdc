import { Text } from '@mantine/core'
import { CopyBlock } from '../../parts/copy.js'
import { splitFences } from './fences.js'
import classes from './playground.module.css'

/** What a model wrote: text with its line breaks, and code between fences. Nothing in it is ever markup. */
export function PlainText({ text }: { text: string }) {
  return (
    <>
      {splitFences(text).map((stretch, at) =>
        stretch.kind === 'code' ? (
          <CopyBlock key={at} code={stretch.text} />
        ) : (
          <Text key={at} className={classes.prose} component="div">
            {stretch.text}
          </Text>
        ),
      )}
    </>
  )
}
