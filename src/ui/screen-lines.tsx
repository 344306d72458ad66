// Finished text on the screen: one Text per line, placed by a rectangle. A line that did not change is not drawn again.
import {Box, Text} from 'ink';
import {memo} from 'react';
import type {Rect} from './boxes.ts';
import type {Drawn} from './frame.ts';

const Line = memo(({text}: {readonly text: string}) => <Text wrap="truncate">{text === '' ? ' ' : text}</Text>);
Line.displayName = 'Line';

// Nothing is clipped: every line has been cut to its width, and clipping would measure each again for every frame.
const Column = ({rect, lines}: {readonly rect: Rect; readonly lines: readonly string[]}) => (
  <Box position="absolute" left={rect.left} top={rect.top} width={rect.width} height={rect.height} flexDirection="column">
    {lines.slice(0, rect.height).map((text, row) => (
      // A line is its place on the screen, so its number is its key.
      <Line key={row} text={text} />
    ))}
  </Box>
);

/** A bar of lines without a border. */
export const Lines = Column;

export const DrawnView = ({rect, drawn}: {readonly rect: Rect; readonly drawn: Drawn}) => {
  const {border, lines} = drawn;
  if (border === null) {
    return <Column rect={rect} lines={lines} />;
  }
  const {left, top, width, height} = rect;
  const inside = {left: left + 1, top: top + 1, width: width - 2, height: height - 2};
  const side = Array.from({length: inside.height}, () => border.side);
  return (
    <>
      <Column rect={{...rect, height: 1}} lines={[border.top]} />
      <Column rect={{...inside, left, width: 1}} lines={[side.join('\n')]} />
      <Column rect={inside} lines={lines} />
      <Column rect={{...inside, left: left + width - 1, width: 1}} lines={[side.join('\n')]} />
      <Column rect={{...rect, top: top + height - 1, height: 1}} lines={[border.bottom]} />
    </>
  );
};
