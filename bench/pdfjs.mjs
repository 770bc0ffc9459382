// The text of one-page PDFs as Firefox's pdf.js finds it: node pdfjs.mjs FOLDER-OF-PDFJS FILE... > JSON.
// [{"text": "…", "words": [["…", left, top, right, bottom]]}] for each file, in points from the upper
// left. "words" are pdf.js's items, runs of words; a line's end is "\n" in "text".
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [home, ...files] = process.argv.slice(2);
const build = join(home, "node_modules", "pdfjs-dist", "legacy", "build", "pdf.mjs");
console.warn = console.log = () => {}; // it misses the canvas, which reading does not need
globalThis.DOMMatrix ??= class {};
const { getDocument } = await import(pathToFileURL(build).href);

async function read(file) {
  const data = new Uint8Array(readFileSync(file));
  const document = await getDocument({ data, verbosity: 0 }).promise;
  const page = await document.getPage(1);
  const { items } = await page.getTextContent();
  const [left, , , top] = page.view;
  const words = items.filter((item) => item.str.trim()).map((item) => {
    const [, , , , x, y] = item.transform;
    return [item.str, x - left, top - y - item.height, x - left + item.width, top - y];
  });
  const text = items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
  await document.loadingTask.destroy();
  return { text, words };
}

const found = [];
for (const file of files) found.push(await read(file));
process.stdout.write(JSON.stringify(found));
