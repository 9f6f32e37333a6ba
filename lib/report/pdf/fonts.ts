import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type FontFile, parseFontFile } from './font-file';
import type { FontName } from './layout';

export type Fonts = Readonly<Record<FontName, FontFile>>;

// Beside the compiled code as beside the source: the build copies the folder.
const FOLDER = path.join(__dirname, '..', 'fonts');

let loaded: Promise<Fonts> | undefined;

/** The embedded fonts (DejaVu Sans); read once per process, when the first PDF is written. */
export function loadFonts(): Promise<Fonts> {
  loaded ??= readFonts().catch((thrown: unknown) => {
    loaded = undefined;
    throw thrown;
  });
  return loaded;
}

async function readFonts(): Promise<Fonts> {
  const [regular, bold] = await Promise.all([read('DejaVuSans.ttf'), read('DejaVuSans-Bold.ttf')]);
  return { regular, bold };
}

async function read(name: string): Promise<FontFile> {
  return parseFontFile(await readFile(path.join(FOLDER, name)));
}
