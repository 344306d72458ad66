// The evidence of one thing as a table over the blank lines that were left for it; it scrolls with the text around it.
import {Box, Text} from 'ink';
import {Table} from 'ink-table';
import type {ReactNode} from 'react';
import type {Rect} from './boxes.ts';
import type {EvidenceTable} from './dialogs/full-explanation.ts';
import {paint, plain} from './format.ts';
import type {Role, Theme} from './theme.ts';

interface Props {
  readonly table: EvidenceTable;
  readonly theme: Theme;
  /** The frame it stands in, borders included. */
  readonly frame: Rect;
  readonly scroll: number;
}

/** Only the bars between columns: a rule between all rows would double the height. */
const BAR = '│';

export const EvidenceTableView = ({table, theme, frame, scroll}: Props) => {
  const part =
    (role: Role) =>
    ({children}: {readonly children?: ReactNode}) => <Text wrap="truncate">{paint(theme, [plain(String(children ?? ''), role)])}</Text>;
  const skeleton = ({children}: {readonly children?: ReactNode}) =>
    children === BAR ? <Text>{paint(theme, [plain(theme.glyphs.vertical, 'border')])}</Text> : <Text />;
  return (
    <Box position="absolute" left={frame.left + 2} top={frame.top + 1} width={frame.width - 4} height={frame.height - 2} overflow="hidden">
      <Box position="absolute" left={0} top={table.at - scroll} flexShrink={0}>
        <Table data={[...table.rows]} header={part('dim')} cell={part('plain')} skeleton={skeleton} />
      </Box>
    </Box>
  );
};
