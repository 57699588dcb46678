/** The address of the folder that this bundle was loaded from, as the bundler knows it at run time. */
declare const __webpack_public_path__: string;

/** Where the application's files lie. Its routes start there, and its remotes are looked for from there. */
export const folder = new URL(__webpack_public_path__, document.baseURI);
