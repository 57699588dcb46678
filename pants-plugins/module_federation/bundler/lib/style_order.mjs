// Stylesheets that are loaded at run time go before styles that code has written into the page.

/**
 * Inserts style sheets before the first element that a selector finds, else at the end of the head.
 *
 * Backstage does so with a function of `CssExtractRspackPlugin` (@backstage/cli-module-build 0.1.8,
 * `insertBeforeJssStyles`). The bundlers' own support of style sheets has hooks instead.
 */
export class StylesBeforePlugin {
  constructor(selector) {
    this.insert = `document.head.insertBefore(link, document.head.querySelector(${JSON.stringify(selector)}));`;
  }

  apply(compiler) {
    const { RuntimePlugin, web } = compiler.webpack;
    compiler.hooks.thisCompilation.tap("StylesBeforePlugin", (compilation) => {
      if (RuntimePlugin) {
        // Rspack has no hook for the insertion. Its code inserts what is still to be attached.
        const { createLink } = RuntimePlugin.getCompilationHooks(compilation);
        createLink.tap("StylesBeforePlugin", (code) => `${code}\nneedAttach = false;\n${this.insert}\n`);
      } else {
        const { linkInsert } = web.CssLoadingRuntimeModule.getCompilationHooks(compilation);
        linkInsert.tap("StylesBeforePlugin", () => `if (needAttach) ${this.insert}`);
      }
    });
  }
}

/** The plugin, where a request asks for it. */
export function styleOrder({ stylesBefore }) {
  return stylesBefore ? [new StylesBeforePlugin(stylesBefore)] : [];
}
