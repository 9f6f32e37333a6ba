import { startEmbeddedLab } from './embedded';
import { describeLab } from './lab-suite';

describe('embedded lab', () => describeLab(startEmbeddedLab));
