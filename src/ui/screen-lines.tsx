// Finished lines on the screen: one Text per line, placed by a rectangle. A line that did not change is not drawn again.
import {Box, Text} from 'ink';
import {memo} from 'react';
import type {Rect} from './layout.ts';

const Line = memo(({text}: {readonly text: string}) => <Text wrap="truncate">{text === '' ? ' ' : text}</Text>);
Line.displayName = 'Line';

export const Lines = ({rect, lines}: {readonly rect: Rect; readonly lines: readonly string[]}) => (
  <Box position="absolute" left={rect.left} top={rect.top} width={rect.width} height={rect.height} flexDirection="column" overflow="hidden">
    {lines.slice(0, rect.height).map((text, row) => (
      // A line is its place on the screen, so its number is its key.
      <Line key={row} text={text} />
    ))}
  </Box>
);
