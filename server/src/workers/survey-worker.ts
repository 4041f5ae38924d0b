import { parentPort, workerData } from 'node:worker_threads';
import type { SurveyRequest } from '../core/import-use.ts';
import { surveyImports } from './survey-imports.ts';

/** Entry of the thread that reads sources for what they import. */
if (parentPort === null) throw new Error('this file is the entry of a worker thread');
parentPort.postMessage(surveyImports(workerData as SurveyRequest));
