/** Writes the example flows that are made of shared parts: `npm run examples`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedExamples } from './examples';

for (const [file, text] of Object.entries(generatedExamples())) {
  writeFileSync(join(__dirname, '..', '..', 'examples', file), text);
}
