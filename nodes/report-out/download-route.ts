import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ScanError } from '../../lib/model';
import { contentTypeOf, formatOfName, listReports, type ReportFormat } from '../../lib/report';

/** Where the reports of one node are served from. */
export interface ServedFolder {
  readonly directory: string;
  readonly basename: string;
}

/**
 * The folders by path, for each server. Express cannot take a route back, so a path gets one route for the life of
 * the process, which looks here whether a node still serves it.
 */
const routes = new WeakMap<object, Map<string, ServedFolder | undefined>>();

/** `/reports` from what the user typed. @throws ScanError BAD_OPTION */
export function servePath(text: string): string | undefined {
  const path = text.trim().replace(/^\/*|\/*$/g, '');
  if (path === '') return undefined;
  if (/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(path)) return `/${path}`;
  throw new ScanError('BAD_OPTION', {
    option: 'serve',
    reason: 'use letters, digits, - and _, for example /mqtt-scan-reports',
  });
}

/**
 * Serves the reports of a folder under a path of Node-RED's own HTTP server, behind its `httpNodeAuth`.
 * @returns stops serving
 * @throws ScanError BAD_OPTION when another node serves this path
 */
export function serveReports(RED: NodeAPI, path: string, folder: ServedFolder): () => void {
  const paths = routes.get(RED.httpNode) ?? new Map<string, ServedFolder | undefined>();
  routes.set(RED.httpNode, paths);
  if (paths.get(path) !== undefined) {
    throw new ScanError('BAD_OPTION', {
      option: 'serve',
      reason: `another report-out node serves ${path} already; reports of this one are written, but not served`,
    });
  }
  if (!paths.has(path)) {
    RED.httpNode.get(path, list(paths, path));
    RED.httpNode.get(`${path}/:name`, download(paths, path));
  }
  paths.set(path, folder);
  return () => {
    if (paths.get(path) === folder) paths.set(path, undefined);
  };
}

/** The address of a report for browsers, below Node-RED's own root. */
export function reportUrl(RED: NodeAPI, path: string, name: string): string {
  const root = String(RED.settings.httpNodeRoot || '/').replace(/\/*$/, '');
  return `${root}${path}/${name}`;
}

type Paths = ReadonlyMap<string, ServedFolder | undefined>;

function list(paths: Paths, path: string): RequestHandler {
  return (_request, response, next) => {
    const folder = paths.get(path);
    if (!folder) return next();
    listReports(folder.directory, folder.basename).then(
      (files) =>
        response.json(files.map(({ number, format, name, bytes }) => ({ number, format, name, bytes }))),
      next,
    );
  };
}

function download(paths: Paths, path: string): RequestHandler {
  return (request, response, next) => {
    const folder = paths.get(path);
    if (!folder) return next();
    sendReport(request, response, folder);
  };
}

/** Only names that this node itself would write exist here; nothing that a client sends becomes a path. */
function sendReport({ params }: Request, response: Response, { directory, basename }: ServedFolder): void {
  const name = String(params.name);
  const format = formatOfName(name, basename);
  if (format === undefined) {
    response.sendStatus(404);
    return;
  }
  lstat(join(directory, name)).then(
    // A link may lead out of the folder.
    (stats) => (stats.isFile() ? sendFile(response, directory, name, format) : response.sendStatus(404)),
    () => response.sendStatus(404),
  );
}

function sendFile(response: Response, directory: string, name: string, format: ReportFormat): void {
  response.set({
    'Content-Type': contentTypeOf(format),
    'Content-Disposition': `attachment; filename="${name}"`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-cache',
  });
  response.sendFile(name, { root: directory, dotfiles: 'deny' }, (error) => {
    if (!error || response.headersSent) return;
    response.removeHeader('Content-Disposition');
    response.sendStatus(404);
  });
}
