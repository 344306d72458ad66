// The version, from the package itself: the bundler puts it into the program. Data, pure.
import {version} from '../../package.json';

export const VERSION: string = version;
