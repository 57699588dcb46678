"""The sources of a front end: one target per file, one generator per package."""

from __future__ import annotations

import re
from typing import ClassVar, Sequence, Tuple

from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    InvalidFieldException,
    MultipleSourcesField,
    OverridesField,
    SingleSourceField,
    Target,
    TargetFilesGenerator,
    generate_file_based_overrides_field_help_message,
    generate_multiple_sources_field_help_message,
)
from pants.util.strutil import help_text, softwrap

from module_federation import file_types


class WebSourceDependenciesField(Dependencies):
    pass


class WebSourceField(SingleSourceField):
    expected_file_extensions: ClassVar[Tuple[str, ...]] = file_types.ALL

    @property
    def path(self) -> str:
        """The file, relative to the build root. `file_path` is a glob for it: Pants escapes what
        would be a pattern, such as the brackets of a router's `[id].tsx`."""
        return re.sub(r"\[([*?[])\]", r"\1", self.file_path)


class WebSourceTarget(Target):
    alias = "web_source"
    core_fields = (*COMMON_TARGET_FIELDS, WebSourceDependenciesField, WebSourceField)
    help = help_text(
        """
        One file of a web front end: TypeScript, JavaScript, CSS, JSON, an image or a font.

        Its dependencies are inferred from its imports.
        """
    )


class WebSourcesGeneratingSourcesField(MultipleSourcesField):
    expected_file_extensions: ClassVar[Tuple[str, ...]] = file_types.ALL
    default = (
        *(f"**/*{extension}" for extension in file_types.ALL),
        "!**/node_modules/**",
        "!**/dist/**",
        "!**/package.json",
        "!**/package-lock.json",
        "!**/tsconfig*.json",
        "!**/jsconfig.json",
        "!**/*.test.*",
        "!**/*.spec.*",
        "!**/*.stories.*",
        "!**/__tests__/**",
        "!**/__mocks__/**",
    )
    help = generate_multiple_sources_field_help_message(
        'Example: `sources=["src/**/*.ts", "src/**/*.tsx", "!src/**/*.test.ts"]`'
    )

    def validate_resolved_files(self, files: Sequence[str]) -> None:
        super().validate_resolved_files(files)
        if not files:
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `web_sources` target {self.address} has no file: nothing below
                    `{self.address.spec_path or "."}` matches its `{self.alias}`. To fix it: put
                    the target's BUILD file into the folder that holds `package.json`, or name the
                    files, for example `{self.alias}=["src/**/*.ts", "src/**/*.tsx"]`; if there is
                    nothing to own, remove the target.
                    """
                )
            )


class WebSourcesOverridesField(OverridesField):
    help = generate_file_based_overrides_field_help_message(
        WebSourceTarget.alias,
        """
        overrides={
            "src/worker.ts": {"dependencies": ["./data:tables"]},
            ("src/a.ts", "src/b.ts"): {"tags": ["generated"]},
        }
        """,
    )


class WebSourcesGeneratorTarget(TargetFilesGenerator):
    alias = "web_sources"
    core_fields = (
        *COMMON_TARGET_FIELDS,
        WebSourcesGeneratingSourcesField,
        WebSourcesOverridesField,
    )
    generated_target_cls = WebSourceTarget
    copied_fields = COMMON_TARGET_FIELDS
    moved_fields = (WebSourceDependenciesField,)
    help = help_text(
        """
        Generates a `web_source` target for each file of a package: TypeScript, JavaScript, CSS,
        JSON, images and fonts. Tests (`*.test.*`, `*.spec.*`, `__tests__`) and stories
        (`*.stories.*`) are left out by default.

        Example:

            package_json(name="package")
            web_sources()
        """
    )
