"""The `[module-federation]` options."""

from __future__ import annotations

from pants.option.option_types import BoolOption, EnumOption, StrListOption, StrOption
from pants.option.subsystem import Subsystem
from pants.util.strutil import help_text, softwrap

from module_federation.options import Bundler, Mode, PlanErrors


class ModuleFederation(Subsystem):
    """Options that hold for the whole repository."""

    options_scope = "module-federation"
    name = "Module Federation"
    help = help_text(
        """
        Federated bundles for JavaScript and TypeScript: hosts, remotes, and what they share.
        """
    )

    mode = EnumOption(
        default=Mode.PRODUCTION,
        help=softwrap(
            """
            How bundles are made when a target does not say so in its `mode` field: `production`
            (minified) or `development` (readable, with the libraries' development builds).

            Example: `mode = "development"`
            """
        ),
    )
    bundler = EnumOption(
        default=Bundler.RSPACK,
        help=softwrap(
            """
            What makes bundles when a target does not say so in its `bundler` field: `rspack` or
            `webpack`. Both come from lockfiles of the plugin's own, and each is installed only when
            a target needs it. See `docs/bundlers.md`.

            Example: `bundler = "webpack"`
            """
        ),
    )
    policy_file = StrOption(
        default=None,
        help=softwrap(
            """
            A TOML file, relative to the build root, that says how packages are shared all over the
            repository. Without it the built-in presets decide alone. See `docs/sharing.md`.

            Example: `policy_file = "build-support/sharing.toml"`
            """
        ),
    )
    plan_errors = EnumOption(
        default=PlanErrors.REFUSE,
        help=softwrap(
            """
            What `package` and `run` do with a container whose federation plan has errors, such as a
            singleton whose version does not fit: `refuse` to build it, or build it and `warn`.
            `check` reports them as errors in either case. One kind of finding is better toned down
            in the policy file, and one finding silenced there with a reason; see
            `docs/findings.md`.

            Example: `plan_errors = "warn"`
            """
        ),
    )
    explain_rebuilds = BoolOption(
        default=False,
        help=softwrap(
            """
            Let `package` say why each container was built again since the last build in `dist`:
            which sources, installed packages, shared modules or options have changed. What a
            container was made from is kept for that in `dist/.module-federation/builds`. See
            `docs/incremental.md`.

            Example: `explain_rebuilds = true`, or `--module-federation-explain-rebuilds` for once.
            """
        ),
    )
    remotes_base_url = StrOption(
        default=None,
        help=softwrap(
            """
            Where a host finds its remotes when its own `remotes_base_url` field does not say so:
            each remote's folder (its output path below `dist`) is looked up below this address.

            By default a host looks beside itself: put the content of `dist` on one server and it
            works, whatever that server's address is.

            Example: `remotes_base_url = "https://static.example.com/shop"`
            """
        ),
    )
    allow_install_scripts = BoolOption(
        default=False,
        help=softwrap(
            """
            Let packages run their install scripts (`postinstall` and the like). Off by default:
            they run code of strangers, and seldom matter for a bundle.

            Example: `allow_install_scripts = true`
            """
        ),
    )
    bundler_directory = StrOption(
        default=None,
        help=softwrap(
            """
            A folder of the repository with a `package.json` and a `package-lock.json` that replace
            the plugin's own versions of the bundler (`@rspack/core`,
            `@module-federation/rspack`) and of the other JavaScript tools. Start from a copy of
            the plugin's own two files and of its `.npmrc`, which is also taken if the folder has
            none of its own. webpack's versions are replaced by a folder `webpack` in it with such
            files.

            Example: `bundler_directory = "3rdparty/bundler"`
            """
        ),
    )

    class EnvironmentAware(Subsystem.EnvironmentAware):
        """What the targets of Pants' environments can say differently, in fields such as
        `module_federation_node_search_paths`."""

        node_search_paths = StrListOption(
            default=["<PATH>"],
            help=softwrap(
                """
                Folders in which to look for Node.js and npm, in this order. `<PATH>` stands for the
                folders of the `PATH` environment variable; with remote execution, of the worker's.

                Example: `node_search_paths = ["/opt/node-22/bin", "<PATH>"]`
                """
            ),
        )
        extra_env_vars = StrListOption(
            default=[
                "NODE_EXTRA_CA_CERTS",
                "HTTP_PROXY",
                "HTTPS_PROXY",
                "NO_PROXY",
                "http_proxy",
                "https_proxy",
                "no_proxy",
            ],
            help=softwrap(
                """
                Environment variables that the installation of packages gets to see, as `NAME` (from
                your environment; with remote execution, from the worker's) or `NAME=value`. Nothing
                else of your environment or of your own `.npmrc` reaches it; a `.npmrc` beside the
                lockfile does.

                Example: `extra_env_vars.add = ["NPM_TOKEN"]`
                """
            ),
        )
