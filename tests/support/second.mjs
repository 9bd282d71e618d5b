// The second verifier for many logs in one process: a line {"log", "trust"} in, its verdict as a line out.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { verifyLog } = await import(pathToFileURL(process.argv[2]).href);

const readFile = (path) => {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code)) return null;
    throw error;
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const { log, trust } = JSON.parse(line);
  const verdict = verifyLog((name) => readFile(join(log, name)), trust === null ? null : readFile(trust));
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
