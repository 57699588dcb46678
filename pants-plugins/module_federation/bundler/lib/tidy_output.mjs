// Last touches on the emitted files, with either bundler.
import { sortManifest } from "./determinism.mjs";

/** Emits a stable `mf-manifest.json` and leaves out `mf-stats.json`, which no runtime reads. */
export class TidyOutputPlugin {
  apply(compiler) {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.thisCompilation.tap("TidyOutputPlugin", (compilation) => {
      compilation.hooks.processAssets.tap(
        // The federation plugin adds its files at PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER.
        { name: "TidyOutputPlugin", stage: Compilation.PROCESS_ASSETS_STAGE_REPORT },
        () => {
          compilation.deleteAsset("mf-stats.json");
          compilation.updateAsset("mf-manifest.json", (source) => {
            const manifest = JSON.parse(source.source().toString());
            sortManifest(manifest);
            return new sources.RawSource(`${JSON.stringify(manifest, null, 2)}\n`);
          });
        },
      );
    });
  }
}
